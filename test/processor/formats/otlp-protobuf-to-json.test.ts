import fc from 'fast-check'
import type protobuf from 'protobufjs'
import { describe, expect, it } from 'vitest'
import { WORKLOADS } from '../../../bench/workloads/index.ts'
import {
  bytesField,
  doubleField,
  fixed32Field,
  fixed64Field,
  messageField,
  stringField,
  varintField,
} from '../../../bench/workloads/protobuf-writer.ts'
import { FieldsealError } from '../../../processor/errors.ts'
import { otlpProtobufToJson } from '../../../processor/formats/otlp-protobuf-to-json.ts'
import { anyValues, records, requests } from '../../arbitraries/otlp-requests.ts'
import {
  anyValueType,
  asOtlpJson,
  decodedJson,
  encodedJson,
  type Json,
  recordType,
  requestType,
} from './otlp-full-messages.ts'

const parsed = (bytes: Buffer) => JSON.parse(otlpProtobufToJson(bytes).toString('utf8'))
const encoded = (request: object) => Buffer.from(requestType.encode(requestType.fromObject(request)).finish())

/** A request with one record, of these fields. */
function withRecord(...fields: readonly Buffer[]): Buffer {
  return messageField(1, [messageField(2, [messageField(2, fields)])])
}
const recordOf = (request: Json) => (request as never as Only).resourceLogs[0].scopeLogs[0].logRecords[0]
interface Only {
  resourceLogs: [{ scopeLogs: [{ logRecords: [Record<string, Json>] }] }]
}
const bodyOf = (...fields: readonly Buffer[]) => recordOf(parsed(withRecord(messageField(5, fields)))).body

/** Two messages of a kind as protobuf merges them. */
function merged(one: Json, two: Json, isOneof = false): Json {
  const result = { ...(one as object) } as Record<string, Json>
  for (const [name, value] of Object.entries(two as object) as [string, Json][]) {
    const before = result[name]
    if (isOneof && before === undefined) for (const other of Object.keys(result)) delete result[other]
    if (Array.isArray(value)) result[name] = [...((before as Json[]) ?? []), ...value]
    else if (typeof value === 'object' && before !== undefined) result[name] = merged(before, value, name === 'body')
    else result[name] = value
  }
  return result
}

/** The fields of a message one by one, the elements of a list too, each encoded by protobufjs. */
function pieces(type: protobuf.Type, message: object): Buffer[] {
  return Object.entries(message).flatMap(([name, value]) =>
    (Array.isArray(value) ? value.map((item) => [item]) : [value]).map((part) =>
      Buffer.from(type.encode(type.fromObject({ [name]: part })).finish()),
    ),
  )
}

describe('OTLP protobuf as JSON', () => {
  it('holds what protobufjs decodes, on one line', () => {
    fc.assert(
      fc.property(requests, (request) => {
        const bytes = encoded(request)
        const line = otlpProtobufToJson(bytes).toString('utf8')
        expect(line).not.toMatch(/[\n\r]/)
        expect(JSON.parse(line)).toEqual(decodedJson(bytes))
      }),
      { numRuns: 500 },
    )
  })

  it('gives the same bytes again when protobufjs encodes it', () => {
    fc.assert(
      fc.property(requests, (request) => {
        const bytes = encoded(request)
        expect(encodedJson(parsed(bytes)).equals(bytes)).toBe(true)
      }),
      { numRuns: 500 },
    )
    for (const workload of Object.values(WORKLOADS)) {
      const { bytes } = workload.batch(1, 20)
      expect(requestType.decode(encodedJson(parsed(bytes)))).toEqual(requestType.decode(bytes))
    }
  })

  it('writes each type as the specification says', () => {
    const record = withRecord(
      fixed64Field(1, 1_790_000_000_123_456_789n),
      varintField(2, 17),
      stringField(3, 'ERROR'),
      messageField(5, [stringField(1, 'a "line"\n')]),
      messageField(6, [stringField(1, 'big'), messageField(2, [varintField(3, -(2n ** 63n))])]),
      messageField(6, [stringField(1, 'raw'), messageField(2, [bytesField(7, Buffer.from([0xfb, 0xff]))])]),
      varintField(7, 2 ** 32 - 1),
      fixed32Field(8, 2 ** 32 - 1),
      bytesField(9, Buffer.from('5B8EFFF798038103D269B633813FC60C', 'hex')),
      bytesField(10, Buffer.from('EEE19B7EC3C1B174', 'hex')),
      fixed64Field(11, 2n ** 64n - 1n),
      stringField(12, 'checkout'),
    )
    expect(otlpProtobufToJson(record).toString()).toBe(
      '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"1790000000123456789","severityNumber":17,' +
        '"severityText":"ERROR","body":{"stringValue":"a \\"line\\"\\n"},"attributes":[' +
        '{"key":"big","value":{"intValue":"-9223372036854775808"}},{"key":"raw","value":{"bytesValue":"+/8="}}],' +
        '"droppedAttributesCount":4294967295,"flags":4294967295,"traceId":"5b8efff798038103d269b633813fc60c",' +
        '"spanId":"eee19b7ec3c1b174","observedTimeUnixNano":"18446744073709551615","eventName":"checkout"}]}]}]}',
    )
  })

  it('writes doubles that JSON has no number for as strings, and keeps the sign of zero', () => {
    expect(bodyOf(doubleField(4, Number.NaN))).toEqual({ doubleValue: 'NaN' })
    expect(bodyOf(doubleField(4, Infinity))).toEqual({ doubleValue: 'Infinity' })
    expect(bodyOf(doubleField(4, -Infinity))).toEqual({ doubleValue: '-Infinity' })
    expect(bodyOf(doubleField(4, -0))).toEqual({ doubleValue: -0 })
  })

  it('writes members of a oneof that have their default, and no other field that has', () => {
    expect(bodyOf(stringField(1, ''))).toEqual({ stringValue: '' })
    expect(bodyOf(varintField(2, 0))).toEqual({ boolValue: false })
    expect(bodyOf(varintField(3, 0))).toEqual({ intValue: '0' })
    expect(bodyOf(doubleField(4, 0))).toEqual({ doubleValue: 0 })
    expect(bodyOf(messageField(5, []))).toEqual({ arrayValue: {} })
    expect(bodyOf(messageField(6, []))).toEqual({ kvlistValue: {} })
    expect(bodyOf(bytesField(7, Buffer.alloc(0)))).toEqual({ bytesValue: '' })
    const empty = [fixed64Field(1, 0n), varintField(2, 0), stringField(3, ''), varintField(7, 0), fixed32Field(8, 0)]
    expect(parsed(withRecord(...empty, bytesField(9, Buffer.alloc(0))))).toEqual({
      resourceLogs: [{ scopeLogs: [{ logRecords: [{}] }] }],
    })
    // Bits that a varint has no use for are bits of the number here.
    expect(recordOf(parsed(withRecord(fixed32Field(8, 0x80), fixed64Field(1, 0x80n))))).toEqual({
      flags: 128,
      timeUnixNano: '128',
    })
    expect(otlpProtobufToJson(Buffer.alloc(0)).toString()).toBe('{}')
  })

  it('writes U+FFFD where a text is not UTF-8', () => {
    const line = otlpProtobufToJson(
      withRecord(messageField(5, [bytesField(1, Buffer.from([0x61, 0xff, 0xe2, 0x82, 0x62]))])),
    )
    expect(recordOf(JSON.parse(line.toString('utf8'))).body).toEqual({ stringValue: 'a\ufffd\ufffdb' })
    expect(line.includes(0xff)).toBe(false)
  })

  it('leaves out what OTLP does not know, and what only profiles use', () => {
    const unknown = [stringField(99, 'x'), varintField(100, 1), fixed32Field(101, 1), fixed64Field(102, 1n)]
    const group = Buffer.from([0xe3, 0x02, 0x08, 0x01, 0xe4, 0x02])
    expect(parsed(withRecord(...unknown, group, stringField(12, 'e'), stringField(2, 'not a number')))).toEqual({
      resourceLogs: [{ scopeLogs: [{ logRecords: [{ eventName: 'e' }] }] }],
    })
    const profiles = messageField(6, [stringField(1, 'k'), varintField(3, 7), messageField(2, [varintField(8, 1)])])
    expect(recordOf(parsed(withRecord(profiles))).attributes).toEqual([{ key: 'k', value: {} }])
  })

  it('writes scope logs that stand in the field of old as scope logs', () => {
    const scopeLogs = (number: number, name: string) => messageField(number, [messageField(1, [stringField(1, name)])])
    expect(parsed(messageField(1, [scopeLogs(1000, 'old'), scopeLogs(2, 'new')]))).toEqual({
      resourceLogs: [{ scopeLogs: [{ scope: { name: 'old' } }, { scope: { name: 'new' } }] }],
    })
  })
})

describe('OTLP protobuf that few encoders would write', () => {
  it('is read the same with its fields in any order', () => {
    fc.assert(
      fc.property(records, fc.infiniteStream(fc.nat(1000)), (record, numbers) => {
        const shuffled = pieces(recordType, record)
          .map((piece) => ({ piece, key: numbers.next().value as number }))
          .sort((a, b) => a.key - b.key)
          .map(({ piece }) => piece)
        // protobufjs reads them in any order too.
        expect(parsed(withRecord(...shuffled))).toEqual(decodedJson(withRecord(...shuffled)))
      }),
      { numRuns: 300 },
    )
  })

  it('is merged as protobuf says where a message is there in two pieces', () => {
    const jsonOf = (type: protobuf.Type, bytes: Uint8Array) =>
      asOtlpJson(type.toObject(type.decode(bytes), { longs: String, bytes: Buffer, json: true }))
    const encode = (type: protobuf.Type, message: object) => Buffer.from(type.encode(type.fromObject(message)).finish())
    fc.assert(
      fc.property(records, records, (first, second) => {
        const [one, two] = [encode(recordType, first), encode(recordType, second)]
        expect(recordOf(parsed(withRecord(one, two)))).toEqual(merged(jsonOf(recordType, one), jsonOf(recordType, two)))
      }),
      { numRuns: 300 },
    )
    fc.assert(
      fc.property(anyValues, anyValues, (first, second) => {
        const [one, two] = [encode(anyValueType, first), encode(anyValueType, second)]
        const expected = merged(jsonOf(anyValueType, one), jsonOf(anyValueType, two), true)
        expect(bodyOf(one, two)).toEqual(expected)
        expect(recordOf(parsed(withRecord(messageField(5, [one]), messageField(5, [two])))).body).toEqual(expected)
      }),
      { numRuns: 300 },
    )
  })

  it('keeps the last of several values, and drops what another member of a oneof has replaced', () => {
    expect(bodyOf(stringField(1, 'a'), varintField(3, 1), stringField(1, 'b'))).toEqual({ stringValue: 'b' })
    const list = (text: string) => messageField(5, [messageField(1, [stringField(1, text)])])
    expect(bodyOf(list('a'), list('b'))).toEqual({
      arrayValue: { values: [{ stringValue: 'a' }, { stringValue: 'b' }] },
    })
    expect(bodyOf(list('a'), varintField(2, 1), list('b'))).toEqual({ arrayValue: { values: [{ stringValue: 'b' }] } })
    expect(recordOf(parsed(withRecord(varintField(2, 9), varintField(2, 0))))).toEqual({})
  })

  it('takes two passes and not more, however deep the levels are on which something is there twice', () => {
    let value = stringField(1, 'x')
    for (let level = 0; level < 199; level += 1) {
      const entry = messageField(1, [stringField(1, 'a'), stringField(1, 'k'), messageField(2, [value])])
      value = messageField(6, [entry])
    }
    interface Level {
      kvlistValue: { values: [{ key: string; value: Level }] }
    }
    let json = bodyOf(value) as unknown as Level
    for (let level = 0; level < 199; level += 1) {
      const { values } = json.kvlistValue
      expect(values[0].key).toBe('k')
      json = values[0].value
    }
    expect(json).toEqual({ stringValue: 'x' })
  })

  it('is refused beyond 200 levels of arrays and maps, also where it is gathered', () => {
    const nested = (levels: number, number: 5 | 6) => {
      let value = stringField(1, 'x')
      for (let level = 0; level < levels; level += 1) {
        value = messageField(number, [messageField(1, number === 5 ? [value] : [messageField(2, [value])])])
      }
      return value
    }
    const twice = [stringField(3, 'a'), stringField(3, 'b')]
    for (const others of [[], twice]) {
      for (const number of [5, 6] as const) {
        const line = otlpProtobufToJson(withRecord(...others, messageField(5, [nested(200, number)])))
        expect(JSON.parse(line.toString())).toBeTypeOf('object')
        const deeper = withRecord(...others, messageField(5, [nested(201, number)]))
        expect(codeOf(() => otlpProtobufToJson(deeper))).toBe('FIELDSEAL_INPUT_TOO_DEEP')
      }
    }
  })

  it('is refused where it is malformed, and nothing else is thrown for any bytes', () => {
    const { bytes } = WORKLOADS.W0.batch(1, 0)
    expect(codeOf(() => otlpProtobufToJson(bytes.subarray(0, bytes.length - 1)))).toBe('FIELDSEAL_INPUT_MALFORMED')
    const refused = ['FIELDSEAL_INPUT_MALFORMED', undefined]
    fc.assert(
      fc.property(requests, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }), (request, changes) => {
        const broken = encoded(request)
        if (broken.length > 0) for (const [at, byte] of changes) broken[at % broken.length] = byte
        expect(refused).toContain(codeOf(() => JSON.parse(otlpProtobufToJson(broken).toString('utf8'))))
      }),
      { numRuns: 1000 },
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (any) => {
        expect(refused).toContain(codeOf(() => JSON.parse(otlpProtobufToJson(Buffer.from(any)).toString('utf8'))))
      }),
      { numRuns: 1000 },
    )
  })

  it('names the record in which it is malformed', () => {
    const good = messageField(2, [stringField(3, 'ok')])
    const bad = messageField(2, [Buffer.from([0x1a, 0x7f])])
    const bytes = messageField(1, [messageField(2, [good, good, bad])])
    expect(() => otlpProtobufToJson(bytes)).toThrow(
      expect.objectContaining({ place: expect.objectContaining({ record: 2 }) }),
    )
  })
})

/** The code of the error that is thrown; undefined where none is. */
function codeOf(act: () => unknown): string | undefined {
  try {
    act()
  } catch (error) {
    return error instanceof FieldsealError ? error.code : `not ours: ${error}`
  }
  return undefined
}
