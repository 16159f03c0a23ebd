import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { requestType } from '../../../bench/checks/otlp-messages.ts'
import { anyValueToOtlpJson, otlpJsonToAnyValue } from '../../../processor/formats/otlp-json-value.ts'
import {
  anyValueToJson,
  doubleText,
  jsonToAnyValue,
  jsonToKeyValue,
  keyValueToJson,
} from '../../../processor/formats/otlp-value-json.ts'

const anyType = requestType.root.lookupType('AnyValue')
const keyValueType = requestType.root.lookupType('KeyValue')

type Any = Record<string, unknown>

const key = fc.oneof(fc.string(), fc.constantFrom('$bytes', '$double', '$map', '$text', '', '__proto__', 'a.b'))
const { value } = fc.letrec<{ value: Any }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'any' },
    fc.oneof(fc.string(), fc.string({ unit: 'grapheme' })).map((stringValue) => ({ stringValue })),
    fc.boolean().map((boolValue) => ({ boolValue })),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((int) => ({ intValue: int.toString() })),
    fc.constantFrom('9007199254740993', '-9223372036854775808', '0').map((intValue) => ({ intValue })),
    fc.double().map((doubleValue) => ({ doubleValue })),
    fc.constantFrom(5, -0, Number.NaN, Number.POSITIVE_INFINITY, 1e21, 5e-324).map((doubleValue) => ({ doubleValue })),
    fc.uint8Array({ maxLength: 20 }).map((bytes) => ({ bytesValue: Buffer.from(bytes).toString('base64') })),
    fc.constant({}),
    fc.array(tie('value'), { maxLength: 4, depthIdentifier: 'any' }).map((values) => ({ arrayValue: { values } })),
    fc
      .array(fc.record({ key, value: tie('value') }), { maxLength: 4, depthIdentifier: 'any' })
      .map((values) => ({ kvlistValue: { values } })),
  ),
}))

const encode = (any: Any) => Buffer.from(anyType.encode(anyType.fromObject(any)).finish())
const decode = (bytes: Uint8Array) =>
  anyType.toObject(anyType.decode(bytes), { longs: String, bytes: String, arrays: true })

describe('an AnyValue', () => {
  test('comes back from JSON text as it was, to the last bit', () => {
    fc.assert(
      fc.property(value, (any) => {
        const json = anyValueToJson(encode(any))
        expect(() => JSON.parse(json)).not.toThrow()
        expect(json).not.toMatch(/[\n\r]/)
        expect(decode(jsonToAnyValue(Buffer.from(json), true))).toEqual(decode(encode(any)))
      }),
      { numRuns: 2000 },
    )
  })

  test('comes back from JSON text with its key', () => {
    fc.assert(
      fc.property(key, value, (name, any) => {
        fc.pre(name.isWellFormed())
        const entry = Buffer.from(keyValueType.encode(keyValueType.fromObject({ key: name, value: any })).finish())
        const json = keyValueToJson(entry)
        expect(Object.keys(JSON.parse(json) as object)).toEqual([name])
        const back = keyValueType.decode(jsonToKeyValue(Buffer.from(json), true))
        expect(keyValueType.toObject(back, { longs: String, bytes: String, defaults: true })).toEqual(
          keyValueType.toObject(keyValueType.decode(entry), { longs: String, bytes: String, defaults: true }),
        )
      }),
    )
  })

  test('comes back from OTLP JSON as it was', () => {
    fc.assert(
      fc.property(value, (any) => {
        const json = anyValueToOtlpJson(encode(any))
        expect(decode(otlpJsonToAnyValue(Buffer.from(json)))).toEqual(decode(encode(any)))
      }),
      { numRuns: 2000 },
    )
  })

  test('is OTLP JSON as protobufjs reads it', () => {
    fc.assert(
      fc.property(value, (any) => {
        // protobufjs takes numbers of doubles as numbers alone; the mapping has NaN and the infinities as strings.
        const json = JSON.parse(anyValueToOtlpJson(encode(any)), (name, member) =>
          name === 'doubleValue' ? Number(member) : member,
        )
        expect(decode(encode(json))).toEqual(decode(encode(any)))
      }),
      { numRuns: 2000 },
    )
  })

  test.each<[Any, string]>([
    [{}, 'null'],
    [{ intValue: '5' }, '5'],
    [{ doubleValue: 5 }, '5.0'],
    [{ doubleValue: -0 }, '-0.0'],
    [{ doubleValue: 1e21 }, '1e+21'],
    [{ doubleValue: Number.NaN }, '{"$double":"NaN"}'],
    [{ doubleValue: Number.NEGATIVE_INFINITY }, '{"$double":"-Infinity"}'],
    [{ intValue: '9007199254740993' }, '9007199254740993'],
    [{ bytesValue: '/w==' }, '{"$bytes":"/w=="}'],
    [{ kvlistValue: { values: [{ key: '$bytes', value: { intValue: '1' } }] } }, '{"$map":{"$bytes":1}}'],
    [
      {
        kvlistValue: {
          values: [
            { key: '$bytes', value: {} },
            { key: 'b', value: {} },
          ],
        },
      },
      '{"$bytes":null,"b":null}',
    ],
    [{ arrayValue: { values: [{ boolValue: false }, {}] } }, '[false,null]'],
  ])('%j is %s', (any, json) => {
    expect(anyValueToJson(encode(any))).toBe(json)
  })

  test('keeps keys that occur twice, and their order', () => {
    const any = {
      kvlistValue: {
        values: ['b', 'a', 'b'].map((name, index) => ({ key: name, value: { intValue: String(index) } })),
      },
    }
    expect(anyValueToJson(encode(any))).toBe('{"b":0,"a":1,"b":2}')
    expect(decode(jsonToAnyValue(Buffer.from('{"b":0,"a":1,"b":2}'), true))).toEqual(decode(encode(any)))
  })

  test('keeps a string that is no UTF-8', () => {
    const bytes = Buffer.from([0x0a, 2, 0xc3, 0x28])
    expect(anyValueToJson(bytes)).toBe('{"$text":"wyg="}')
    expect(Buffer.from(jsonToAnyValue(Buffer.from('{"$text":"wyg="}'), true))).toEqual(bytes)
  })

  test('that is there in several pieces is put together as protobufjs does it', () => {
    const lists = fc.array(value, { maxLength: 2 }).map((values) => ({ arrayValue: { values } }))
    const maps = fc.array(fc.record({ key, value }), { maxLength: 2 }).map((values) => ({ kvlistValue: { values } }))
    const pieces = fc.array(fc.oneof(value, lists, maps, fc.constant({})), { maxLength: 4 })
    fc.assert(
      fc.property(pieces, (anys) => {
        const bytes = Buffer.concat(anys.map(encode))
        expect(decode(jsonToAnyValue(Buffer.from(anyValueToJson(bytes)), true))).toEqual(decode(bytes))
      }),
    )
  })
})

describe('marks', () => {
  test.each(['{"$bytes":"AA=="}', '{"$double":"NaN"}', '{"$map":{"a":1}}', '{"$text":"AA=="}'])(
    '%s mean nothing where the text was made by somebody else',
    (json) => {
      const object = JSON.parse(json) as Record<string, unknown>
      const [name] = Object.keys(object)
      expect(decode(jsonToAnyValue(Buffer.from(json), false))).toMatchObject({
        kvlistValue: { values: [{ key: name }] },
      })
    },
  )
})

test('a double has the shortest text that gives it back, with a point or an exponent', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (double) => {
      const text = doubleText(double)
      expect(Object.is(Number(text), double)).toBe(true)
      expect(text).toMatch(/^-?\d+(\.\d+)?(e[+-]\d+)?$/)
      expect(text).toMatch(/[.e]/)
      expect(text.replace(/\.0$/, '')).toBe(Object.is(double, -0) ? '-0' : String(double))
    }),
  )
})
