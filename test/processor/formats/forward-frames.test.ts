import { EventEmitter, once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { FluentClient } from '@fluent-org/logger'
import fluentLogger from 'fluent-logger'
import { beforeAll, describe, expect, test } from 'vitest'
import { mutateBytes } from '../../fuzz/byte-mutations.ts'
import { readForward } from '../../fuzz/forward-message.ts'
import {
  arr,
  eventTime,
  float,
  int,
  map,
  nil,
  type Pack,
  PackReader,
  str,
  writePack,
} from '../../fuzz/message-pack-tree.ts'
import { coded } from '../../fuzz/oracles.ts'
import { Random } from '../../fuzz/random.ts'
import { EVERYONE, engineFor, openAs } from '../engine/fixtures.ts'

const MAIL = 'jane@example.com'
const RECORD = { message: `of ${MAIL}`, user: MAIL, n: 5, nested: { list: [MAIL, true, null, 1.5] } }

/** What a client sends in one connection, message by message. */
async function captured(send: (port: number) => Promise<void>): Promise<Buffer[]> {
  const chunks: Buffer[] = []
  const server = createServer((socket) => socket.on('data', (chunk) => chunks.push(chunk)))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const gone = once(server, 'connection').then(([socket]) => once(socket, 'close'))
  await send((server.address() as AddressInfo).port)
  await gone
  server.close()
  const bytes = Buffer.concat(chunks)
  const reader = new PackReader(bytes)
  const messages: Buffer[] = []
  while (!reader.isAtEnd) {
    const start = reader.at
    reader.value()
    messages.push(bytes.subarray(start, reader.at))
  }
  return messages
}

function fluentOrgLogger(eventMode: 'Message' | 'Forward' | 'PackedForward', milliseconds = false): Promise<Buffer[]> {
  return captured(async (port) => {
    const client = new FluentClient('app', { eventMode, milliseconds, socket: { host: '127.0.0.1', port } })
    await Promise.all([client.emit('a', RECORD), client.emit('a', { log: 'nothing' })])
    await client.shutdown()
  })
}

function otherLogger(options: object): Promise<Buffer[]> {
  return captured(async (port) => {
    const quiet = Object.assign(new EventEmitter(), { info: () => {}, error: () => {} })
    const sender = fluentLogger.createFluentSender('app', {
      host: '127.0.0.1',
      port,
      internalLogger: quiet,
      ...options,
    })
    await new Promise<void>((resolve) => sender.end('a', RECORD, () => resolve()))
  })
}

const wide = (pack: Pack): Pack => ({ ...pack, wide: 3 }) as Pack
const TIME = eventTime(1_700_000_000, 123)
const record = map({
  message: str(`of ${MAIL}`),
  user: str(MAIL),
  n: int(5),
  nested: map({ list: arr(str(MAIL), nil, float(1.5)) }),
})
const single = (pack: Pack): Promise<Buffer[]> => Promise.resolve([writePack(pack)])

/** What real clients send (as captured from them, or as they write it where they are no npm package). */
const CLIENTS: Readonly<Record<string, () => Promise<Buffer[]>>> = {
  '@fluent-org/logger in Message mode': () => fluentOrgLogger('Message'),
  '@fluent-org/logger in Forward mode': () => fluentOrgLogger('Forward'),
  '@fluent-org/logger in PackedForward mode': () => fluentOrgLogger('PackedForward'),
  '@fluent-org/logger with milliseconds': () => fluentOrgLogger('PackedForward', true),
  'fluent-logger in Message mode': () => otherLogger({ eventMode: 'Message' }),
  'fluent-logger in PackedForward mode': () => otherLogger({ eventMode: 'PackedForward' }),
  'fluent-logger with milliseconds': () => otherLogger({ eventMode: 'Message', milliseconds: true }),
  'Fluent Bit 5, with metadata and no option': () =>
    single(arr(str('dummy.0'), wide(arr(arr(arr(TIME, map({})), record))))),
  'Fluent Bit 5 with acknowledgements': () =>
    single(
      arr(
        str('dummy.0'),
        wide(arr(arr(arr(TIME, map({})), record))),
        wide(map({ chunk: str('p8n9gmxTQVC8'), size: int(1) })),
      ),
    ),
  'Fluent Bit 5 with groups, from OTLP': () =>
    single(
      arr(
        str('v1_logs'),
        wide(
          arr(
            arr(
              arr(eventTime(0xffffffff), map({ schema: str('otlp'), resource_id: int(0), scope_id: int(0) })),
              map({
                resource: map({ attributes: map({ owner: str(MAIL) }) }),
                scope: map({ name: str('lib'), version: str('1'), attributes: map({}) }),
              }),
            ),
            arr(
              arr(
                TIME,
                map({
                  otlp: map({
                    observed_timestamp: int(0),
                    timestamp: int(2n ** 60n),
                    severity_number: int(9),
                    severity_text: str('INFO'),
                    attributes: map({ mail: str(MAIL) }),
                    trace_flags: int(1),
                  }),
                }),
              ),
              map({ log: str(`of ${MAIL}`) }),
            ),
            arr(arr(eventTime(0xfffffffe), map({})), map({})),
          ),
        ),
      ),
    ),
  'Fluentd 1.13, with a str32': () =>
    single(
      arr(
        str('app.log'),
        { kind: 'stream', items: [arr(TIME, record), arr(TIME, map({ log: str('nothing') }))], as: 'text', wide: 3 },
        map({ size: int(2), compressed: str('text'), chunk: str('bm9uZSBvZiB0aGVtIA==\n') }),
      ),
    ),
  'python3-fluent-logger with nanoseconds': () => single(arr(str('app.a'), TIME, record)),
  'Docker 18, with a nil option': () => single(arr(str('docker'), int(1_700_000_000), record, nil)),
}

const engine = engineFor([
  { id: 'mails', detect: 'email', path: '**', seal: { to: 'all' } },
  { id: 'users', path: 'attributes.user', seal: { to: 'dpo', layout: 'record' } },
  { id: 'lists', path: 'attributes.nested', seal: { to: 'fraud' } },
])

describe.each(Object.keys(CLIENTS))('%s', (name) => {
  let messages: Buffer[]
  beforeAll(async () => {
    messages = await CLIENTS[name]!()
    expect(messages.length).toBeGreaterThan(0)
    expect(Buffer.concat(messages).includes(MAIL)).toBe(true)
  })

  test('is sealed, and opens to the bytes that came', () => {
    for (const message of messages) {
      const sealed = engine.seal(message, 'forward')
      expect(sealed.bytes.includes(MAIL)).toBe(false)
      expect(readForward(sealed.bytes).entries).toHaveLength(readForward(message).entries.length)
      const opened = openAs(EVERYONE, sealed.bytes, 'forward')
      expect(opened.unopened).toBe(0)
      expect(opened.bytes.toString('hex')).toBe(message.toString('hex'))
    }
  })

  test('cut off at any byte, is refused with a code, as it came and as it leaves', () => {
    for (const message of messages) {
      const sealed = engine.seal(message, 'forward').bytes
      for (let length = 0; length < message.length; length += 1)
        expect(coded(() => engine.seal(message.subarray(0, length), 'forward'))).toBeUndefined()
      for (let length = 0; length < sealed.length; length += 97)
        expect(coded(() => openAs(EVERYONE, sealed.subarray(0, length), 'forward'))).toBeUndefined()
    }
  })

  test('with any byte changed, is refused with a code or holds nothing in the clear', () => {
    const random = new Random(name.length)
    const whole = new Set(messages.map((message) => message.toString('latin1')))
    for (const message of messages) {
      for (let round = 0; round < 100; round += 1) {
        const mutated = mutateBytes(random, message)
        const sealed = coded(() => engine.seal(mutated, 'forward'))
        if (sealed === undefined || whole.has(mutated.toString('latin1'))) continue
        // Where the change is not in an address itself, what leaves is sealed; a tag, and a chunk, have none here.
        expect(sealed.bytes.includes(MAIL)).toBe(false)
        coded(() => openAs(EVERYONE, sealed.bytes, 'forward'))
      }
    }
  })
})
