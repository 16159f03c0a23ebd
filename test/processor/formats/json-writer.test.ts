import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { JsonWriter } from '../../../processor/formats/json-writer.ts'

function written(write: (json: JsonWriter) => void): string {
  // One byte: the buffer has to grow.
  const json = new JsonWriter(1)
  write(json)
  return json.finish().toString('utf8')
}

const halves = (value: bigint) => [Number((value >> 32n) & 0xffffffffn), Number(value & 0xffffffffn)] as const
const EDGES = [0n, 1n, 9n, 10n, 999_999_999n, 1_000_000_000n, 1_000_000_001n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 53n]
const MORE_EDGES = [10n ** 18n - 1n, 10n ** 18n, 10n ** 18n + 1n, 10n ** 19n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n]

describe('a writer of JSON', () => {
  it('writes numbers of 64 bits as BigInt does', () => {
    const check = (value: bigint) => {
      expect(written((json) => json.quotedUint64(...halves(value)))).toBe(`"${value}"`)
      expect(written((json) => json.quotedInt64(...halves(value)))).toBe(`"${BigInt.asIntN(64, value)}"`)
      expect(written((json) => json.quotedInt64(...halves(-value)))).toBe(`"${BigInt.asIntN(64, -value)}"`)
    }
    for (const value of [...EDGES, ...MORE_EDGES]) check(value)
    fc.assert(fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), check), { numRuns: 2000 })
    fc.assert(fc.property(fc.bigInt({ min: 0n, max: 2n ** 34n }), check), { numRuns: 1000 })
  })

  it('writes numbers of 32 bits as Number does', () => {
    fc.assert(
      fc.property(fc.oneof(fc.nat(0xffff_ffff), fc.constantFrom(0, 10, 999_999_999, 1e9, 0xffff_ffff)), (value) => {
        expect(written((json) => json.uint32(value))).toBe(String(value))
        expect(written((json) => json.int32(value | 0))).toBe(String(value | 0))
      }),
    )
    expect(written((json) => json.int32(-0x8000_0000))).toBe('-2147483648')
  })

  it('writes doubles that JSON.parse reads as the same double, and words for those that JSON lacks', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(JSON.parse(written((json) => json.double(value)))).toBe(value)
      }),
    )
    expect(written((json) => json.double(-0))).toBe('-0')
    expect(written((json) => json.double(Number.NaN))).toBe('"NaN"')
    expect(written((json) => json.double(-Infinity))).toBe('"-Infinity"')
  })

  it('writes texts as JSON.stringify does, and U+FFFD for bytes that are not UTF-8', () => {
    const check = (bytes: Uint8Array) => {
      const around = Buffer.concat([Buffer.from('"'), bytes, Buffer.from('"')])
      const text = written((json) => json.text(around, 1, around.length - 1))
      expect(text).toBe(JSON.stringify(Buffer.from(bytes).toString('utf8')))
    }
    fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), check), { numRuns: 2000 })
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => check(Buffer.from(text))))
  })

  it('writes bytes as hexadecimal digits and as base64', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const buffer = Buffer.from(bytes)
        expect(written((json) => json.hex(bytes, 0, bytes.length))).toBe(`"${buffer.toString('hex')}"`)
        expect(written((json) => json.base64(bytes, 0, bytes.length))).toBe(`"${buffer.toString('base64')}"`)
      }),
    )
  })

  it('puts commas where they belong', () => {
    const text = written((json) => {
      json.mark(0x5b)
      for (let i = 0; i < 3; i += 1) {
        json.separate()
        json.uint32(i)
      }
      json.mark(0x5d)
    })
    expect(text).toBe('[0,1,2]')
  })
})
