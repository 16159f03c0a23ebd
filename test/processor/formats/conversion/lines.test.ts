import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FieldsealError } from '../../../../processor/errors.ts'
import { codeOf } from '../../engine/fixtures.ts'
import {
  attributesOf,
  convert,
  encoded,
  jsonRequests,
  lostOf,
  type Message,
  NOW,
  normal,
  recordFrom,
  recordsOf,
  requests,
} from './fixtures.ts'

const toLines = (bytes: Buffer) => convert('json-lines', 'otlp-protobuf', bytes)
const toOtlp = (lines: Buffer | string) => convert('otlp-protobuf', 'json-lines', lines)
const record = (line: string) => recordFrom('json-lines', line).record
const attributes = (line: string) => attributesOf(record(line))
/** The line that a record becomes. */
const line = (logRecord: object, around: object = {}, aroundScope: object = {}) =>
  toLines(
    encoded({ resourceLogs: [{ ...around, scopeLogs: [{ ...aroundScope, logRecords: [logRecord] }] }] }),
  ).bytes.toString()
const parsed = (...args: Parameters<typeof line>) => JSON.parse(line(...args)) as Message

describe('OTLP as lines of JSON', () => {
  it('comes back as it was, whatever the keys of its attributes are', () => {
    fc.assert(
      fc.property(jsonRequests, (request) => {
        const bytes = encoded(request)
        const lines = toLines(bytes)
        const back = toOtlp(lines.bytes)
        expect(normal(recordsOf(back.bytes) as never)).toEqual(normal(recordsOf(bytes) as never))
        expect([lines.records, back.records]).toEqual(Array(2).fill(recordsOf(bytes).length))
        expect([lostOf(lines), lostOf(back)]).toEqual([{}, {}])
      }),
      { numRuns: 200 },
    )
  })

  it('is one object a line that JSON.parse takes, for each record in its order', () => {
    fc.assert(
      fc.property(requests, (request) => {
        const bytes = encoded(request)
        const lines = toLines(bytes).bytes.toString().split('\n')
        expect(lines.pop()).toBe('')
        expect(lines.map((text) => typeof JSON.parse(text))).toEqual(recordsOf(bytes).map(() => 'object'))
      }),
    )
  })

  it('has documented names for the fields of a record', () => {
    const text = line(
      {
        timeUnixNano: '1700000000123456789',
        observedTimeUnixNano: '1700000001000000000',
        severityNumber: 9,
        severityText: 'INFO',
        body: { stringValue: 'user paid' },
        attributes: [{ key: 'user.id', value: { intValue: '7' } }],
        droppedAttributesCount: 2,
        flags: 1,
        traceId: Buffer.alloc(16, 1),
        spanId: Buffer.alloc(8, 2),
        eventName: 'payment',
      },
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
        schemaUrl: 'https://example.com/1',
      },
      { scope: { name: 'lib', version: '1.0' } },
    )
    expect(text).toBe(
      `${JSON.stringify({
        time: '2023-11-14T22:13:20.123456789Z',
        observed_time: '2023-11-14T22:13:21.000000000Z',
        level: 'INFO',
        severity_number: 9,
        message: 'user paid',
        event_name: 'payment',
        trace_id: '01'.repeat(16),
        span_id: '02'.repeat(8),
        trace_flags: '01',
        'user.id': 7,
        dropped_attributes_count: 2,
        resource: { schema_url: 'https://example.com/1', attributes: { 'service.name': 'shop' } },
        scope: { name: 'lib', version: '1.0', attributes: {} },
      })}\n`,
    )
  })

  it('names a level where a record has a severity number alone', () => {
    expect(parsed({ severityNumber: 18 })).toEqual({ level: 'error2', severity_number: 18 })
    expect(parsed({ severityNumber: 99 })).toEqual({ severity_number: 99 })
  })

  it('puts attributes. before the key of an attribute that has the name of a field or of a body', () => {
    const keys = ['time', 'attributes.time', 'log', 'resource', 'other', 'attributes.other']
    const value = { stringValue: 'x' }
    expect(Object.keys(parsed({ attributes: keys.map((key) => ({ key, value })) }))).toEqual([
      ...['attributes.time', 'attributes.attributes.time', 'attributes.log', 'attributes.resource'],
      ...['other', 'attributes.other'],
    ])
  })

  it('tells doubles from integers by a point or an exponent', () => {
    const values = [{ doubleValue: 5 }, { intValue: '5' }, { doubleValue: -0 }, { doubleValue: 1e300 }]
    expect(line({ body: { arrayValue: { values } } })).toBe('{"message":[5.0,5,-0.0,1e+300]}\n')
  })

  it('writes bytes as base64, NaN and infinities as texts, and counts them', () => {
    const values = [{ bytesValue: Buffer.from([255, 0]) }, { doubleValue: Number.NaN }, { doubleValue: -Infinity }]
    const bytes = encoded({ resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { arrayValue: { values } } }] }] }] })
    const lines = toLines(bytes)
    expect(lines.bytes.toString()).toBe('{"message":["/wA=","NaN","-Infinity"]}\n')
    expect(lostOf(lines)).toEqual({ bytes_as_text: 1, number_as_text: 2 })
  })

  it('leaves out ids of another length and entity references, and counts them', () => {
    const bytes = encoded({
      resourceLogs: [
        {
          resource: { attributes: [{ key: 'a', value: { intValue: '1' } }] },
          scopeLogs: [{ logRecords: [{ traceId: Buffer.alloc(3, 1), spanId: Buffer.alloc(8, 1) }] }],
        },
      ],
    })
    const lines = toLines(bytes)
    expect(JSON.parse(lines.bytes.toString())).toEqual({ span_id: '01'.repeat(8), resource: { attributes: { a: 1 } } })
    expect(lostOf(lines)).toEqual({ id_left_out: 1 })
  })

  it('keeps keys that occur twice, empty keys and __proto__', () => {
    const entries = [
      ['a', '1'],
      ['a', '2'],
      ['', '3'],
      ['__proto__', '4'],
    ]
    const attributes = entries.map(([key, intValue]) => ({ key, value: { intValue } }))
    expect(line({ attributes })).toBe('{"a":1,"a":2,"":3,"__proto__":4}\n')
  })

  it('writes an empty value as null', () => {
    expect(line({ attributes: [{ key: 'a' }, { key: 'b', value: {} }] })).toBe('{"a":null,"b":null}\n')
  })

  it('refuses more bytes than it may become, however often its resource would have to be repeated', () => {
    const resource = { attributes: [{ key: 'k', value: { stringValue: 'x'.repeat(10_000) } }] }
    const bytes = encoded({ resourceLogs: [{ resource, scopeLogs: [{ logRecords: Array(10_000).fill({}) }] }] })
    expect(codeOf(() => toLines(bytes))).toBe('FIELDSEAL_INPUT_TOO_LARGE')
  })

  it('is what a text becomes: a body', () => {
    const lines = convert('json-lines', 'text', '{"a":1}\nplain\n')
    const time = '2027-01-15T08:00:00.000000001Z'
    expect(lines.bytes.toString()).toBe(
      `{"observed_time":"${time}","message":"{\\"a\\":1}"}\n{"observed_time":"${time}","message":"plain"}\n`,
    )
  })

  it('is what is asked for with lines of text, since a text can be anything on one line', () => {
    const bytes = encoded({ resourceLogs: [{ scopeLogs: [{ logRecords: [{ severityNumber: 9 }] }] }] })
    expect(convert('text', 'otlp-protobuf', bytes).bytes).toEqual(toLines(bytes).bytes)
    const given = Buffer.from('{"a":1}\n')
    expect(convert('text', 'json-lines', given).bytes).toEqual(given)
  })
})

describe('lines of JSON as OTLP', () => {
  it('have the observed time of the batch where they state none', () => {
    expect(record('{}')).toEqual({ observedTimeUnixNano: String(NOW) })
    expect(record('{"observed_time":"2023-11-14T22:13:20.5Z"}')).toEqual({
      observedTimeUnixNano: '1700000000500000000',
    })
  })

  it.each([
    ['seconds', '1700000000', '1700000000000000000'],
    ['seconds with a fraction', '1700000000.123456789', '1700000000123456789'],
    ['milliseconds, as pino has them', '1700000000123', '1700000000123000000'],
    ['microseconds', '1700000000123456', '1700000000123456000'],
    ['nanoseconds', '1700000000123456789', '1700000000123456789'],
    ['digits in a text', '"1700000000123"', '1700000000123000000'],
    ['RFC 3339', '"2023-11-14T22:13:20Z"', '1700000000000000000'],
    ['nanoseconds of RFC 3339', '"2023-11-14T22:13:20.123456789Z"', '1700000000123456789'],
    ['an offset', '"2023-11-15T03:43:20.1+05:30"', '1700000000100000000'],
    [
      'an offset without a colon, and a comma, as Python has them',
      '"2023-11-14 21:13:20,123-0100"',
      '1700000000123000000',
    ],
    ['no zone, which is UTC', '"2023-11-14T22:13:20"', '1700000000000000000'],
    ['a 61st second', '"2016-12-31T23:59:60Z"', '1483228800000000000'],
  ])('take the time: %s', (_what, token, expected) => {
    expect(record(`{"time":${token}}`).timeUnixNano).toBe(expected)
    expect(record(`{"timestamp":${token}}`).timeUnixNano).toBe(expected)
    expect(record(`{"time":${token}}`).attributes).toBeUndefined()
  })

  it.each([
    '"2023-02-30T00:00:00Z"',
    '"2023-13-01T00:00:00Z"',
    '"1960-01-01T00:00:00Z"',
    '"T"',
    '-5',
    'true',
    '99999999999999999999',
  ])('leave what is no time an attribute: %s', (token) => {
    expect(record(`{"time":${token}}`).timeUnixNano).toBeUndefined()
    expect(Object.keys(attributes(`{"time":${token}}`))).toEqual(['time'])
  })

  it('take one time, and leave the other an attribute', () => {
    expect(record('{"timestamp":"yesterday","time":1700000000}')).toMatchObject({ timeUnixNano: '1700000000000000000' })
    expect(attributes('{"timestamp":1,"time":1700000000}')).toEqual({ timestamp: { intValue: '1' } })
  })

  it.each([
    [10, 1, 'TRACE'],
    [20, 5, 'DEBUG'],
    [30, 9, 'INFO'],
    [35, 9, '35'],
    [40, 13, 'WARN'],
    [50, 17, 'ERROR'],
    [60, 21, 'FATAL'],
  ])('take a level as pino numbers it: %i', (level, severityNumber, severityText) => {
    expect(record(`{"level":${level}}`)).toMatchObject({ severityNumber, severityText })
  })

  it.each([
    ['info', 9],
    ['WARNING', 13],
    ['Error', 17],
    ['critical', 18],
    ['notice', 10],
    ['DEBUG3', 7],
    ['custom', undefined],
  ])('take a level by its name: %s', (level, severityNumber) => {
    const { severityNumber: number, severityText } = record(`{"level":"${level}"}`)
    expect([number, severityText]).toEqual([severityNumber, level])
  })

  it.each(['7', '"jane@x.org"', '"[sealed:email:Q3vR8k2w/0]"', '"eyJhbGciOiJ.a.b"', 'null', '["info"]'])(
    'leave what is no level an attribute: %s',
    (token) => {
      expect(record(`{"level":${token}}`).severityText).toBeUndefined()
      expect(Object.keys(attributes(`{"level":${token}}`))).toEqual(['level'])
    },
  )

  it('take ids and flags of traces, and leave what is none an attribute', () => {
    expect(record(`{"trace_id":"${'aB'.repeat(16)}","span_id":"${'01'.repeat(8)}","trace_flags":"01"}`)).toMatchObject({
      traceId: 'ab'.repeat(16),
      spanId: '01'.repeat(8),
      flags: 1,
    })
    expect(attributes('{"trace_id":"x","span_id":1,"trace_flags":"1"}')).toEqual({
      trace_id: { stringValue: 'x' },
      span_id: { intValue: '1' },
      trace_flags: { stringValue: '1' },
    })
  })

  it('take the first of body_keys that is there for the body, and the others for attributes', () => {
    expect(record('{"log":"l","msg":"m"}')).toMatchObject({
      body: { stringValue: 'm' },
      attributes: [{ key: 'log', value: { stringValue: 'l' } }],
    })
    expect(record('{"msg":"one","msg":{"two":2}}').body).toEqual({
      kvlistValue: { values: [{ key: 'two', value: { intValue: '2' } }] },
    })
    expect(recordFrom('json-lines', '{"text":"t"}', { bodyKeys: ['text'] }).record.body).toEqual({ stringValue: 't' })
  })

  it('keep maps and arrays as they are nested, of whatever types', () => {
    expect(attributes('{"a":{"b":[1,"x",null,[true],{"c":{}}]}}').a).toEqual({
      kvlistValue: {
        values: [
          {
            key: 'b',
            value: {
              arrayValue: {
                values: [
                  { intValue: '1' },
                  { stringValue: 'x' },
                  {},
                  { arrayValue: { values: [{ boolValue: true }] } },
                  { kvlistValue: { values: [{ key: 'c', value: { kvlistValue: {} } }] } },
                ],
              },
            },
          },
        ],
      },
    })
  })

  it.each([
    ['9223372036854775807', { intValue: '9223372036854775807' }],
    ['-9223372036854775808', { intValue: '-9223372036854775808' }],
    ['36028797018963964', { intValue: '36028797018963964' }],
    ['5.0', { doubleValue: 5 }],
    ['1e3', { doubleValue: 1000 }],
    ['-0', { doubleValue: -0 }],
    ['0.1', { doubleValue: 0.1 }],
    ['1.7976931348623157e308', { doubleValue: Number.MAX_VALUE }],
  ])('keep the number %s', (token, value) => {
    expect(attributes(`{"n":${token}}`).n).toEqual(value)
  })

  it.each(['9223372036854775808', '1e999', '0.12345678901234567890', '123456789012345678901234567890'])(
    'write as a text what no number of OTLP holds, and count it: %s',
    (token) => {
      expect(attributes(`{"n":${token}}`).n).toEqual({ stringValue: token })
      expect(lostOf(toOtlp(`{"n":${token}}`))).toEqual({ number_as_text: 1 })
    },
  )

  it('keep what any number of JSON.stringify is', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        const value = attributes(`{"n":${JSON.stringify(number)}}`).n as Message
        const read = value.doubleValue ?? value.intValue ?? value.stringValue
        expect(Number(read)).toBe(number === 0 ? 0 : number)
      }),
    )
  })

  it('keep keys that occur twice, empty keys and __proto__', () => {
    const { attributes } = record('{"a":1,"a":2,"":3,"__proto__":{"x":1},"\\u005f_proto__":4}')
    expect((attributes as Message[]).map(({ key = '' }) => key)).toEqual(['a', 'a', '', '__proto__', '__proto__'])
  })

  it('replace what is no UTF-8, and halves of surrogate pairs, and count the texts', () => {
    const raw = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xc3]), Buffer.from('","b\\ud800":"\\udfff"}')])
    const there = toOtlp(raw)
    expect(attributesOf(recordsOf(there.bytes)[0]!.record)).toEqual({
      a: { stringValue: '\ufffd' },
      'b\ufffd': { stringValue: '\ufffd' },
    })
    expect(lostOf(there).text_replaced).toBeGreaterThanOrEqual(3)
  })

  it('are texts where they are no objects', () => {
    const records = recordsOf(toOtlp('plain\r\n\n  \n[1]\n\ufeff{"msg":"m"}\n"quoted"').bytes)
    expect(records.map(({ record: { body } }) => (body as Message).stringValue)).toEqual([
      'plain',
      '[1]',
      'm',
      '"quoted"',
    ])
  })

  it('keep a member resource or scope that we have not written an attribute', () => {
    expect(attributes('{"resource":{"id":5},"scope":"x"}')).toEqual({
      resource: { kvlistValue: { values: [{ key: 'id', value: { intValue: '5' } }] } },
      scope: { stringValue: 'x' },
    })
    expect(Object.keys(attributes('{"resource":{"attributes":{},"more":1}}'))).toEqual(['resource'])
    const sealed = '{"scope":{"attributes":{},"name":"{\\"protected\\":\\"x"}}'
    expect(Object.keys(attributes(sealed))).toEqual(['scope'])
  })

  it('share one ResourceLogs as long as resource and scope are the same', () => {
    const one = '{"resource":{"attributes":{"a":1}}}'
    const two = '{"resource":{"attributes":{"a":2}}}'
    const { resourceLogs } = JSON.parse(
      convert('otlp-json', 'json-lines', [one, one, two, '{}', '{}', one].join('\n')).bytes.toString(),
    )
    const sizes = resourceLogs.map((logs: { scopeLogs: [{ logRecords: [] }] }) => logs.scopeLogs[0].logRecords.length)
    expect(sizes).toEqual([2, 1, 2, 1])
  })

  it.each([
    ['an object cut off', '{"a":1'],
    ['something behind the object', '{"a":1} x'],
    ['a bad escape', '{"a":"\\x"}'],
    ['a bad number', '{"a":01}'],
  ])('are refused with %s, and the error says which record it is', (_what, text) => {
    const run = () => toOtlp(`{}\n${text}`)
    expect(codeOf(run)).toBe('FIELDSEAL_INPUT_MALFORMED')
    try {
      run()
    } catch (error) {
      expect((error as FieldsealError).place.record).toBe(1)
    }
  })

  it('are refused where they are nested deeper than OTLP is read', () => {
    const nested = (levels: number) => `{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`
    const there = toOtlp(nested(200))
    expect(convert('otlp-json', 'otlp-protobuf', there.bytes).records).toBe(1)
    expect(toLines(there.bytes).records).toBe(1)
    expect(codeOf(() => toOtlp(nested(201)))).toBe('FIELDSEAL_INPUT_TOO_DEEP')
  })

  it('throw nothing but errors with a code, whatever they are', () => {
    const noise = fc.string({ unit: fc.constantFrom(...'{}[]",:\\u0019eat \n'), maxLength: 60 })
    fc.assert(
      fc.property(fc.oneof(noise, fc.json(), fc.string()), (text) => {
        try {
          toOtlp(text)
        } catch (error) {
          expect(error).toBeInstanceOf(FieldsealError)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('hold what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
        const text = JSON.stringify({ only: object })
        // Integers beyond 64 bits, which JavaScript has as doubles, are texts.
        fc.pre(!/\d{19}/.test(text))
        // What protobufjs has decoded is read without defaults, and a key "0" looks like one.
        fc.pre(!text.includes('"0":'))
        const value = attributes(text).only
        expect(plain(value as Message)).toEqual(JSON.parse(text).only)
      }),
    )
  })
})

/** What an AnyValue is, as JSON.parse would have it. */
function plain(value: Message): unknown {
  const [[name, content] = ['', null]] = Object.entries(value)
  if (name === 'kvlistValue') {
    const { values = [] } = content as { values?: Message[] }
    const members = values.map((entry) => [entry.key ?? '', plain((entry.value ?? {}) as Message)] as const)
    const object = {}
    for (const [key, member] of members)
      Object.defineProperty(object, String(key), {
        value: member,
        enumerable: true,
        configurable: true,
        writable: true,
      })
    return object
  }
  if (name === 'arrayValue') return ((content as { values?: Message[] }).values ?? []).map(plain)
  return name === 'intValue' ? Number(content) : content
}
