import { decode, type ExtData } from '@msgpack/msgpack'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HeaderReader } from '../../../../processor/formats/message-pack/header.ts'
import * as write from '../../../../processor/formats/message-pack/write.ts'

const SIZES = [0, 1, 15, 16, 31, 32, 255, 256, 65_535, 65_536, 100_000]
/** Headers by what they can say: of strings, binaries, arrays and maps. */
const HEADERS: readonly (readonly [name: string, headers: (size: number) => readonly string[]])[] = [
  [
    'a string',
    (n) => [...(n < 32 ? [hex(0xa0 + n)] : []), ...(n < 256 ? [`d9${hex(n)}`] : []), ...wide(n, 'da', 'db')],
  ],
  ['a binary', (n) => [...(n < 256 ? [`c4${hex(n)}`] : []), ...wide(n, 'c5', 'c6')]],
  ['an array', (n) => [...(n < 16 ? [hex(0x90 + n)] : []), ...wide(n, 'dc', 'dd')]],
  ['a map', (n) => [...(n < 16 ? [hex(0x80 + n)] : []), ...wide(n, 'de', 'df')]],
]

function hex(value: number, bytes = 1): string {
  return value.toString(16).padStart(2 * bytes, '0')
}

function wide(size: number, of16: string, of32: string): string[] {
  return [...(size < 65_536 ? [`${of16}${hex(size, 2)}`] : []), `${of32}${hex(size, 4)}`]
}

describe('a mended header', () => {
  test.each(HEADERS)(
    'of %s is as short as it can be where it was, and else as wide as it was while that is enough',
    (_, headers) => {
      for (const before of SIZES) {
        for (const [form, had] of headers(before).entries()) {
          for (const after of SIZES) {
            const kind = had.length
            const sameWidth = headers(after).filter((one) => one.length >= kind)
            const expected = form === 0 ? headers(after)[0] : sameWidth[0]
            const mended = write.mendedHeader(Buffer.from(had, 'hex')[0]!, before, after).toString('hex')
            expect(mended, `${had} with ${after}`).toBe(expected)
          }
        }
      }
    },
  )
})

describe('what is written', () => {
  test('as an extension is read by another library', () => {
    for (const length of [0, 1, 2, 3, 4, 8, 16, 17, 255, 256, 65_535, 65_536]) {
      for (const type of [-128, -1, 0, 5, 127]) {
        const bytes = write.extension(type, Buffer.alloc(length, 7))
        if (type === -1) {
          const reader = new HeaderReader(bytes)
          expect([reader.read(0), reader.extensionType]).toEqual([bytes.length, -1])
        } else {
          const { type: readType, data } = decode(bytes) as ExtData
          expect([readType, Buffer.from(data as Uint8Array)]).toEqual([type, Buffer.alloc(length, 7)])
        }
      }
    }
  })

  test('as a number is an integer where it is one of 64 bits, and else a double', () => {
    const of = (text: string) => decode(write.number(text), { useBigInt64: true })
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }), (value) => {
        expect(BigInt(of(String(value)) as bigint)).toBe(value)
      }),
    )
    expect(of('18446744073709551616')).toBe(2 ** 64)
    expect(of('-9223372036854775809')).toBe(-(2 ** 63))
    expect(of('5.0')).toBe(5)
    expect(write.number('5.0')[0]).toBe(0xcb)
    expect(of('-0.0')).toBe(-0)
    expect(of('1e999')).toBe(Number.POSITIVE_INFINITY)
    expect(of('NaN')).toBeNaN()
    expect(of('-Infinity')).toBe(Number.NEGATIVE_INFINITY)
  })

  test('of digits without end takes no time', () => {
    expect(write.number('9'.repeat(1_000_000))).toHaveLength(9)
  })
})

describe('the end of a value', () => {
  test('is found without recursion, however deep it is', () => {
    const deep = Buffer.concat([Buffer.alloc(1_000_000, 0x91), Buffer.from([0xc0, 0xc0])])
    expect(new HeaderReader(deep).endOf(0)).toBe(1_000_001)
  })

  test('that is not there is an error', () => {
    for (const bytes of ['92c0', '81c0', 'dd00000005c0', 'a2ff'])
      expect(() => new HeaderReader(Buffer.from(bytes, 'hex')).endOf(0)).toThrow(
        expect.objectContaining({ code: 'FIELDSEAL_INPUT_MALFORMED' }),
      )
  })
})
