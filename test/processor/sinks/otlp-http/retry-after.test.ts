import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseRetryAfter } from '../../../../processor/sinks/otlp-http/retry-after.ts'

const NOW = Date.UTC(2026, 10, 24, 18, 30, 5)

describe('Retry-After', () => {
  test.each([
    ['0', 0],
    ['1', 1000],
    ['120', 120_000],
    ['0000120', 120_000],
    ['3600', 3_600_000],
    ['3601', 3_600_000],
    ['99999999999999999999', 3_600_000],
    // The three forms of RFC 9110 section 5.6.7.
    ['Tue, 24 Nov 2026 18:31:05 GMT', 60_000],
    ['Tuesday, 24-Nov-26 18:31:05 GMT', 60_000],
    ['Tue Nov 24 18:31:05 2026', 60_000],
    ['Sun Nov  6 08:49:37 1994', 0],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 0],
    ['Tue, 24 Nov 2026 18:30:05 GMT', 0],
    ['Fri, 31 Dec 9999 23:59:59 GMT', 3_600_000],
  ])('of %j is so many milliseconds', (value, expected) => {
    expect(parseRetryAfter(value, NOW)).toBe(expected)
  })

  test.each([
    '',
    ' ',
    '-1',
    '+1',
    '1.5',
    '1e3',
    '0x10',
    'soon',
    '1, 2',
    '123456789012345678901',
    '2026-11-24T18:31:05Z',
    'Tue, 24 Nov 2026 18:31:05 CET',
    'Tue, 24 Nov 2026 18:31:05',
    'Tue, 99 Nov 2026 18:31:05 GMT',
    'Tue, 24 Xyz 2026 18:31:05 GMT',
    'Infinity',
    'NaN',
  ])('of %j is as if it were not there', (value) => {
    expect(parseRetryAfter(value, NOW)).toBeUndefined()
  })

  test('is from 0 to an hour, or nothing, whatever it says', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.bigInt().map(String), fc.date().map(String)), (value) => {
        const wait = parseRetryAfter(value, NOW) ?? 0
        expect(wait >= 0 && wait <= 3_600_000).toBe(true)
      }),
    )
  })

  test('follows any date as Node writes it', () => {
    const dates = fc.date({ min: new Date(NOW), max: new Date(NOW + 3_600_000), noInvalidDate: true })
    fc.assert(
      fc.property(dates, (date) => {
        const seconds = Math.floor(date.getTime() / 1000) * 1000
        expect(parseRetryAfter(date.toUTCString(), NOW)).toBe(seconds - NOW)
      }),
    )
  })
})
