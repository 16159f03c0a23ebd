import { decode, decodeMulti, Encoder, ExtData, ExtensionCodec, encode } from '@msgpack/msgpack'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FieldsealError } from '../../../../processor/errors.ts'
import { codeOf } from '../../engine/fixtures.ts'
import {
  attributesOf,
  convert,
  encoded,
  type FullRecord,
  lostOf,
  type Message,
  NOW,
  normal,
  recordFrom,
  recordsOf,
  requests,
} from './fixtures.ts'

/** An EventTime of the Forward protocol. */
function eventTime(seconds: number, nanoseconds = 0): ExtData {
  const bytes = Buffer.alloc(8)
  bytes.writeUInt32BE(seconds, 0)
  bytes.writeUInt32BE(nanoseconds, 4)
  return new ExtData(0, bytes)
}

const codec = new ExtensionCodec()
codec.register({ type: 0, encode: () => null, decode: (data) => new ExtData(0, data) })
const bigints = new Encoder({ useBigInt64: true })
const pack = (value: unknown) => Buffer.from(bigints.encode(value))
const unpack = (bytes: Uint8Array) => decode(bytes, { useBigInt64: true, extensionCodec: codec }) as unknown[]
const toOtlp = (message: Buffer) => convert('otlp-protobuf', 'forward', message)
const record = (message: unknown) => recordFrom('forward', pack(message)).record
const one = (fields: object, time: unknown = 1_700_000_000) => record(['app', time, fields])

/** A PackedForward message, its stream as bytes or as a text of 32 bits. */
function packed(entries: readonly unknown[], asText = false): Buffer {
  const stream = Buffer.concat(entries.map(pack))
  const header = Buffer.from([asText ? 0xdb : 0xc6, 0, 0, 0, 0])
  header.writeUInt32BE(stream.length, 1)
  return Buffer.concat([Buffer.from([0x93]), pack('app'), header, stream, pack({ size: entries.length })])
}

describe('Fluent Forward as OTLP', () => {
  const entry = [1_700_000_000, { message: 'paid', user: 7 }]
  const expected = {
    timeUnixNano: '1700000000000000000',
    observedTimeUnixNano: String(NOW),
    body: { stringValue: 'paid' },
    attributes: [
      { key: 'user', value: { intValue: '7' } },
      { key: 'fluent.tag', value: { stringValue: 'app' } },
    ],
  }

  it.each([
    ['a Message', pack(['app', ...entry])],
    ['a Message with an option', pack(['app', ...entry, { chunk: 'x', size: 9 }])],
    ['a Message whose option is nil', pack(['app', ...entry, null])],
    ['a Message with a binary tag', pack([Buffer.from('app'), ...entry])],
    ['Forward', pack(['app', [entry]])],
    ['Forward with an option', pack(['app', [entry], { compressed: 'text' }])],
    ['PackedForward of bytes', packed([entry])],
    ['PackedForward of a text, as fluentd has it', packed([entry], true)],
    ['an entry with empty metadata, as fluent-bit has it', pack(['app', [[[1_700_000_000, {}], entry[1]]]])],
  ])('takes %s', (_what, message) => {
    expect(recordsOf(toOtlp(message).bytes).map(({ record }) => record)).toEqual([expected])
  })

  it('takes a heartbeat for no record', () => {
    expect(toOtlp(Buffer.from([0xc0])).records).toBe(0)
  })

  it.each([
    ['seconds', 1_700_000_000, '1700000000000000000'],
    ['EventTime', eventTime(1_700_000_000, 123_456_789), '1700000000123456789'],
    ['milliseconds in a double', 1_700_000_000_123.5, '1700000000123500000'],
    ['seconds in a double', 1_700_000_000.25, '1700000000250000000'],
  ])('takes the time: %s', (_what, time, nanoseconds) => {
    expect(one({}, time).timeUnixNano).toBe(nanoseconds)
  })

  it('takes an EventTime with a header of 8 bits', () => {
    const message = pack(['app', 0, {}])
    const time = Buffer.from([0xc7, 8, 0, 0x65, 0x53, 0xf1, 0x00, 0, 0, 0, 1])
    const at = message.length - 2
    const whole = Buffer.concat([message.subarray(0, at), time, message.subarray(at + 1)])
    expect(recordFrom('forward', whole).record.timeUnixNano).toBe('1700000000000000001')
  })

  it('takes 0 for no time, and counts what is none', () => {
    expect(one({}, 0).timeUnixNano).toBeUndefined()
    expect(lostOf(toOtlp(pack(['app', 0, {}])))).toEqual({})
    expect(lostOf(toOtlp(pack(['app', -5, {}])))).toEqual({ time_left_out: 1 })
  })

  it('takes the first of body_keys that is there for the body', () => {
    expect(one({ log: 'l', message: 'm' })).toMatchObject({ body: { stringValue: 'm' } })
    expect(attributesOf(one({ log: 'l', message: 'm' })).log).toEqual({ stringValue: 'l' })
    expect(one({ log: { a: 1 } }).body).toEqual({
      kvlistValue: { values: [{ key: 'a', value: { intValue: '1' } }] },
    })
  })

  it('keeps types: bytes, doubles, nil, maps and arrays', () => {
    const values = { b: Buffer.from([255]), d: 1.5, n: null, t: true, m: { '': [1, 'x', null] }, i: -(2n ** 63n) }
    expect(attributesOf(one(values))).toMatchObject({
      b: { bytesValue: '/w==' },
      d: { doubleValue: 1.5 },
      n: {},
      t: { boolValue: true },
      i: { intValue: '-9223372036854775808' },
      m: {
        kvlistValue: {
          values: [{ value: { arrayValue: { values: [{ intValue: '1' }, { stringValue: 'x' }, {}] } } }],
        },
      },
    })
  })

  it('writes integers beyond 63 bits as texts, and counts them', () => {
    const message = pack(['app', 0, { n: 2n ** 64n - 1n }])
    expect(attributesOf(recordFrom('forward', message).record).n).toEqual({ stringValue: '18446744073709551615' })
    expect(lostOf(toOtlp(message))).toEqual({ number_as_text: 1 })
  })

  it('takes a string that is no UTF-8 for bytes', () => {
    const message = pack(['app', 0, { s: '@@' }])
    message[message.indexOf('@@')] = 0xff
    expect(attributesOf(recordFrom('forward', message).record).s).toEqual({ bytesValue: '/0A=' })
  })

  it('takes extensions for bytes, and counts them', () => {
    const message = pack(['app', 0, { e: new ExtData(5, Buffer.from([1, 2])) }])
    expect(attributesOf(recordFrom('forward', message).record).e).toEqual({ bytesValue: 'AQI=' })
    expect(lostOf(toOtlp(message))).toEqual({ extension_as_bytes: 1 })
  })

  it('takes keys that are no texts by what they look like, and counts them', () => {
    const message = Buffer.concat([pack(['app', 0]).fill(0x93, 0, 1), Buffer.from([0x82, 7, 1, 0xc3, 2])])
    expect(Object.keys(attributesOf(recordFrom('forward', message).record))).toEqual(['7', 'true', 'fluent.tag'])
    expect(lostOf(toOtlp(message))).toEqual({ key_as_text: 2 })
  })

  it('keeps keys that occur twice, empty keys and __proto__', () => {
    const pairs = [pack('a'), pack(1), pack('a'), pack(2), pack(''), pack(3), pack('__proto__'), pack(4)]
    const message = Buffer.concat([pack(['app', 0]).fill(0x93, 0, 1), Buffer.from([0x84]), ...pairs])
    const { attributes } = recordFrom('forward', message).record
    const found = (attributes as Message[]).map(({ key = '', value }) => [key, (value as Message).intValue])
    expect(found.slice(0, 4)).toEqual([
      ['a', '1'],
      ['a', '2'],
      ['', '3'],
      ['__proto__', '4'],
    ])
  })

  it('restores all of an OTLP record from the metadata and groups of fluent-bit', () => {
    const start = [
      [eventTime(0xffff_ffff), { schema: 'otlp', resource_id: 0, scope_id: 0 }],
      {
        resource: { attributes: { 'service.name': 'shop' }, dropped_attributes_count: 1, schema_url: 'https://r' },
        scope: { name: 'lib', version: '1', attributes: { a: 1 }, schema_url: 'https://s' },
      },
    ]
    const otlp = {
      observed_timestamp: 1_700_000_001_000_000_000n,
      timestamp: 1_700_000_000_000_000_001n,
      severity_number: 9,
      severity_text: 'INFO',
      attributes: { user: 7 },
      trace_id: Buffer.alloc(16, 1),
      span_id: '02'.repeat(8),
      trace_flags: 1,
      event_name: 'payment',
    }
    const end = [[eventTime(0xffff_fffe), {}], {}]
    const message = packed([start, [[eventTime(5), { otlp, kept: 1 }], { log: 'paid' }], end, [6, { log: 'bare' }]])
    const [first, second] = recordsOf(toOtlp(message).bytes)
    expect(first).toEqual({
      resource: {
        attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }],
        droppedAttributesCount: 1,
        schemaUrl: 'https://r',
      },
      scope: {
        name: 'lib',
        version: '1',
        attributes: [{ key: 'a', value: { intValue: '1' } }],
        schemaUrl: 'https://s',
      },
      record: {
        timeUnixNano: '1700000000000000001',
        observedTimeUnixNano: '1700000001000000000',
        severityNumber: 9,
        severityText: 'INFO',
        body: { stringValue: 'paid' },
        attributes: [
          { key: 'user', value: { intValue: '7' } },
          { key: 'fluent.metadata', value: { kvlistValue: { values: [{ key: 'kept', value: { intValue: '1' } }] } } },
        ],
        flags: 1,
        traceId: '01'.repeat(16),
        spanId: '02'.repeat(8),
        eventName: 'payment',
      },
    })
    expect(second).toMatchObject({ resource: {}, scope: {}, record: { body: { stringValue: 'bare' } } })
    expect(toOtlp(message).records).toBe(2)
  })

  it('takes the metadata of a Message from its option', () => {
    const message = pack(['app', 0, { a: 1, b: 2 }, { metadata: { otlp: { severity_number: 17 } } }])
    const { severityNumber, body } = recordFrom('forward', message).record
    expect(severityNumber).toBe(17)
    expect((body as { kvlistValue: { values: unknown[] } }).kvlistValue.values).toHaveLength(2)
  })

  it('counts what it does not know, and events of other signals', () => {
    const start = [[eventTime(0xffff_ffff), {}], { resource: { color: 1 }, more: 1 }]
    const entry = [[1, { otlp: { novelty: 1, trace_id: 'xyz' } }], {}]
    expect(lostOf(toOtlp(pack(['app', [start, entry], { novelty: 1 }])))).toEqual({
      forward_fields_left_out: 4,
      id_left_out: 1,
    })
    const metrics = toOtlp(pack(['app', [entry, entry], { fluent_signal: 1 }]))
    expect([metrics.records, lostOf(metrics)]).toEqual([0, { other_signals_left_out: 2 }])
  })

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a map', pack({ a: 1 })],
    ['a message of one element', pack(['app'])],
    ['a message without a record', pack(['app', 1])],
    ['a tag that is no text', pack([1, 1, {}])],
    ['a record that is no map', pack(['app', 1, 'text'])],
    ['an entry that is no pair', pack(['app', [[1]]])],
    ['a message that is compressed', pack(['app', [], { compressed: 'gzip' }])],
    ['something behind the message', Buffer.concat([pack(['app', 1, {}]), Buffer.from([1])])],
    ['a message cut off', pack(['app', 1, { a: 'x' }]).subarray(0, -1)],
    ['an entry that reaches beyond its stream', packed([[1, { a: 'xxxx' }]]).fill(20, 6, 10)],
  ])('refuses %s', (_what, message) => {
    expect(codeOf(() => toOtlp(message))).toBe('FIELDSEAL_INPUT_MALFORMED')
  })

  it('refuses what is nested deeper than OTLP is read, without filling the stack', () => {
    const nested = (levels: number) =>
      Buffer.concat([
        pack(['app', 0]).fill(0x93, 0, 1),
        pack({ a: 0 }).subarray(0, -1),
        Buffer.alloc(levels, 0x91),
        pack(1),
      ])
    const there = toOtlp(nested(200))
    expect(convert('json-lines', 'otlp-protobuf', there.bytes).records).toBe(1)
    for (const levels of [201, 1_000_000]) {
      expect(codeOf(() => toOtlp(nested(levels)))).toBe('FIELDSEAL_INPUT_TOO_DEEP')
    }
  })

  it('refuses more bytes than it may become, however long the tag of however many events is', () => {
    const message = pack(['t'.repeat(100_000), Array(10_000).fill([1, {}])])
    expect(codeOf(() => toOtlp(message))).toBe('FIELDSEAL_INPUT_TOO_LARGE')
  })

  it('throws nothing but errors with a code, whatever it is given', () => {
    const message = packed([[[eventTime(1), { otlp: { attributes: { a: [1, { b: 'x' }] } } }], { log: 'x' }]])
    fc.assert(
      fc.property(fc.nat(message.length - 1), fc.nat(255), fc.uint8Array({ maxLength: 40 }), (at, byte, noise) => {
        const broken = Buffer.from(message)
        broken[at] = byte
        for (const bytes of [broken, Buffer.from(noise), Buffer.concat([Buffer.from([0x93, 0xa0, 0x91]), noise])]) {
          try {
            toOtlp(bytes)
          } catch (error) {
            expect(error).toBeInstanceOf(FieldsealError)
          }
        }
      }),
      { numRuns: 400 },
    )
  })
})

describe('OTLP as Fluent Forward', () => {
  const toForward = (bytes: Buffer, otlpMetadata: boolean) =>
    convert('forward', 'otlp-protobuf', bytes, { otlpMetadata })
  const sorted = (records: readonly FullRecord[]) => records.map((one) => JSON.stringify(normal(one as never))).sort()
  const logs = (logRecords: readonly object[], around: object = {}) =>
    encoded({ resourceLogs: [{ ...around, scopeLogs: [{ logRecords }] }] })
  const text = (stringValue: string) => ({ stringValue })
  const only = (bytes: Buffer, options: object = {}) => {
    const { messages } = convert('forward', 'otlp-protobuf', bytes, options)
    const [tag, stream, option] = unpack(messages[0]!.bytes)
    return { tag, entries: [...decodeMulti(stream as Uint8Array, { extensionCodec: codec })] as unknown[][], option }
  }

  it('comes back as it was, where groups and metadata are asked for', () => {
    fc.assert(
      fc.property(requests, (request) => {
        const bytes = encoded(request)
        const { messages, records, lost } = toForward(bytes, true)
        const back = messages.flatMap((message) => recordsOf(toOtlp(message.bytes).bytes))
        expect(sorted(back)).toEqual(sorted(recordsOf(bytes)))
        expect([records, messages.reduce((sum, message) => sum + message.records, 0)]).toEqual([
          back.length,
          back.length,
        ])
        expect(lostOf({ lost })).toEqual({})
      }),
      { numRuns: 200 },
    )
  })

  it('is messages that @msgpack/msgpack reads, one behind the other, each of one tag', () => {
    fc.assert(
      fc.property(requests, fc.boolean(), (request, otlpMetadata) => {
        const { bytes, messages, records } = toForward(encoded(request), otlpMetadata)
        expect(Buffer.concat(messages.map((message) => message.bytes))).toEqual(bytes)
        let found = 0
        for (const message of messages) {
          const [tag, stream, option] = decode(message.bytes, { rawStrings: true }) as [Uint8Array, Uint8Array, unknown]
          expect(Buffer.from(tag).toString()).toBe(message.tag)
          expect(stream).toBeInstanceOf(Uint8Array)
          expect(option).toBeDefined()
          found += message.records
        }
        expect(new Set(messages.map(({ tag }) => tag)).size).toBe(messages.length)
        expect(found).toBe(records)
      }),
    )
  })

  it('is flat by default: fields of a record beside its attributes, under the names of JSON lines', () => {
    const bytes = logs(
      [
        {
          timeUnixNano: '1700000000123456789',
          severityNumber: 9,
          severityText: 'INFO',
          body: text('paid'),
          traceId: Buffer.alloc(16, 1),
          attributes: [
            { key: 'blob', value: { bytesValue: Buffer.from([255]) } },
            { key: 'nan', value: { doubleValue: Number.NaN } },
          ],
        },
      ],
      { resource: { attributes: [{ key: 'service.name', value: text('shop') }] } },
    )
    expect(only(bytes)).toEqual({
      tag: 'fieldseal',
      option: { size: 1 },
      entries: [
        [
          eventTime(1_700_000_000, 123_456_789),
          {
            level: 'INFO',
            severity_number: 9,
            message: 'paid',
            trace_id: '01'.repeat(16),
            blob: Buffer.from([255]),
            nan: Number.NaN,
            resource: { attributes: { 'service.name': 'shop' } },
          },
        ],
      ],
    })
    expect(lostOf(toForward(bytes, false))).toEqual({})
  })

  it('has the tag of the attribute fluent.tag, else the configured one, and a message for each', () => {
    const tagged = (tag: object) => ({ attributes: [{ key: 'fluent.tag', value: tag }] })
    const bytes = logs([tagged(text('one')), {}, tagged(text('two')), tagged(text('one'))])
    const { messages } = convert('forward', 'otlp-protobuf', bytes, { tag: 'mine' })
    expect(messages.map(({ tag, records }) => [tag, records])).toEqual([
      ['one', 2],
      ['mine', 1],
      ['two', 1],
    ])
    expect(only(bytes).entries).toEqual([
      [expect.any(ExtData), {}],
      [expect.any(ExtData), {}],
    ])
  })

  it.each([
    ['a number', { intValue: '1' }],
    ['an empty text', { stringValue: '' }],
    ['a line break', { stringValue: 'a\nb' }],
    ['a text of which a part is sealed', { stringValue: 'a.[sealed:email:Q3vR8k2w/0]' }],
    ['a text that is too long, as one that is sealed', { stringValue: 'x'.repeat(257) }],
  ])('keeps an attribute fluent.tag that can be no tag: %s', (_what, value) => {
    const { tag, entries } = only(logs([{ attributes: [{ key: 'fluent.tag', value }] }]))
    expect(tag).toBe('fieldseal')
    expect(Object.keys(entries[0]![1] as object)).toEqual(['fluent.tag'])
  })

  it('gives records without a time the observed time, or that of the batch', () => {
    const bytes = logs([{ observedTimeUnixNano: '1700000000000000001' }, {}])
    expect(only(bytes).entries.map(([time]) => time)).toEqual([
      eventTime(1_700_000_000, 1),
      eventTime(Number(NOW / 1_000_000_000n), Number(NOW % 1_000_000_000n)),
    ])
  })

  it('keeps a time that EventTime cannot hold in the record', () => {
    const bytes = logs([{ timeUnixNano: '18446744073709551615' }])
    expect(only(bytes).entries[0]![1]).toEqual({ time: '2554-07-21T23:34:33.709551615Z' })
  })

  it('is no message where there are no records', () => {
    expect(toForward(encoded({}), true)).toMatchObject({ records: 0, messages: [], bytes: Buffer.alloc(0) })
    expect(toForward(logs([]), true).messages).toEqual([])
  })

  it('refuses more bytes than it may become, however many scopes repeat a resource', () => {
    const resource = { attributes: [{ key: 'k', value: text('x'.repeat(10_000)) }] }
    const bytes = encoded({ resourceLogs: [{ resource, scopeLogs: Array(10_000).fill({ logRecords: [{}] }) }] })
    for (const otlpMetadata of [false, true])
      expect(codeOf(() => toForward(bytes, otlpMetadata))).toBe('FIELDSEAL_INPUT_TOO_LARGE')
  })
})

describe('Fluent Forward and lines', () => {
  it('go by way of OTLP', () => {
    const line = convert(
      'json-lines',
      'forward',
      Buffer.from(encode(['app', 1_700_000_000, { message: 'paid', n: 1.5 }])),
    )
    expect(JSON.parse(line.bytes.toString())).toEqual({
      time: '2023-11-14T22:13:20.000000000Z',
      observed_time: '2027-01-15T08:00:00.000000001Z',
      message: 'paid',
      n: 1.5,
      'fluent.tag': 'app',
    })
    const forward = convert('forward', 'json-lines', '{"time":1700000000,"msg":"paid","n":1}')
    const [, stream] = unpack(forward.bytes)
    expect(decode(stream as Uint8Array, { extensionCodec: codec })).toEqual([
      eventTime(1_700_000_000),
      { observed_time: '2027-01-15T08:00:00.000000001Z', message: 'paid', n: 1 },
    ])
  })
})
