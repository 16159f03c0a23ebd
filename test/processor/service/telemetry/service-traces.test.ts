import { Client, credentials, Metadata } from '@grpc/grpc-js'
import { expect, test } from 'vitest'
import { requestType } from '../../../../bench/checks/otlp-messages.ts'
import { ServiceProcess } from '../service-process.ts'
import { OtlpReceiver, type ReceivedSpan } from './otlp-receiver.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const LOGS = { resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: 'jane@example.com' } }] }] }] }

async function start(traces: (receiver: OtlpReceiver) => string, source?: string) {
  const receiver = await OtlpReceiver.started()
  const service = await ServiceProcess.started({
    telemetry: traces(receiver),
    ...(source === undefined ? {} : { source }),
    sinks: `{archive: {type: file, path: archive.jsonl}, backend: {type: otlp_http, endpoint: "${receiver.address}/v1/logs"}}`,
  })
  const { 'sources.in': address } = (await service.event('started')) as unknown as Record<string, string>
  const post = async (headers: Record<string, string>, body = JSON.stringify(LOGS)) => {
    const all = { 'content-type': 'application/json', connection: 'close', ...headers }
    const response = await fetch(`http://${address}/v1/logs`, { method: 'POST', headers: all, body })
    await response.arrayBuffer()
    return response.status
  }
  return { receiver, service, address: address!, post }
}

const sampled = (sample: number) => (receiver: OtlpReceiver) =>
  `{traces: {sample: ${sample}, otlp: {endpoint: "${receiver.address}/v1/traces"}}}`

function attributesOf({ attributes }: ReceivedSpan): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))
}

test('a batch is received, processed, sealed and exported in the trace of its client, which the backend is told of', async () => {
  const { receiver, service, post } = await start(sampled(0))
  expect(await post({ traceparent: `00-${TRACE}-b7ad6b7169203331-01` })).toBe(200)
  // The client has decided otherwise, and here nobody is sampled who has no parent.
  expect(await post({ traceparent: '00-1af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00' })).toBe(200)
  expect(await post({})).toBe(200)
  service.child.kill('SIGTERM')
  await service.ended
  const { spans } = receiver
  expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([TRACE]))
  const named = (name: string) => spans.filter((span) => span.name === name)
  expect(spans.map(({ name }) => name).sort()).toEqual(['export', 'export', 'process', 'receive', 'seal batch'])
  const [receive] = named('receive')
  const [process] = named('process')
  expect(receive!.parentSpanId).toBe('b7ad6b7169203331')
  expect(process!.parentSpanId).toBe(receive!.spanId)
  for (const part of [...named('seal batch'), ...named('export')]) expect(part.parentSpanId).toBe(process!.spanId)
  expect([receive!.kind, process!.kind, named('export')[0]!.kind]).toEqual([2, 1, 3])
  expect(attributesOf(receive!)).toMatchObject({
    'fieldseal.source': 'in',
    'fieldseal.format': 'otlp-json',
    'fieldseal.records': 1,
  })
  const toBackend = named('export').find((span) => attributesOf(span)['fieldseal.sink'] === 'backend')!
  const [first, second, third] = receiver.at('/v1/logs')
  expect(first!.headers.traceparent).toBe(`00-${TRACE}-${toBackend.spanId}-01`)
  expect(second!.headers.traceparent).toMatch(/^00-1af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-00$/)
  expect(third!.headers.traceparent).toMatch(/-00$/)
  expect(JSON.stringify(spans)).not.toContain('example.com')
})

test('what is refused says by which code', async () => {
  const { receiver, service, post } = await start(sampled(1))
  expect(await post({}, '{"resourceLogs":[')).toBe(400)
  service.child.kill('SIGTERM')
  await service.ended
  const { spans } = receiver
  expect(spans.map(({ name }) => name).sort()).toEqual(['process', 'receive', 'seal batch'])
  for (const span of spans) {
    expect(attributesOf(span)['error.type']).toBe('FIELDSEAL_INPUT_MALFORMED')
    expect(span.status?.code).toBe(2)
  }
})

test('over gRPC the context comes and goes as metadata', async () => {
  const { receiver, service, address } = await start(sampled(0), 'type: otlp_grpc, listen: "127.0.0.1:0"')
  const client = new Client(address, credentials.createInsecure())
  const metadata = new Metadata()
  metadata.set('traceparent', `00-${TRACE}-b7ad6b7169203331-01`)
  const message = Buffer.from(requestType.encode(requestType.fromObject(LOGS)).finish())
  await new Promise<void>((resolve, reject) => {
    const asItIs = (bytes: Buffer) => bytes
    const method = '/opentelemetry.proto.collector.logs.v1.LogsService/Export'
    client.makeUnaryRequest(method, asItIs, asItIs, message, metadata, (error) => (error ? reject(error) : resolve()))
  })
  client.close()
  service.child.kill('SIGTERM')
  await service.ended
  expect(receiver.at('/v1/logs')[0]!.headers.traceparent).toContain(TRACE)
  expect(receiver.spans.map(({ name }) => name)).toContain('receive')
})

test('where traces are not configured nothing is sent, and no header goes on', async () => {
  const { receiver, service, post } = await start(() => '{}')
  expect(await post({ traceparent: `00-${TRACE}-b7ad6b7169203331-01` })).toBe(200)
  service.child.kill('SIGTERM')
  await service.ended
  expect(receiver.at('/v1/traces')).toEqual([])
  expect(receiver.at('/v1/logs')[0]!.headers).not.toHaveProperty('traceparent')
})
