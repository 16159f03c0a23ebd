import fc from 'fast-check'
import { expect, it } from 'vitest'
import { epochNanoseconds, isoNanoseconds, isoText } from '../../../../processor/formats/conversion/time.ts'

const nanoseconds = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })

it('a time is the same again, to the nanosecond', () => {
  fc.assert(
    fc.property(nanoseconds, (time) => {
      expect(isoNanoseconds(isoText(time))).toBe(time)
    }),
  )
})

it('a time is what Date reads', () => {
  fc.assert(
    fc.property(nanoseconds, (time) => {
      expect(BigInt(Date.parse(isoText(time)))).toBe(time / 1_000_000n)
    }),
  )
})

it('what Date writes is read to the millisecond', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date(0), max: new Date('2500-01-01'), noInvalidDate: true }), (date) => {
      expect(isoNanoseconds(date.toISOString())).toBe(BigInt(date.getTime()) * 1_000_000n)
    }),
  )
})

it.each([
  ['99999999999', '99999999999000000000'],
  ['100000000000', '100000000000000000'],
  ['99999999999999', '99999999999999000000'],
  ['100000000000000', '100000000000000000'],
  ['99999999999999999', '99999999999999999000'],
  ['100000000000000000', '100000000000000000'],
  ['1.5', '1500000000'],
  ['1.1234567891', '1123456789'],
  ['0', '0'],
])('seconds, milliseconds, microseconds and nanoseconds are told apart by their magnitude: %s', (text, time) => {
  const expected = BigInt(time)
  expect(epochNanoseconds(text)).toBe(expected < 2n ** 64n ? expected : undefined)
})

it.each(['', 'x', '-1', '1e3', '1.', '.5', ' 1', '1'.repeat(21)])('"%s" is no time', (text) => {
  expect(epochNanoseconds(text)).toBeUndefined()
})
