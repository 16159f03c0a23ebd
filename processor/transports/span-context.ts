/** Fields that loggers are given by instrumentation. */
export const SPAN_FIELDS: readonly string[] = ['trace_id', 'span_id', 'trace_flags']

interface SpanContext {
  readonly traceId: string
  readonly spanId: string
  readonly traceFlags: number
}

/** The context of the span in which a record was logged, where its fields have the form of W3C Trace Context. */
export function spanContextOf(fields: Readonly<Record<string, unknown>>): SpanContext | undefined {
  const { trace_id: traceId, span_id: spanId, trace_flags: flags } = fields
  if (typeof traceId !== 'string' || typeof spanId !== 'string') return undefined
  if (!/^[0-9a-f]{32}$/i.test(traceId) || !/^[0-9a-f]{16}$/i.test(spanId)) return undefined
  const traceFlags = Number.parseInt(String(flags ?? '0'), 16) & 0xff
  return { traceId: traceId.toLowerCase(), spanId: spanId.toLowerCase(), traceFlags }
}
