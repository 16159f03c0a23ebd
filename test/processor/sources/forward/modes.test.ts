import { gzipSync, zstdCompressSync } from 'node:zlib'
import { decode, encode } from '@msgpack/msgpack'
import { describe, expect, test } from 'vitest'
import {
  entriesOf,
  forwardMode,
  messageMode,
  packedAsText,
  packedMode,
  RawClient,
  startSource,
  textsOf,
} from './fixtures.ts'

const CHUNK = 'p8n9gmxTQVC8/nh2wlKKeQ==\n'
const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')
const array32 = (count: number) => hex(`dd ${count.toString(16).padStart(8, '0')}`)
const map32 = (count: number) => hex(`df ${count.toString(16).padStart(8, '0')}`)
const TAG = Buffer.from(encode('app.log'))
const RECORD = Buffer.from(encode({ log: 'one' }))

/** What an option with a chunk looks like: Fluent Bit sends map32. */
const option32 = Buffer.concat([map32(2), encode('chunk'), encode(CHUNK), encode('size'), encode(1)])

const UNCOMPRESSED: Readonly<Record<string, readonly [Buffer, readonly string[]]>> = {
  Message: [messageMode('one', { chunk: CHUNK }), ['one']],
  'Message with a nil time': [Buffer.from(encode(['app.log', null, { log: 'one' }, { chunk: CHUNK }])), ['one']],
  'Message with EventTime as fixext8': [
    Buffer.concat([hex('94'), TAG, hex('d700 65543210 00000001'), RECORD, encode({ chunk: CHUNK })]),
    ['one'],
  ],
  'Message with EventTime as ext8': [
    Buffer.concat([hex('94'), TAG, hex('c70800 65543210 00000001'), RECORD, encode({ chunk: CHUNK })]),
    ['one'],
  ],
  'Message with a float64 time': [
    Buffer.concat([hex('94'), TAG, hex('cb 42789c8f9c800000'), RECORD, encode({ chunk: CHUNK })]),
    ['one'],
  ],
  'Message with a bin tag': [
    Buffer.concat([hex('94 c407'), Buffer.from('app.log'), hex('00'), RECORD, encode({ chunk: CHUNK })]),
    ['one'],
  ],
  'Message in wide headers': [
    Buffer.concat([array32(4), hex('db00000007'), Buffer.from('app.log'), hex('cf0000000000000001'), RECORD, option32]),
    ['one'],
  ],
  Forward: [forwardMode(['one', 'two', 'three'], { chunk: CHUNK }), ['one', 'two', 'three']],
  'Forward without entries': [forwardMode([], { chunk: CHUNK }), []],
  'Forward as Fluent Bit 5 has it': [
    Buffer.concat([hex('93'), TAG, array32(1), hex('92 92 d700 65543210 00000001 80'), RECORD, option32]),
    ['one'],
  ],
  'PackedForward as bin': [packedMode(['one', 'two'], { chunk: CHUNK, size: 2 }), ['one', 'two']],
  'PackedForward as str, as Fluentd has it': [
    packedAsText(entriesOf(['one', 'zwei: grüße']), { size: 2, compressed: 'text', chunk: CHUNK }),
    ['one', 'zwei: grüße'],
  ],
  'PackedForward with keys of the option as bin': [
    Buffer.concat([
      packedMode(['one'], {}).subarray(0, -1),
      hex('82 c405'),
      Buffer.from('chunk'),
      encode(CHUNK),
      encode('compressed'),
      hex('c0'),
    ]),
    ['one'],
  ],
}

describe.each(Object.entries(UNCOMPRESSED))('%s', (_, [message, texts]) => {
  test('is delivered byte for byte, and acknowledged by its chunk', async () => {
    const { port, delivered, context } = await startSource()
    const client = new RawClient(port)
    await client.write(message)
    expect(await client.until(1)).toEqual([{ ack: CHUNK }])
    expect(delivered.map((bytes) => bytes.toString('hex'))).toEqual([message.toString('hex')])
    expect(textsOf(delivered[0] as Buffer)).toEqual(texts)
    expect(context.budget.used).toBe(0)
  })
})

const LINES = Array.from({ length: 200 }, (_, index) => `${index}: ${'line '.repeat(50)}`)
const ENTRIES = entriesOf(LINES)
const halves = [entriesOf(LINES.slice(0, 77)), entriesOf(LINES.slice(77))]
const packedBytes = (content: Buffer, option: object) => Buffer.from(encode(['app.log', content, option]))

const COMPRESSED: Readonly<Record<string, readonly [Buffer, string]>> = {
  'gzip as bin': [packedBytes(gzipSync(ENTRIES), { compressed: 'gzip', chunk: CHUNK }), 'gzip'],
  'gzip as str': [packedAsText(gzipSync(ENTRIES), { chunk: CHUNK, compressed: 'gzip', size: 200 }), 'gzip'],
  'several gzip members, as Fluentd has it': [
    packedBytes(Buffer.concat(halves.map((half) => gzipSync(half))), { compressed: 'gzip', chunk: CHUNK }),
    'gzip',
  ],
  zstd: [packedBytes(zstdCompressSync(ENTRIES), { compressed: 'zstd', chunk: CHUNK }), 'zstd'],
  'several zstd frames': [
    packedBytes(Buffer.concat(halves.map((half) => zstdCompressSync(half))), { compressed: 'zstd', chunk: CHUNK }),
    'zstd',
  ],
}

describe.each(Object.entries(COMPRESSED))('CompressedPackedForward, %s', (_, [message]) => {
  test('is delivered as PackedForward without compression, and otherwise as it came', async () => {
    const { port, delivered, context } = await startSource()
    const client = new RawClient(port)
    await client.write(message)
    expect(await client.until(1)).toEqual([{ ack: CHUNK }])
    const [tag, entries, option] = decode(delivered[0] as Buffer) as [string, Uint8Array, Record<string, unknown>]
    expect(tag).toBe('app.log')
    expect(Buffer.from(entries).equals(ENTRIES)).toBe(true)
    expect(option.chunk).toBe(CHUNK)
    expect(option).not.toHaveProperty('compressed')
    expect(context.budget.used).toBe(0)
  })

  test('with a content that is cut off is rejected', async () => {
    const { port, delivered, context, source } = await startSource()
    const [tag, content, option] = decode(message, { rawStrings: true }) as [Uint8Array, Uint8Array, object]
    const client = new RawClient(port)
    await client.write(
      Buffer.concat([
        hex('93'),
        encode(Buffer.from(tag).toString()),
        encode(content.subarray(0, -5)),
        encode(
          Object.fromEntries(
            Object.entries(option).map(([key, value]) => [
              key,
              value instanceof Uint8Array ? Buffer.from(value).toString() : value,
            ]),
          ),
        ),
      ]),
    )
    expect(await client.until(1)).toEqual([{ ack: CHUNK }])
    expect(delivered).toHaveLength(0)
    expect(source.counts()).toMatchObject({ accepted: 0, rejected: 1 })
    expect(context.budget.used).toBe(0)
  })
})

describe('options', () => {
  test.each([
    ['absent', undefined],
    ['nil', null],
    ['empty', {}],
    ['without chunk', { size: 1 }],
    ['with a chunk that is nil', { chunk: null }],
  ])('%s want no acknowledgement', async (_, option) => {
    const { port, delivered } = await startSource()
    const client = new RawClient(port)
    const parts: unknown[] = ['app.log', [[1, { log: 'one' }]]]
    await client.write(Buffer.from(encode(option === undefined ? parts : [...parts, option])))
    client.socket.end()
    await client.closed
    expect(delivered.flatMap(textsOf)).toEqual(['one'])
    expect(client.received.length).toBe(0)
  })

  test('chunks come back in the very bytes that came, each in a write of its own', async () => {
    const { port } = await startSource()
    const client = new RawClient(port)
    const chunks = ['a6 63 68 75 6e 6b 31', 'd903 616263', 'da0003 616264', 'c403 ff00fe', 'a3 fffefd', 'a0'].map(hex)
    for (const chunk of chunks) {
      const before = client.received.length
      const ack = Buffer.concat([hex('81 a3 61636b'), chunk])
      await client.write(Buffer.concat([packedMode(['x'], {}).subarray(0, -1), hex('81 a5 6368756e6b'), chunk]))
      while (client.received.length < before + ack.length) await new Promise((resolve) => setImmediate(resolve))
      expect(client.parts.at(-1)?.toString('hex')).toBe(ack.toString('hex'))
    }
    expect(client.parts).toHaveLength(chunks.length)
  })

  test('of other signals than logs are counted, dropped and acknowledged', async () => {
    const { port, delivered, source } = await startSource()
    const client = new RawClient(port)
    for (const signal of [1, 2, 3, 4, 'metrics', -1]) {
      await client.write(packedMode(['x'], { chunk: String(signal), fluent_signal: signal }))
    }
    await client.write(packedMode(['log'], { chunk: 'logs', fluent_signal: 0 }))
    expect((await client.until(7)).map((value) => (value as { ack: string }).ack)).toEqual([
      '1',
      '2',
      '3',
      '4',
      'metrics',
      '-1',
      'logs',
    ])
    expect(delivered.flatMap(textsOf)).toEqual(['log'])
    expect(source.counts()).toMatchObject({ accepted: 1, otherSignals: 6 })
  })

  test.each([
    ['a compression that nobody knows', { compressed: 'lz4', chunk: 'x' }],
    ['a compression that is a number', { compressed: 1, chunk: 'x' }],
  ])('with %s are rejected', async (_, option) => {
    const { port, delivered, source, context } = await startSource()
    const client = new RawClient(port)
    await client.write(packedMode(['x'], option))
    expect(await client.until(1)).toEqual([{ ack: 'x' }])
    expect([delivered.length, source.counts().rejected]).toEqual([0, 1])
    expect(context.lines.map(([event]) => event)).toEqual(['message-rejected'])
  })

  test.each([
    ['a chunk that is a number', { chunk: 7 }],
    ['a chunk that an acknowledgement cannot hold', { chunk: 'x'.repeat(1001) }],
  ])('with %s are rejected, without an acknowledgement', async (_, option) => {
    const { port, delivered, source } = await startSource()
    const client = new RawClient(port)
    await client.write(packedMode(['x'], option))
    await client.write(packedMode(['y'], { chunk: 'next' }))
    expect(await client.until(1)).toEqual([{ ack: 'next' }])
    expect([delivered.flatMap(textsOf), source.counts().rejected]).toEqual([['y'], 1])
  })

  test('that are a number are malformed', async () => {
    const { port, source } = await startSource()
    const client = new RawClient(port)
    await client.write(Buffer.from(encode(['app.log', entriesOf(['x']), 7])))
    client.socket.end()
    await client.closed
    expect(source.counts()).toMatchObject({ accepted: 0, rejected: 1 })
  })

  test('that nobody knows are passed on', async () => {
    const { port, delivered } = await startSource()
    const message = messageMode('x', { chunk: 'x', metadata: { a: 1 }, __proto__: 'x', other: [1, { deep: [] }] })
    const client = new RawClient(port)
    await client.write(message)
    await client.until(1)
    expect(delivered[0]?.equals(message)).toBe(true)
  })
})

describe('nil', () => {
  test('is a heartbeat: it says nothing, and costs nothing', async () => {
    const { port, delivered, context } = await startSource()
    const client = new RawClient(port)
    await client.write(
      Buffer.concat([
        hex('c0c0'),
        packedMode(['x'], { chunk: '1' }),
        hex('c0'),
        messageMode('y', { chunk: '2' }),
        hex('c0'),
      ]),
    )
    expect(await client.until(2)).toEqual([{ ack: '1' }, { ack: '2' }])
    expect(delivered.flatMap(textsOf)).toEqual(['x', 'y'])
    expect(context.lines).toEqual([])
  })
})

describe('tags', () => {
  test.each([
    ['empty', ''],
    ['over 1024 bytes', 'x'.repeat(1025)],
    ['with a newline', 'app\nlog'],
    ['with NUL', 'app\0log'],
    ['with DEL', 'app\x7f'],
    ['with a control character of two bytes', 'app\u0085log'],
    ['that are no UTF-8', Buffer.from([0x61, 0xff])],
    ['that are a number', 7],
    ['that are nil', null],
    ['that are a map', { a: 1 }],
  ])('%s are rejected', async (_, tag) => {
    const { port, delivered, source, context } = await startSource()
    const client = new RawClient(port)
    await client.write(Buffer.from(encode([tag, entriesOf(['x']), { chunk: 'x' }])))
    expect(await client.until(1)).toEqual([{ ack: 'x' }])
    expect([delivered.length, source.counts().rejected]).toEqual([0, 1])
    expect(JSON.stringify(context.lines)).toContain('FIELDSEAL_INPUT_MALFORMED')
  })

  test.each(['a', '../../etc/passwd', 'kube.var.log.containers.'.padEnd(1024, 'x'), 'grüße.😀', '/', 'a b'])(
    '%s are taken as they are, and are never a path',
    async (tag) => {
      const { port, delivered } = await startSource()
      const client = new RawClient(port)
      const message = Buffer.from(encode([tag, entriesOf(['x']), { chunk: 'x' }]))
      await client.write(message)
      await client.until(1)
      expect(delivered[0]?.equals(message)).toBe(true)
    },
  )
})

describe('what is no message of Forward', () => {
  test.each([
    ['JSON, as old Fluentd took it', Buffer.from('["app.log",1700000000,{"log":"x"}]')],
    ['JSON of another kind', Buffer.from('{"log":"x"}')],
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['TLS', hex('160301 0200 0100')],
    ['a map', Buffer.from(encode({ ack: 'x' }))],
    ['an empty array', hex('90')],
    ['an array of one', hex('91 a161')],
    ['an array of five', Buffer.from(encode(['a', 1, {}, {}, {}]))],
    ['a PING', Buffer.from(encode(['PING', 'h', 's', 'd', '', '']))],
    ['the byte that nothing begins with', hex('93 c1')],
  ])('%s ends the connection, with a code in the log', async (_, bytes) => {
    const { port, delivered, source, context } = await startSource()
    const client = new RawClient(port)
    await client.write(bytes)
    await client.closed
    expect(client.received.length).toBe(0)
    expect(delivered).toHaveLength(0)
    expect(source.counts()).toMatchObject({ clientsRefused: 1 })
    expect(context.lines[0]?.[0]).toBe('client-refused')
    expect(context.lines[0]?.[1]).toContain('FIELDSEAL_INPUT_MALFORMED')
    expect(context.budget.used).toBe(0)
  })

  test('does not take away what came before it', async () => {
    const { port, delivered } = await startSource()
    const client = new RawClient(port)
    await client.write(Buffer.concat([packedMode(['good'], { chunk: 'good' }), Buffer.from('{"log":"x"}')]))
    expect(await client.until(2)).toEqual([{ ack: 'good' }])
    await client.closed
    expect(delivered.flatMap(textsOf)).toEqual(['good'])
  })

  test.each([
    ['Message of two', ['app.log', 1]],
    ['Message of five, in part', ['app.log', 1, {}, { chunk: 'x' }]],
    ['Forward of four', ['app.log', [[1, {}]], { chunk: 'x' }, 1]],
  ])('but is an array of the right length is left to the format or rejected: %s', async (_, value) => {
    const { port, source } = await startSource()
    const client = new RawClient(port)
    await client.write(Buffer.from(encode(value)))
    client.socket.end()
    await client.closed
    const { accepted, rejected, clientsRefused } = source.counts()
    expect([accepted + rejected, clientsRefused]).toEqual([1, 0])
  })
})
