import { trace } from '@opentelemetry/api'
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { endSpan, setTracer, spanOfBatch, spanWithin, traceparentOf } from '../../../processor/telemetry/tracing.ts'
import { openAs, seal } from '../engine/fixtures.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const PARENT = `00-${TRACE}-b7ad6b7169203331-01`

const exporter = new InMemorySpanExporter()
const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] })
beforeEach(() => setTracer(provider.getTracer('test')))
afterEach(() => {
  setTracer(undefined)
  trace.disable()
  exporter.reset()
})

test('a batch whose client has sent a context is a part of its trace, and so is what is sent on', () => {
  const receive = spanOfBatch(PARENT, 1_700_000_000_000, { 'fieldseal.source': 'in' })
  const sent = spanWithin(receive, 'export', {})
  expect(traceparentOf(sent)).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`))
  endSpan(sent, receive, 'FIELDSEAL_SINK_UNAVAILABLE')
  endSpan(receive, undefined)
  const [first, second] = exporter.getFinishedSpans()
  expect(first).toMatchObject({
    name: 'export',
    attributes: { 'error.type': 'FIELDSEAL_SINK_UNAVAILABLE' },
    status: { code: 2 },
    parentSpanContext: { spanId: second!.spanContext().spanId },
  })
  expect(second).toMatchObject({
    name: 'receive',
    startTime: [1_700_000_000, 0],
    parentSpanContext: { spanId: 'b7ad6b7169203331', isRemote: true },
  })
})

test.each([
  'x',
  `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
  `00-${TRACE}-${'0'.repeat(16)}-01`,
  `ff-${TRACE}-b7ad6b7169203331-01`,
  `00-${TRACE}-b7ad6b7169203331-01-more`,
  PARENT.toUpperCase(),
  `${PARENT}, ${PARENT}`,
])('a context that is none begins a trace of its own: %s', (traceparent) => {
  const receive = spanOfBatch(traceparent, undefined, {})
  expect(receive!.span.spanContext().traceId).not.toBe(TRACE)
  endSpan(receive, undefined)
  expect(exporter.getFinishedSpans()[0]!.parentSpanContext).toBeUndefined()
})

test('a later version is read as far as this one goes', () => {
  const receive = spanOfBatch(`cc-${TRACE}-b7ad6b7169203331-01-what-the-future-holds`, undefined, {})
  expect(traceparentOf(receive)).toContain(TRACE)
})

test('whatever a client sends, nothing but ids of the right form goes on', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string().map((text) => `${PARENT}-${text}`),
      ),
      (traceparent) => {
        const sent = traceparentOf(spanOfBatch(traceparent, undefined, {}))
        expect(sent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/)
      },
    ),
  )
})

test('without a tracer there is no span, and nothing goes on', () => {
  setTracer(undefined)
  const receive = spanOfBatch(PARENT, 1, {})
  expect(receive).toBeUndefined()
  expect(spanWithin(receive, 'export', {})).toBeUndefined()
  expect(traceparentOf(receive)).toBeUndefined()
})

test('opening a batch is a span of the program, without a value', () => {
  trace.setGlobalTracerProvider(provider)
  openAs(['security'], seal([{ id: 'a', key: '^a$', seal: { to: 'security' } }], '{"a":"canary"}\n'))
  expect(() => openAs(['security'], Buffer.from('{"canary'), 'otlp-json')).toThrow()
  const [opened, failed] = exporter.getFinishedSpans()
  expect(opened).toMatchObject({
    name: 'open',
    attributes: { 'fieldseal.format': 'json-lines', 'fieldseal.opened': 1 },
  })
  expect(failed).toMatchObject({ attributes: { 'error.type': 'FIELDSEAL_INPUT_MALFORMED' }, events: [] })
  expect(JSON.stringify([opened!.attributes, failed!.attributes, failed!.status])).not.toContain('canary')
})
