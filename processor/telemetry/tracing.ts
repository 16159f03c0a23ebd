import {
  type Attributes,
  type Context,
  isSpanContextValid,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api'

/** The spans of a batch in the service, by name. Their attributes are numbers, codes, and names of the configuration. */
export const SPANS = {
  receive: SpanKind.SERVER,
  process: SpanKind.INTERNAL,
  'seal batch': SpanKind.INTERNAL,
  export: SpanKind.CLIENT,
} as const satisfies Record<string, SpanKind>

/** One of them, while it lasts. */
export interface Spanned {
  readonly span: Span
  /** What is a part of it has this as its parent. */
  readonly context: Context
}

let tracer: Tracer | undefined

/** Says who gets spans from now on. The service does, where traces are configured; a program that embeds us never. */
export function setTracer(to: Tracer | undefined): void {
  tracer = to
}

/** W3C Trace Context, "traceparent Header Field Values"; of later versions the part that this one has. */
const TRACEPARENT = /^(?!ff)([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/
const LONGEST_TRACEPARENT = 512

/**
 * Begins the span of a batch that has come.
 *
 * @param traceparent - as the client has sent it; what it should not be is left out
 * @param arrived - milliseconds since 1970
 * @returns undefined where there are no traces.
 */
export function spanOfBatch(
  traceparent: string | undefined,
  arrived: number | undefined,
  attributes: Attributes,
): Spanned | undefined {
  if (tracer === undefined) return undefined
  return begin('receive', contextOf(traceparent), attributes, arrived)
}

/** Begins a span within another. Of what is not sampled there are no parts: the parent itself is given back. */
export function spanWithin(parent: Spanned | undefined, name: keyof typeof SPANS, attributes: Attributes) {
  if (parent === undefined || !parent.span.isRecording()) return parent
  return begin(name, parent.context, attributes)
}

/**
 * Ends a span that `spanWithin` or `spanOfBatch` has begun.
 *
 * @param parent - of which it is a part; undefined for the first
 * @param code - of the error, where something failed
 */
export function endSpan(spanned: Spanned | undefined, parent: Spanned | undefined, code?: string): void {
  if (spanned === undefined || spanned === parent) return
  try {
    if (code !== undefined) {
      spanned.span.setAttribute('error.type', code)
      spanned.span.setStatus({ code: SpanStatusCode.ERROR })
    }
    spanned.span.end()
  } catch {
    // A fault of an exporter must not decide whether a batch passes.
  }
}

/** What whoever gets a request is told of the span that it comes from. */
export function traceparentOf(spanned: Spanned | undefined): string | undefined {
  if (spanned === undefined) return undefined
  const { traceId, spanId, traceFlags } = spanned.span.spanContext()
  return `00-${traceId}-${spanId}-${(traceFlags & 0xff).toString(16).padStart(2, '0')}`
}

function begin(name: keyof typeof SPANS, parent: Context, attributes: Attributes, startTime?: number) {
  try {
    const options = { kind: SPANS[name], attributes, ...(startTime === undefined ? {} : { startTime }) }
    const span = tracer?.startSpan(name, options, parent)
    return span === undefined ? undefined : { span, context: trace.setSpan(parent, span) }
  } catch {
    return undefined
  }
}

function contextOf(traceparent: string | undefined): Context {
  if (traceparent === undefined || traceparent.length > LONGEST_TRACEPARENT) return ROOT_CONTEXT
  const [, version, traceId = '', spanId = '', flags = '', more] = TRACEPARENT.exec(traceparent) ?? []
  const spanContext = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true }
  // Version 00 ends with its flags.
  if (!isSpanContextValid(spanContext) || (version === '00' && more !== undefined)) return ROOT_CONTEXT
  return trace.setSpanContext(ROOT_CONTEXT, spanContext)
}
