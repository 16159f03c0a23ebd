import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FieldsealError } from '../../../../processor/errors.ts'
import { convertTo } from '../../../../processor/formats/conversion/index.ts'
import { requests } from '../../../arbitraries/otlp-requests.ts'
import { codeOf } from '../../engine/fixtures.ts'
import { decodedJson, requestType } from '../otlp-full-messages.ts'

const options = { bodyKeys: ['msg', 'message', 'log'] }
const encoded = (request: object) => Buffer.from(requestType.encode(requestType.fromObject(request)).finish())
const json = (text: string | object) => Buffer.from(typeof text === 'string' ? text : JSON.stringify(text))
const toProtobuf = (bytes: Buffer) => convertTo('otlp-protobuf', { bytes, format: 'otlp-json' }, options)
const toJson = (bytes: Buffer) => convertTo('otlp-json', { bytes, format: 'otlp-protobuf' }, options)

/** A request with one record, given as OTLP JSON. */
const withRecord = (record: string) => json(`{"resourceLogs":[{"scopeLogs":[{"logRecords":[${record}]}]}]}`)
const recordOf = (bytes: Buffer) =>
  (decodedJson(bytes) as never as { resourceLogs: [{ scopeLogs: [{ logRecords: [Record<string, unknown>] }] }] })
    .resourceLogs[0].scopeLogs[0].logRecords[0]
const read = (record: string) => recordOf(toProtobuf(withRecord(record)).bytes)
const lostOf = (lost: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(lost).filter(([, count]) => count > 0))

describe('OTLP between its encodings', () => {
  it('gives the same request again, by way of JSON, as protobufjs reads it', () => {
    fc.assert(
      fc.property(requests, (request) => {
        const bytes = encoded(request)
        const there = toJson(bytes)
        const back = toProtobuf(there.bytes)
        expect(decodedJson(back.bytes)).toEqual(decodedJson(bytes))
        expect(back.records).toBe(there.records)
        expect(lostOf(back.lost)).toEqual({})
      }),
      { numRuns: 150 },
    )
  })

  it('is not touched where it has the encoding already', () => {
    const bytes = Buffer.from('not looked at')
    const { messages, ...same } = convertTo('otlp-json', { bytes, format: 'otlp-json', records: 7 }, options)
    expect(same).toMatchObject({ bytes, records: 7 })
    expect(messages).toEqual([{ bytes, records: 7 }])
    expect(same.bytes).toBe(bytes)
  })

  it('counts the records of a batch that has the encoding already, where nobody knows their number', () => {
    const bytes = withRecord('{},{}')
    const same = convertTo('otlp-json', { bytes, format: 'otlp-json' }, options)
    expect(same.bytes).toBe(bytes)
    expect(same.records).toBe(2)
  })

  it('keeps integers of 64 bits that stand as numbers or as texts', () => {
    expect(read('{"timeUnixNano":1700000000123456789,"body":{"intValue":36028797018963964}}')).toEqual({
      timeUnixNano: '1700000000123456789',
      body: { intValue: '36028797018963964' },
    })
    expect(read('{"timeUnixNano":"18446744073709551615","body":{"intValue":"-9223372036854775808"}}')).toEqual({
      timeUnixNano: '18446744073709551615',
      body: { intValue: '-9223372036854775808' },
    })
  })

  it('takes null for absent, and for an empty value in an array', () => {
    expect(read('{"body":null,"severityText":null,"attributes":null}')).toEqual({})
    expect(read('{"body":{"arrayValue":{"values":[null,{},{"intValue":1}]}}}')).toEqual({
      body: { arrayValue: { values: [{}, {}, { intValue: '1' }] } },
    })
  })

  it('takes ids in hexadecimal in any case, leaves out what is none, and counts it', () => {
    expect(read('{"traceId":"0102030405060708090A0B0C0D0E0F10","spanId":"aAbBcCdDeEfF0011"}')).toEqual({
      traceId: '0102030405060708090a0b0c0d0e0f10',
      spanId: 'aabbccddeeff0011',
    })
    const odd = toProtobuf(withRecord('{"traceId":"xyz"}'))
    expect(recordOf(odd.bytes)).toEqual({})
    expect(lostOf(odd.lost)).toEqual({ id_left_out: 1 })
  })

  it('takes enums by their names too, as encoders of protobuf write them', () => {
    expect(read('{"severityNumber":"SEVERITY_NUMBER_ERROR2"}')).toEqual({ severityNumber: 18 })
    expect(read('{"severityNumber":17}')).toEqual({ severityNumber: 17 })
  })

  it('replaces halves of surrogate pairs, and bytes that are no UTF-8, and counts the texts', () => {
    const odd = toProtobuf(withRecord('{"body":{"stringValue":"a\\ud800b"}}'))
    expect(recordOf(odd.bytes)).toEqual({ body: { stringValue: 'a\ufffdb' } })
    expect(lostOf(odd.lost)).toEqual({ text_replaced: 1 })
    const raw = Buffer.concat([json('{"severityText":"'), Buffer.from([0xff]), json('"}')])
    const bytes = withRecord('@').toString().split('@')
    const broken = toProtobuf(Buffer.concat([json(bytes[0]!), raw, json(bytes[1]!)]))
    expect(recordOf(broken.bytes)).toEqual({ severityText: '\ufffd' })
    expect(lostOf(broken.lost)).toEqual({ text_replaced: 1 })
    const text = encoded({ resourceLogs: [{ scopeLogs: [{ logRecords: [{ severityText: '@@' }] }] }] })
    text[text.indexOf('@@')] = 0xff
    expect(lostOf(toJson(text).lost)).toEqual({ text_replaced: 1 })
  })

  it('counts fields that OTLP does not know', () => {
    expect(lostOf(toProtobuf(withRecord('{"novelty":{"a":1},"severityNumber":1}')).lost)).toEqual({
      unknown_fields_left_out: 1,
    })
    const unknown = Buffer.from([0x98, 0x06, 0x01])
    expect(lostOf(toJson(unknown).lost)).toEqual({ unknown_fields_left_out: 1 })
  })

  it.each([
    ['a number in the place of an object', '{"resourceLogs":[1]}'],
    ['an object in the place of an array', '{"resourceLogs":{}}'],
    ['something behind the request', '{} {}'],
    ['nothing', ''],
    ['an integer that is none', withRecord('{"body":{"intValue":"1.5"}}').toString()],
    ['an integer beyond 64 bits', withRecord('{"body":{"intValue":"9223372036854775808"}}').toString()],
    ['a double that is none', withRecord('{"body":{"doubleValue":"one"}}').toString()],
    ['a boolean that is none', withRecord('{"body":{"boolValue":1}}').toString()],
    ['a text cut off', '{"resourceLogs":[{"schemaUrl":"'],
  ])('refuses %s, and says none of it', (_what, text) => {
    expect(codeOf(() => toProtobuf(json(text)))).toBe('FIELDSEAL_INPUT_MALFORMED')
  })

  it('refuses what is nested deeper than a record may be', () => {
    const nested = (levels: number) =>
      withRecord(`{"body":${'{"arrayValue":{"values":['.repeat(levels)}{}${']}}'.repeat(levels)}}`)
    expect(toProtobuf(nested(200)).records).toBe(1)
    expect(codeOf(() => toProtobuf(nested(201)))).toBe('FIELDSEAL_INPUT_TOO_DEEP')
  })

  it('throws nothing but errors with a code, whatever it is given', () => {
    fc.assert(
      fc.property(requests, fc.nat(), fc.nat({ max: 255 }), (request, at, byte) => {
        const bytes = toJson(encoded(request)).bytes
        if (bytes.length === 0) return
        const broken = Buffer.from(bytes)
        broken[at % broken.length] = byte
        try {
          toProtobuf(broken)
        } catch (error) {
          expect(error).toBeInstanceOf(FieldsealError)
        }
      }),
    )
  })
})
