import { describe, expect, test } from 'vitest'
import { passesCusip } from '../../../detectors/checksum/cusip.ts'

describe('the check digit of CUSIP', () => {
  // Apple, Cisco, Google, Microsoft, Oracle: the examples of Wikipedia's article.
  test.each(['037833100', '17275R102', '38259P508', '594918104', '68389X105'])('passes %s', (number) => {
    expect(passesCusip(number)).toBe(true)
  })

  test('is one of ten', () => {
    expect([...'0123456789'].filter((digit) => passesCusip(`17275R10${digit}`))).toEqual(['2'])
  })

  test.each(['', '68389X106', '17275r102', 'é7275R102'])('refuses %j', (number) => {
    expect(passesCusip(number)).toBe(false)
  })
})
