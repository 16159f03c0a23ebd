import { decode, ExtData, encode } from '@msgpack/msgpack'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HeaderReader, TYPE } from '../../../../processor/formats/message-pack/header.ts'
import * as write from '../../../../processor/formats/message-pack/write.ts'

const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }),
    fc.double(),
    fc.string({ maxLength: 300 }),
    fc.uint8Array({ maxLength: 300 }),
    fc.array(tie('value'), { maxLength: 20 }),
    fc.dictionary(
      fc.string().filter((key) => key !== '__proto__'),
      tie('value'),
      { maxKeys: 20 },
    ),
  ),
})).value

describe('headers of MessagePack', () => {
  test('every value that another library writes ends where its bytes end, and nowhere before', () => {
    fc.assert(
      fc.property(values, (value) => {
        const bytes = encode(value, { useBigInt64: true })
        expect(new HeaderReader(bytes).skip(0, 64)).toBe(bytes.length)
        for (const end of [bytes.length - 1, bytes.length >> 1, 0]) {
          expect(() => new HeaderReader(bytes.subarray(0, end)).skip(0, 64)).toThrow(
            expect.objectContaining({ code: 'FIELDSEAL_INPUT_MALFORMED' }),
          )
        }
      }),
    )
  })

  test('integers of every width are exact', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }), (value) => {
        const bytes = write.integer(value)
        const reader = new HeaderReader(bytes)
        reader.read(0)
        expect(reader.integer()).toBe(value)
        expect(BigInt(decode(bytes, { useBigInt64: true }) as number)).toBe(value)
      }),
    )
  })

  test('floats of both widths are read', () => {
    const reader = new HeaderReader(Buffer.from('ca3fc00000cbc004000000000000', 'hex'))
    expect(reader.read(0)).toBe(5)
    expect([reader.type, reader.float()]).toEqual([TYPE.FLOAT32, 1.5])
    expect(reader.read(5)).toBe(14)
    expect([reader.type, reader.float()]).toEqual([TYPE.FLOAT64, -2.5])
  })

  test('extensions of every form say their type', () => {
    for (const length of [1, 2, 3, 4, 8, 16, 17, 300, 70_000]) {
      const reader = new HeaderReader(encode(new ExtData(-3, new Uint8Array(length))))
      expect(reader.read(0)).toBe(reader.bytes.length)
      expect([reader.type, reader.extensionType, reader.length]).toEqual([TYPE.EXTENSION, -3, length])
    }
  })

  test('a count that cannot be true is refused at its header', () => {
    for (const header of ['ddffffffff', 'dfffffffff', 'dcffff', 'deffff', '9f', '8f', 'c6ffffffff', 'dbffffffff']) {
      expect(() => new HeaderReader(Buffer.from(header, 'hex')).read(0)).toThrow(
        expect.objectContaining({ code: 'FIELDSEAL_INPUT_MALFORMED' }),
      )
    }
  })

  test('arrays in arrays are refused beyond the depth, before they are gone into', () => {
    const nested = Buffer.alloc(5_000_000, 0x91)
    expect(() => new HeaderReader(nested).skip(0, 64)).toThrow(
      expect.objectContaining({ code: 'FIELDSEAL_INPUT_TOO_DEEP' }),
    )
  })

  test('the byte that no value begins with is malformed', () => {
    expect(() => new HeaderReader(Buffer.from([0xc1])).read(0)).toThrow(
      expect.objectContaining({ code: 'FIELDSEAL_INPUT_MALFORMED' }),
    )
  })
})

describe('MessagePack as we write it', () => {
  test('another library reads it', () => {
    for (const length of [0, 1, 15, 16, 31, 32, 255, 256, 65_535, 65_536]) {
      const content = Buffer.alloc(length, 'x')
      expect(decode(write.string(content))).toBe(content.toString())
      expect(Buffer.from(decode(write.binary(content)) as Uint8Array).equals(content)).toBe(true)
      const elements = Array.from({ length }, () => write.nil())
      expect(decode(write.array(elements))).toHaveLength(length)
      const pairs = elements.map((value, index) => [write.integer(index), value] as const)
      expect(decode(write.map(pairs), { mapKeyConverter: (key) => key as number })).toEqual(
        Object.fromEntries(elements.map((_, index) => [index, null])),
      )
    }
    expect(decode(write.double(0.1))).toBe(0.1)
    expect([decode(write.boolean(true)), decode(write.boolean(false))]).toEqual([true, false])
    const { type, data } = decode(write.eventTime(1, 2)) as ExtData
    expect([type, Buffer.from(data as Uint8Array).toString('hex')]).toEqual([0, '0000000100000002'])
  })
})
