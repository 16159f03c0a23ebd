import { describe, expect, test } from 'vitest'
import { isBase58CheckAddress } from '../../../detectors/checksum/base58.ts'
import { isSegwitAddress } from '../../../detectors/checksum/bech32.ts'

describe('Base58Check', () => {
  // From the Bitcoin wiki ("Address", "Technical background of version 1 Bitcoin addresses"), and the genesis block.
  test.each([
    '1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2',
    '3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy',
    '1PMycacnJaSqwwJqjawXBErnLsZ7RkXUAs',
    '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa',
    '1111111111111111111114oLvT2',
  ])('takes %s', (address) => {
    expect(isBase58CheckAddress(address)).toBe(true)
  })

  test.each([
    ['another last character', '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb'],
    ['a character that is not in the alphabet', '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfN0'],
    ['a one too many, which would be one more byte of zero', '11A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa'],
    ['a one too few', '111111111111111111114oLvT2'],
    ['an address of the test network', 'mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn'],
    ['nothing', ''],
  ])('refuses %s', (_, address) => {
    expect(isBase58CheckAddress(address)).toBe(false)
  })
})

describe('segregated witness addresses', () => {
  // The main network's part of the valid addresses of BIP 350.
  test.each([
    'BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4',
    'bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y',
    'BC1SW50QGDZ25J',
    'bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs',
    'bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0',
  ])('takes %s', (address) => {
    expect(isSegwitAddress(address)).toBe(true)
  })

  // The main network's part of the invalid addresses of BIP 173 and BIP 350, with their reasons.
  test.each([
    ['invalid checksum (bech32 instead of bech32m)', 'bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd'],
    ['invalid checksum (bech32 instead of bech32m)', 'BC1S0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ54WELL'],
    ['invalid checksum (bech32m instead of bech32)', 'bc1q0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq5zuyut'],
    ['invalid character in checksum', 'bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4'],
    ['invalid witness version', 'BC130XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ7ZWS8R'],
    ['invalid program length (1 byte)', 'bc1pw5dgrnzv'],
    [
      'invalid program length (41 bytes)',
      'bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v8n0nx0muaewav253zgeav',
    ],
    ['invalid program length for witness version 0', 'BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P'],
    ['more than 4 padding bits', 'bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v07qwwzcrf'],
    ['empty data section', 'bc1gmk9yu'],
    ['mixed case', 'bc1QW508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4'],
    ['the test network', 'tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx'],
    ['nothing', ''],
  ])('refuses %s', (_, address) => {
    expect(isSegwitAddress(address)).toBe(false)
  })
})
