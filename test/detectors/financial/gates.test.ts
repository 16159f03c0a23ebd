import { describe, expect, test } from 'vitest'
import { cardExpiry, cardVerificationCode, pin } from '../../../detectors/financial/card-secrets.ts'
import { ethereumAddress, ethereumAddressPlain } from '../../../detectors/financial/ethereum.ts'
import { FINANCIAL } from '../../../detectors/financial/index.ts'
import { readCorpus } from '../corpus.ts'
import { foundIn, opens } from '../opened.ts'

describe('a card verification code', () => {
  test.each([
    'cvv',
    'CVV2',
    'cvc',
    'card.cvc',
    'cardVerificationCode',
    'card_security_code',
    'payment.cvvNumber',
    'security_code',
  ])('is known by the key %s', (key) => {
    expect(opens(cardVerificationCode, key)).toBe(true)
  })

  test.each([
    'cvv_result',
    'cvcCheck',
    'status_code',
    'code',
    'verification_code',
    'security_code_required',
    'recv',
    'cid',
  ])('is not known by the key %s', (key) => {
    expect(opens(cardVerificationCode, key)).toBe(false)
  })
})

describe('the expiry of a card', () => {
  test.each([
    'card_expiry',
    'cardExpirationDate',
    'cc_exp',
    'exp_month',
    'expirationYear',
    'card.valid_thru',
    'creditCardExpires',
  ])('is known by the key %s', (key) => {
    expect(opens(cardExpiry, key)).toBe(true)
  })

  test.each([
    'expires',
    'exp',
    'expiry',
    'expiration_date',
    'token_expiry',
    'certificate.expires',
    'cookie_expiration',
    'export_month',
  ])('is not known by the key %s', (key) => {
    expect(opens(cardExpiry, key)).toBe(false)
  })
})

describe('a PIN', () => {
  test.each(['pin', 'PIN', 'card_pin', 'atmPin', 'pin_code', 'pin_block', 'user.pin', 'new_pin'])(
    'is known by the key %s',
    (key) => {
      expect(opens(pin, key)).toBe(true)
    },
  )

  test.each(['gpio_pin', 'pin_count', 'pinned', 'ping', 'spin', 'pin_mode', 'mapping'])(
    'is not known by the key %s',
    (key) => {
      expect(opens(pin, key)).toBe(false)
    },
  )
})

const GATED = FINANCIAL.filter(({ activation }) => activation === 'gated').map((one) => [one.name, one] as const)

describe.each(GATED)('%s', (name, detector) => {
  const numbers = readCorpus(name).flatMap(({ text, expected }) => (expected[0] === text ? [text] : []))

  test.each(detector.examples)('is opened by the word in %j', (example) => {
    expect(foundIn(detector, example)).toHaveLength(1)
  })

  test('finds all of its numbers under a key that is one of its words, and none without', () => {
    expect(numbers.length).toBeGreaterThan(0)
    const key = `payment.${detector.gate!.words.at(-1)!.replaceAll(' ', '_')}`
    for (const number of numbers) {
      expect([number, foundIn(detector, number, key).length]).toEqual([number, 1])
      expect(foundIn(detector, `order ${number} took 12 ms`)).toEqual([])
    }
  })
})

test('an address of Ethereum is found by one of two detectors: with its checksum anywhere, without it near a word', () => {
  const mixed = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed'
  expect(foundIn(ethereumAddress, `to ${mixed}`)).toEqual([mixed])
  expect(foundIn(ethereumAddressPlain, `wallet ${mixed}`)).toEqual([])
  expect(foundIn(ethereumAddress, `to ${mixed.toLowerCase()}`)).toEqual([])
  expect(foundIn(ethereumAddressPlain, `wallet ${mixed.toLowerCase()}`)).toEqual([mixed.toLowerCase()])
  expect(ethereumAddress.normalise(mixed)).toBe(ethereumAddressPlain.normalise(mixed.toLowerCase()))
})
