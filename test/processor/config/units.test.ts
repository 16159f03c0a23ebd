import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { byteSize, duration, parseByteSize, parseDuration } from '../../../processor/config/units.ts'

describe('sizes', () => {
  test.each([
    ['0B', 0],
    ['512B', 512],
    ['64KiB', 65_536],
    ['1MiB', 1_048_576],
    ['2GiB', 2_147_483_648],
  ])('%s is %d bytes', (text, bytes) => {
    expect(parseByteSize(text)).toBe(bytes)
  })

  test.each(['', '1', '1MB', '1kib', '1 MiB', '-1MiB', '1.5MiB', 'MiB', '1MiB\n', '0x1B', '１MiB'])(
    '%j is no size',
    (text) => {
      expect(parseByteSize(text)).toBeUndefined()
      expect(byteSize('1GiB').safeParse(text).success).toBe(false)
    },
  )

  test('a plain whole number is bytes', () => {
    expect(byteSize('1GiB').parse(4096)).toBe(4096)
    expect(byteSize('1GiB').safeParse(0.5).success).toBe(false)
  })

  test('the bounds hold for both forms', () => {
    const size = byteSize('1KiB')
    expect(size.parse('1KiB')).toBe(1024)
    for (const outside of [0, '0B', 1025, '1025B', '2KiB', '999999999999999GiB']) {
      expect(size.safeParse(outside).success).toBe(false)
    }
  })

  test('n units are n times one unit', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.constantFrom('B', 'KiB', 'MiB', 'GiB'), (count, unit) => {
        expect(parseByteSize(`${count}${unit}`)).toBe(count * parseByteSize(`1${unit}`)!)
      }),
    )
  })
})

describe('durations', () => {
  test.each([
    ['500ms', 500],
    ['60s', 60_000],
    ['10m', 600_000],
    ['1h', 3_600_000],
  ])('%s is %d milliseconds', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds)
  })

  test.each(['', '60', '1d', '60 s', '-1s', '1.5h', 's', '1m30s'])('%j is no duration', (text) => {
    expect(parseDuration(text)).toBeUndefined()
    expect(duration('1ms', '24h').safeParse(text).success).toBe(false)
  })

  test('a number without a unit is refused, since nobody could tell seconds from milliseconds', () => {
    expect(duration('1ms', '24h').safeParse(60).success).toBe(false)
  })

  test('the bounds hold', () => {
    const time = duration('1s', '1h')
    expect(time.parse('1s')).toBe(1000)
    expect(time.parse('60m')).toBe(3_600_000)
    expect(time.safeParse('999ms').success).toBe(false)
    expect(time.safeParse('61m').success).toBe(false)
  })
})
