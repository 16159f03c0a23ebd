import fc from 'fast-check'
import protobuf from 'protobufjs'
import { describe, expect, test } from 'vitest'
import { FieldsealError } from '../../../processor/errors.ts'
import {
  decodeVarint64,
  encodeField,
  encodeVarint,
  encodeVarint64,
  WireReader,
} from '../../../processor/formats/protobuf-wire.ts'

const int64 = fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.bigInt({ min: -300n, max: 300n }))
const uint31 = fc.oneof(fc.nat(2 ** 31 - 1), fc.nat(300))

function refusal(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    if (error instanceof FieldsealError) return `${error.code}: ${error.message}`
    throw error
  }
  return undefined
}

describe('numbers', () => {
  test('are written as protobufjs writes them', () => {
    fc.assert(
      fc.property(uint31, (value) => {
        expect(Buffer.from(encodeVarint(value))).toEqual(Buffer.from(new protobuf.Writer().uint32(value).finish()))
      }),
    )
    fc.assert(
      fc.property(int64, (value) => {
        expect(protobuf.Reader.create(encodeVarint64(value)).int64().toString()).toBe(value.toString())
        expect(encodeVarint64(value)).toHaveLength(
          value < 0n ? 10 : Math.max(1, Math.ceil(value.toString(2).length / 7)),
        )
      }),
    )
  })

  test('are read as protobufjs reads them, in however many bytes', () => {
    fc.assert(
      fc.property(int64, fc.nat(9), (value, extra) => {
        const bytes = [...encodeVarint64(value)]
        const padded =
          bytes.length + extra <= 10
            ? [
                ...bytes.slice(0, -1),
                bytes.at(-1)! | (extra > 0 ? 0x80 : 0),
                ...Array.from({ length: extra }, (_, i) => (i === extra - 1 ? 0 : 0x80)),
              ]
            : bytes
        const buffer = Buffer.from(padded)
        expect(decodeVarint64(buffer, 0, buffer.length)).toBe(BigInt(protobuf.Reader.create(buffer).int64().toString()))
        expect(new WireReader(buffer).skipVarint(0, buffer.length)).toBe(buffer.length)
      }),
    )
  })

  test.each([
    ['a tag or length of 31 bits', [0xff, 0xff, 0xff, 0xff, 0x07], 2 ** 31 - 1],
    ['one that is longer than it needs to be', [0x81, 0x80, 0x80, 0x80, 0x00], 1],
    ['zero', [0], 0],
  ])('%s is taken', (_what, bytes, value) => {
    const wire = new WireReader(Buffer.from(bytes))
    expect(wire.varint31(0, bytes.length)).toBe(value)
    expect(wire.at).toBe(bytes.length)
  })

  test.each([
    ['32 bits', [0xff, 0xff, 0xff, 0xff, 0x08], 'a length or tag is too large'],
    ['64 bits', [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], 'a length or tag is too large'],
    ['six bytes for nothing', [0x80, 0x80, 0x80, 0x80, 0x80, 0x00], 'a length or tag is too large'],
    ['nothing', [], 'a number is cut off'],
    ['a first byte', [0x80], 'a number is cut off'],
  ])('%s as a tag or length is refused', (_what, bytes, problem) => {
    expect(refusal(() => new WireReader(Buffer.from(bytes)).varint31(0, bytes.length))).toBe(
      `FIELDSEAL_INPUT_MALFORMED: malformed protobuf: ${problem}`,
    )
  })

  test('of eleven bytes are none', () => {
    const bytes = Buffer.from([...Array.from({ length: 10 }, () => 0x80), 0])
    expect(refusal(() => new WireReader(bytes).skipVarint(0, bytes.length))).toContain('cut off or too long')
    expect(() => protobuf.Reader.create(bytes).int64()).toThrow()
  })
})

describe('fields', () => {
  test('are written as protobufjs writes them', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2 ** 28 - 1 }),
        fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 4 }),
        (number, parts) => {
          const content = Buffer.concat(parts)
          const written = new protobuf.Writer()
            .uint32(number * 8 + 2)
            .bytes(content)
            .finish()
          expect(Buffer.from(encodeField(number * 8 + 2, ...parts))).toEqual(Buffer.from(written))
        },
      ),
    )
  })

  test('end where protobufjs says that they end', () => {
    const field = fc.tuple(
      fc.integer({ min: 1, max: 1000 }),
      fc.constantFrom(0, 1, 2, 5),
      fc.uint8Array({ minLength: 8, maxLength: 40 }),
    )
    fc.assert(
      fc.property(fc.array(field, { minLength: 1 }), (fields) => {
        const writer = new protobuf.Writer()
        for (const [number, type, bytes] of fields) {
          writer.uint32(number * 8 + type)
          if (type === 0) writer.uint32(bytes[0]! * 1000)
          else if (type === 1) writer.fixed64(bytes[0]!)
          else if (type === 2) writer.bytes(bytes)
          else writer.fixed32(bytes[0]!)
        }
        const bytes = Buffer.from(writer.finish())
        const wire = new WireReader(bytes)
        const reader = protobuf.Reader.create(bytes)
        for (let position = 0; position < bytes.length; ) {
          const tag = wire.varint31(position, bytes.length)
          expect(reader.uint32()).toBe(tag)
          position = wire.skip(tag, wire.at, bytes.length)
          reader.skipType(tag & 7)
          expect(reader.pos).toBe(position)
        }
      }),
    )
  })

  test.each([
    ['a length that reaches beyond', [0x0a, 0x05, 1, 2], 'a length reaches beyond its message'],
    ['a fixed64 that is cut off', [0x09, 1, 2, 3], 'a field is cut off'],
    ['a fixed32 that is cut off', [0x0d, 1, 2], 'a field is cut off'],
    ['wire type 6', [0x0e, 1], 'unknown wire type'],
    ['wire type 7', [0x0f, 1], 'unknown wire type'],
    ['the end of a group that was not begun', [0x0c], 'unknown wire type'],
    ['field number 0', [0x02, 0], 'field number 0'],
    ['field number 0 in too many bytes', [0x82, 0x00, 0], 'field number 0'],
    ['a group without end', [0x0b, 0x08, 1], 'a number is cut off'],
    ['a group that another one ends', [0x0b, 0x14], 'a group ends that was not begun'],
    ['field number 0 in a group', [0x0b, 0x02, 0, 0x0c], 'field number 0'],
  ])('%s is refused', (_what, bytes, problem) => {
    const wire = new WireReader(Buffer.from(bytes))
    wire.record = 7
    const run = () => wire.skip(wire.varint31(0, bytes.length), wire.at, bytes.length)
    expect(refusal(run)).toBe(`FIELDSEAL_INPUT_MALFORMED: malformed protobuf: ${problem}`)
    expect(run).toThrow(expect.objectContaining({ place: { record: 7, offset: expect.any(Number) } }))
  })

  test('groups are skipped, in one another and with fields of every type', () => {
    const bytes = Buffer.from([0x0b, 0x08, 0x96, 0x01, 0x13, 0x1a, 2, 0xff, 0xff, 0x14, 0x25, 1, 2, 3, 4, 0x0c, 0x77])
    const wire = new WireReader(bytes)
    expect(wire.skip(wire.varint31(0, bytes.length), wire.at, bytes.length)).toBe(bytes.length - 1)
  })

  test.each([
    [100, undefined],
    [101, 'FIELDSEAL_INPUT_MALFORMED: malformed protobuf: groups are nested too deep'],
    [1_000_000, 'FIELDSEAL_INPUT_MALFORMED: malformed protobuf: groups are nested too deep'],
  ])('%i groups in one another: %s', (depth, outcome) => {
    const bytes = Buffer.concat([Buffer.alloc(depth, 0x0b), Buffer.alloc(depth, 0x0c)])
    const wire = new WireReader(bytes)
    expect(refusal(() => wire.skip(wire.varint31(0, bytes.length), wire.at, bytes.length))).toBe(outcome)
  })
})
