import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { passesLuhn } from '../../../detectors/checksum/luhn.ts'

describe('the Luhn check', () => {
  test.each(['79927398713', '4111111111111111', '378282246310005', '0'])('passes %s', (digits) => {
    expect(passesLuhn(digits)).toBe(true)
  })

  test('passes exactly one of ten last digits', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9]{1,18}$/), (digits) => {
        const passing = [...'0123456789'].filter((last) => passesLuhn(digits + last))
        expect(passing).toHaveLength(1)
      }),
    )
  })

  test('sees every single wrong digit', () => {
    fc.assert(
      fc.property(fc.nat(15), fc.integer({ min: 1, max: 9 }), (index, change) => {
        const digits = [...'4111111111111111']
        digits[index] = String((Number(digits[index]) + change) % 10)
        expect(passesLuhn(digits.join(''))).toBe(false)
      }),
    )
  })
})
