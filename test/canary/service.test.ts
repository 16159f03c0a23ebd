import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { requestType } from '../../bench/checks/otlp-messages.ts'
import { ServiceProcess } from '../processor/service/service-process.ts'
import { OtlpReceiver } from '../processor/service/telemetry/otlp-receiver.ts'
import { type Canary, leaksIn } from './hunt.ts'

/** Distinct from each other in every four characters, so that each is found for itself. */
function canary(place: string, index: number, form: (text: string) => string = (text) => text): Canary {
  return { place, text: form(`cNry${index.toString(36).padStart(2, 'q')}Zx9K${(index * 7919).toString(36)}Vw`) }
}

const mail = (text: string) => `${text}@example.com`

const SEALED = {
  body: canary('an address in a body', 1, mail),
  attribute: canary('a value that a rule takes whole', 2),
  nested: canary('an address deep in a body that is a map', 3, mail),
  key: canary('an address as a key', 4, mail),
  resource: canary('an address in the resource', 5, mail),
  scope: canary('an address in the scope', 6, mail),
  bytes: canary('an address in bytes', 7, mail),
}
const MALFORMED = Object.fromEntries(
  [
    'json',
    'json key',
    'cut off',
    'protobuf',
    'protobuf key',
    'gzip',
    'zstd',
    'content type',
    'encoding',
    'path',
    'query',
    'method',
    'token',
    'header',
    'host',
    'first line',
    'chunk',
    'deep',
    'huge',
    'admin path',
    'admin host',
    'backend body',
    'backend header',
    'backend status',
    'metrics query',
    'traceparent',
  ].map((place, index) => [place, canary(place, 100 + index)]),
) as Record<string, Canary>
const text = (place: string): string => MALFORMED[place]!.text

const RULES = `rules:
  - {id: mails, detect: [email], path: ["**"], seal: {to: [security], text: whole}}
  - {id: names, key: ['^name$'], path: ["**"], seal: {to: [security]}}
`

const string = (stringValue: string) => ({ stringValue })
const VALID = {
  resourceLogs: [
    {
      resource: { attributes: [{ key: 'owner', value: string(SEALED.resource.text) }] },
      scopeLogs: [
        {
          scope: { name: 'app', attributes: [{ key: 'by', value: string(`by ${SEALED.scope.text}`) }] },
          logRecords: [
            {
              body: string(`user ${SEALED.body.text} paid`),
              attributes: [{ key: 'name', value: string(SEALED.attribute.text) }],
            },
            {
              body: {
                kvlistValue: {
                  values: [{ key: 'in', value: { arrayValue: { values: [string(SEALED.nested.text)] } } }],
                },
              },
              attributes: [
                { key: SEALED.key.text, value: string('x') },
                { key: 'raw', value: { bytesValue: Buffer.from(SEALED.bytes.text).toString('base64') } },
              ],
            },
          ],
        },
      ],
    },
  ],
}

/** Sends bytes as they are, and reads until the other side closes. */
function raw(address: string, bytes: string | Buffer): Promise<Buffer> {
  const [host, port] = address.split(':')
  return new Promise((resolve) => {
    const parts: Buffer[] = []
    const socket = connect(Number(port), host, () => socket.write(bytes))
    socket.on('data', (part) => parts.push(part))
    socket.on('error', () => {})
    socket.on('close', () => resolve(Buffer.concat(parts)))
  })
}

const http = (head: string, body: string | Buffer = '', method = 'POST', path = '/v1/logs') =>
  Buffer.concat([
    Buffer.from(
      `${method} ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: ${Buffer.byteLength(body)}\r\n${head}\r\n\r\n`,
    ),
    Buffer.from(body),
  ])
const JSON_TYPE = 'Content-Type: application/json'
const PROTOBUF_TYPE = 'Content-Type: application/x-protobuf'

function malformedRequests(): Buffer[] {
  const nested = `${'{"kvlistValue":{"values":[{"key":"k","value":'.repeat(80)}{"stringValue":"${text('deep')}"}${'}]}}'.repeat(80)}`
  const deep = `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":${nested}}]}]}]}`
  const encoded = Buffer.from(requestType.encode(requestType.fromObject(VALID)).finish())
  return [
    http(JSON_TYPE, `{"resourceLogs": ${text('json')}}`),
    http(JSON_TYPE, `{"resourceLogs":[{"${text('json key')}":,}]}`),
    http(JSON_TYPE, `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"${text('cut off')}`),
    http(PROTOBUF_TYPE, Buffer.concat([encoded.subarray(0, 60), Buffer.from(text('protobuf'))])),
    http(PROTOBUF_TYPE, Buffer.from(text('protobuf key'))),
    http(`${JSON_TYPE}\r\nContent-Encoding: gzip`, gzipSync(text('gzip')).fill(0, 12, 20)),
    http(`${JSON_TYPE}\r\nContent-Encoding: zstd`, text('zstd')),
    http(`Content-Type: ${text('content type')}/x`, '{}'),
    http(`${JSON_TYPE}\r\nContent-Encoding: ${text('encoding')}`, '{}'),
    http(JSON_TYPE, '{}', 'POST', `/${text('path')}`),
    http(JSON_TYPE, text('query'), 'POST', `/v1/logs?${text('query')}`),
    http(JSON_TYPE, '{}', text('method')),
    http(`${JSON_TYPE}\r\nAuthorization: Bearer ${text('token')}`, text('token')),
    http(`${JSON_TYPE}\r\nTraceparent: 00-${text('traceparent')}`, '{}'),
    http(`${JSON_TYPE}\r\nX-${text('header')}: ${text('header')}`, '{'),
    Buffer.from(`POST /v1/logs HTTP/1.1\r\nHost: ${text('host')}\r\nConnection: close\r\n\r\n`),
    Buffer.from(`${text('first line')}\r\n\r\n`),
    Buffer.from(
      `POST /v1/logs HTTP/1.1\r\nHost: a\r\n${JSON_TYPE}\r\nTransfer-Encoding: chunked\r\n\r\n${text('chunk')}\r\n`,
    ),
    http(JSON_TYPE, deep),
    http(
      JSON_TYPE,
      `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"${text('huge').repeat(300_000)}"}}]}]}]}`,
    ),
  ]
}

/** Answers with what must not be repeated, whatever it is asked. */
async function hostileBackend(): Promise<number> {
  let turn = 0
  const server = createServer((request, response) => {
    request.resume()
    request.on('end', () => {
      turn += 1
      response.writeHead([400, 503, 200, 301][turn % 4]!, text('backend status'), {
        'x-reason': text('backend header'),
        location: `http://${text('backend header')}/`,
      })
      response.end(JSON.stringify({ partialSuccess: { rejectedLogRecords: '1', errorMessage: text('backend body') } }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

test('no canary gets out of the service: not by its log, its files, its answers, its admin pages', async () => {
  const port = await hostileBackend()
  const telemetry = await OtlpReceiver.started()
  const service = await ServiceProcess.started({
    rules: RULES,
    telemetry: `{metrics: {otlp: {endpoint: "${telemetry.address}/v1/metrics", interval: 1s}}, traces: {sample: 1, otlp: {endpoint: "${telemetry.address}/v1/traces"}}}`,
    sinks: `{archive: {type: file, path: archive.jsonl}, backend: {type: otlp_http, endpoint: "http://127.0.0.1:${port}/", required: false, retry: {give_up: 0s}}}`,
  })
  const { 'sources.in': address, admin } = (await service.event('started')) as unknown as Record<string, string>
  const replies: Buffer[] = []
  const valid = [
    http(JSON_TYPE, JSON.stringify(VALID)),
    http(PROTOBUF_TYPE, Buffer.from(requestType.encode(requestType.fromObject(VALID)).finish())),
  ]
  for (const request of [...valid, ...malformedRequests(), ...valid, ...valid])
    replies.push(await raw(address!, request))
  // Each was answered, but the one whose first line is no HTTP may be cut off.
  expect(replies.filter((reply) => reply.length === 0).length).toBeLessThanOrEqual(1)
  expect(replies.filter((reply) => reply.toString().startsWith('HTTP/1.1 200')).length).toBe(7)

  for (const page of [
    '/status',
    '/readyz',
    '/livez',
    '/metrics',
    `/metrics?${text('metrics query')}`,
    `/${text('admin path')}`,
  ])
    replies.push(await raw(admin!, `GET ${page} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`))
  replies.push(await raw(admin!, `GET /status HTTP/1.1\r\nHost: ${text('admin host')}\r\nConnection: close\r\n\r\n`))
  service.child.kill('SIGTERM')
  await service.ended

  const everything = [...Object.values(SEALED), ...Object.values(MALFORMED)]
  // They do have something to tell.
  const names = new Set(telemetry.spans.map(({ name }) => name))
  expect([...names].sort()).toEqual(['export', 'process', 'receive', 'seal batch'])
  expect(
    telemetry
      .at('/v1/metrics')
      .map(({ body }) => body)
      .join(''),
  ).toContain('FIELDSEAL_SINK_')
  expect(Buffer.concat(replies).toString()).toContain('fieldseal_sealing_values_total')
  const places = new Map<string, Buffer>([
    ['answers', Buffer.concat(replies)],
    ['metrics and spans', Buffer.from(JSON.stringify(telemetry.requests))],
    ['standard error', Buffer.from(service.lines.join('\n'))],
    ['standard output', Buffer.from(service.output)],
    ...readdirSync(service.folder).map((name) => [name, readFileSync(join(service.folder, name))] as const),
  ])
  expect(places.get('archive.jsonl')!.toString().trimEnd().split('\n')).toHaveLength(7)
  for (const [where, bytes] of places)
    expect({ where, leaks: leaksIn(bytes, everything) }).toEqual({ where, leaks: [] })
})

test('the hunt over the same places finds a value that no rule seals, and one in a log line', async () => {
  const leak = canary('a body that no rule seals', 999)
  const service = await ServiceProcess.started({ rules: RULES })
  const { 'sources.in': address } = (await service.event('started')) as unknown as Record<string, string>
  const body = `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"${leak.text}"}}]}]}]}`
  await raw(address!, http(JSON_TYPE, body))
  service.child.kill('SIGTERM')
  await service.ended
  expect(leaksIn(readFileSync(join(service.folder, 'archive.jsonl')), [leak])).toEqual([
    { place: leak.place, encoding: 'as it is' },
  ])
  expect(leaksIn(Buffer.from(JSON.stringify({ event: 'x', message: leak.text })), [leak])).not.toEqual([])
})
