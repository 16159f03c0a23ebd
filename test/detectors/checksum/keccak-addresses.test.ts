import { describe, expect, test } from 'vitest'
import { hasEthereumCapitals, isMoneroAddress } from '../../../detectors/checksum/keccak-addresses.ts'

describe('the capitals of Ethereum addresses', () => {
  // The test cases of EIP-55.
  test.each([
    '52908400098527886E0F7030069857D2E4169EE7',
    '8617E340B3D01FA5F11F306F4090FD50E238070D',
    'de709f2102306220921060314715629080e2fb77',
    '27b1fdb04752bbc536007a920d24acb045561c26',
    '5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
    'fB6916095ca1df60bB79Ce92cE3Ea74c37c5d359',
    'dbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB',
    'D1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb',
  ])('are right in 0x%s', (digits) => {
    expect(hasEthereumCapitals(digits)).toBe(true)
  })

  test('are wrong where one letter has the other case', () => {
    const digits = '5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed'
    for (let at = 0; at < digits.length; at += 1) {
      const letter = digits[at]!
      const other = letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase()
      if (other === letter) continue
      expect(hasEthereumCapitals(digits.slice(0, at) + other + digits.slice(at + 1))).toBe(false)
    }
  })
})

describe('Monero addresses', () => {
  // The address for donations that the project publishes.
  const DONATION = '44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A'

  test('are right with their checksum', () => {
    expect(isMoneroAddress(DONATION)).toBe(true)
  })

  test('are wrong with any one character changed', () => {
    for (let at = 0; at < DONATION.length; at += 1) {
      const other = DONATION[at] === 'x' ? 'y' : 'x'
      expect(isMoneroAddress(DONATION.slice(0, at) + other + DONATION.slice(at + 1))).toBe(false)
    }
  })

  test.each(['', '4', DONATION.slice(1), `${DONATION}x`, `${DONATION.slice(0, -1)}0`, 'z'.repeat(95)])(
    '%j is none',
    (text) => {
      expect(isMoneroAddress(text)).toBe(false)
    },
  )
})
