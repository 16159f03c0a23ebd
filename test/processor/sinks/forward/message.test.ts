import { gunzipSync } from 'node:zlib'
import { ExtData, encode } from '@msgpack/msgpack'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { OutgoingBatch, Sink } from '../../../../processor/sinks/sink.ts'
import { outgoing } from '../suite.ts'
import { ACCEPTED, entry, FORWARD, forwardBatch, logsOf, startedSink, TIME } from './fixtures.ts'
import { FluentServer, type Received } from './server.ts'

let server: FluentServer
let sink: Sink

beforeEach(async () => {
  server = await FluentServer.listen()
})

afterEach(async () => {
  await sink.close()
  await server.close()
})

async function through(batch: OutgoingBatch, given = {}): Promise<Received> {
  sink = await startedSink([server.endpoint], given)
  const before = Buffer.from(batch.bytes)
  expect(await sink.send(batch)).toEqual(ACCEPTED)
  expect(batch.bytes.equals(before)).toBe(true)
  return server.received[0]!
}

const RECORDS = [
  { log: 'grüße 😀', n: 1, deep: { list: [1, [2, { x: null }]], bytes: new Uint8Array([0, 255]) } },
  {},
  { log: 'x'.repeat(70_000), f: 0.5, big: 2 ** 40, neg: -5 },
]
const ENTRIES = RECORDS.map((record) => entry(record))
const PACKED = Buffer.concat(ENTRIES)

/** PackedForward whose entries are a str of 32 bits, as Fluentd sends them: bytes that are no UTF-8. */
function packedAsText(entries: Uint8Array, option?: object): Buffer {
  const header = Buffer.from([0xdb, 0, 0, 0, 0])
  header.writeUInt32BE(entries.length, 1)
  const rest = option === undefined ? Buffer.alloc(0) : encode(option)
  return Buffer.concat([Buffer.from([option === undefined ? 0x92 : 0x93]), encode('app'), header, entries, rest])
}

/** Forward mode with headers of 32 bits, as Fluent Bit sends them. */
function wideForward(): Buffer {
  const entries = Buffer.from([0xdd, 0, 0, 0, ENTRIES.length])
  const option = Buffer.concat([Buffer.from([0xdf, 0, 0, 0, 1]), encode('size'), encode(3)])
  return Buffer.concat([Buffer.from([0xdd, 0, 0, 0, 3]), encode('app'), entries, PACKED, option])
}

describe.each(['none', 'gzip'] as const)('compression: %s', (compression) => {
  test.each<[string, OutgoingBatch, number]>([
    ['PackedForward', forwardBatch(['app', PACKED, { size: 3 }], 3), 3],
    ['PackedForward as a str', outgoing(packedAsText(PACKED, { size: 3, compressed: 'text' }), FORWARD), 1],
    ['PackedForward without an option', outgoing(packedAsText(PACKED), FORWARD), 1],
    ['PackedForward with the option nil', forwardBatch(['app', PACKED, null], 3), 3],
    ['Forward', forwardBatch(['app', RECORDS.map((record) => [TIME, record])], 1), 3],
    ['Forward with wide headers', outgoing(wideForward(), FORWARD), 3],
    ['Forward with an option', forwardBatch(['app', RECORDS.map((record) => [TIME, record]), { chunk: 'theirs' }]), 3],
    ['a tag as bytes', forwardBatch([Buffer.from('app'), PACKED], 3), 3],
  ])('%s becomes PackedForward with the same bytes', async (_, batch, size) => {
    const { tag, elements, entries, option } = await through(batch, { compression })
    expect(tag).toBe('app')
    expect(elements).toHaveLength(3)
    expect(PACKED.equals(entries)).toBe(true)
    const chunk = expect.stringMatching(/^[A-Za-z0-9+/]{22}==$/)
    expect(option).toEqual({ size, chunk, ...(compression === 'gzip' ? { compressed: 'gzip' } : {}) })
    expect(logsOf(entries)).toEqual(RECORDS.map(({ log }) => log))
  })

  test.each<[string, unknown]>([
    ['EventTime', TIME],
    ['seconds', 1_795_000_000],
    ['milliseconds', 1_795_000_000_123.5],
    ['no time', 0],
    ['64 bits', 2n ** 40n],
  ])('Message mode with %s becomes an entry', async (_, time) => {
    const bytes = Buffer.from(encode(['app', time, RECORDS[0]], { useBigInt64: true }))
    const { elements, entries, option } = await through(outgoing(bytes, FORWARD), { compression })
    expect(elements).toHaveLength(3)
    expect(Buffer.from(encode([time, RECORDS[0]], { useBigInt64: true })).equals(entries)).toBe(true)
    expect(option.size).toBe(1)
  })
})

test('gzip has one member', async () => {
  const { elements } = await through(forwardBatch(['app', PACKED], 3), { compression: 'gzip' })
  const compressed = Buffer.from(elements[1] as Uint8Array)
  expect(gunzipSync(compressed).equals(PACKED)).toBe(true)
  expect(compressed.indexOf(Buffer.from([0x1f, 0x8b, 0x08]), 1)).toBe(-1)
})

test('metadata of one event stays in the option, where receivers look for it, and the event in Message mode', async () => {
  const metadata = { otlp: { severity_number: 9 } }
  const batch = forwardBatch(['app', TIME, RECORDS[0], { chunk: 'theirs', metadata, fluent_signal: 0 }])
  const { elements, entries, option } = await through(batch, { compression: 'gzip' })
  expect([elements.length, elements[0]]).toEqual([4, 'app'])
  expect(Buffer.concat([encode(TIME), encode(RECORDS[0])]).equals(entries)).toBe(true)
  expect(option).toEqual({ size: 1, chunk: expect.not.stringMatching('theirs'), metadata, fluent_signal: 0 })
})

test('metadata and markers of groups within entries stay where they are', async () => {
  const start = new ExtData(0, Buffer.from('ffffffff00000000', 'hex'))
  const entries = [
    [[start, { schema: 'otlp', resource_id: 0 }], { resource: { attributes: { a: 1 } } }],
    [[TIME, { otlp: { trace_id: new Uint8Array(16) } }], RECORDS[0]],
  ]
  const { entries: sent } = await through(forwardBatch(['app', entries], 1))
  expect(Buffer.concat(entries.map((event) => encode(event))).equals(sent)).toBe(true)
})

test('options that are not ours are passed on as they are', async () => {
  const theirs = { fluent_signal: 0, tenant: { id: [1, 'a'] }, größe: true }
  const batch = forwardBatch(['app', PACKED, { size: 99, ...theirs, chunk: 'theirs', compressed: 'text' }], 3)
  expect((await through(batch)).option).toEqual({ size: 3, chunk: expect.any(String), ...theirs })
})

test('a tag that is set stands for the one that came', async () => {
  expect((await through(forwardBatch(['app', PACKED], 3), { tag: 'versiegelt.ü' })).tag).toBe('versiegelt.ü')
})

test('without acknowledgements there is no chunk', async () => {
  sink = await startedSink([server.endpoint], { require_ack: false })
  expect(await sink.send(forwardBatch(['app', PACKED], 3))).toEqual(ACCEPTED)
  while (server.received.length === 0) await new Promise((resolve) => setImmediate(resolve))
  expect(server.received[0]?.option).toEqual({ size: 3 })
})

test('each chunk has an id of its own, of 16 random bytes', async () => {
  sink = await startedSink([server.endpoint])
  const batches = Array.from({ length: 50 }, () => forwardBatch(['app', PACKED], 3))
  for (const settlement of await Promise.all(batches.map((batch) => sink.send(batch))))
    expect(settlement).toEqual(ACCEPTED)
  const ids = server.received.map(({ option }) => option.chunk as string)
  expect(new Set(ids).size).toBe(50)
  expect(ids.every((id) => Buffer.from(id, 'base64').length === 16)).toBe(true)
})

test.each<[string, Buffer]>([
  ['nothing', Buffer.alloc(0)],
  ['no array', Buffer.from(encode({ a: 1 }))],
  ['a tag alone', Buffer.from(encode(['app']))],
  ['a tag that is none', Buffer.from(encode([1, PACKED]))],
  ['a time without a record', Buffer.from(encode(['app', 1]))],
  ['too many elements', Buffer.from(encode(['app', PACKED, {}, {}]))],
  ['an option that is none', Buffer.from(encode(['app', PACKED, 5]))],
  ['an option with a number for a key', Buffer.from([0x93, 0xa1, 0x61, 0xc4, 0, 0x81, 1, 1])],
  ['compressed entries', Buffer.from(encode(['app', PACKED, { compressed: 'gzip' }]))],
  ['a compression that is none', Buffer.from(encode(['app', PACKED, { compressed: 1 }]))],
  ['two messages', Buffer.concat([encode(['app', PACKED]), encode(['app', PACKED])])],
  ['half of one', Buffer.from(encode(['app', RECORDS.map((record) => [TIME, record])])).subarray(0, -1)],
  ['a bomb', Buffer.alloc(72_000, Buffer.from([0xdc, 0xff, 0xff]))],
])('%s is refused for good, and says nothing of the endpoint', async (_, bytes) => {
  sink = await startedSink([server.endpoint])
  const settlement = await sink.send(outgoing(bytes, FORWARD))
  expect(settlement).toMatchObject({ outcome: 'refused', error: { name: 'FieldsealError', retryable: false } })
  expect(sink.status()).toEqual({ healthy: true, sending: 0 })
  expect(server.sockets).toEqual([])
})

test('whatever a message holds arrives, in PackedForward', async () => {
  sink = await startedSink([server.endpoint])
  const leaf = fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.double(), fc.boolean(), fc.constant(null))
  const record = fc.dictionary(
    fc.string({ minLength: 1 }).filter((key) => key !== '__proto__'),
    leaf,
  )
  const time = fc.oneof(fc.constant(TIME), fc.nat(), fc.double())
  const mode = fc.constantFrom('message', 'forward', 'packed')
  await fc.assert(
    fc.asyncProperty(fc.string(), mode, fc.array(fc.tuple(time, record), { maxLength: 20 }), async (tag, how, list) => {
      const events = how === 'message' ? [list[0] ?? [TIME, {}]] : list
      const stream = Buffer.concat(events.map((event) => encode(event)))
      const message =
        how === 'message' ? [tag, ...events[0]!] : how === 'forward' ? [tag, events, { a: 1 }] : [tag, stream]
      const before = server.received.length
      expect(await sink.send(forwardBatch(message, events.length))).toEqual(ACCEPTED)
      const sent = server.received[before]!
      expect([sent.tag, sent.option.size]).toEqual([tag, events.length])
      expect(stream.equals(sent.entries)).toBe(true)
    }),
    { numRuns: 200 },
  )
})
