import { describe, expect, test } from 'vitest'
import { guessableHash } from '../../../../rules/lint/checks/guessable-hash.ts'
import { hashBesideMask } from '../../../../rules/lint/checks/hash-beside-mask.ts'
import { revealingMask } from '../../../../rules/lint/checks/revealing-mask.ts'
import { sealedCardSecret } from '../../../../rules/lint/checks/sealed-card-secret.ts'
import { found, places, rulesOf } from '../linting.ts'

const ACTIONS = [{ seal: { to: 'dpo' } }, { hash: { key: 'k' } }, { mask: {} }, { mask: { keep_last: 2 } }] as const

describe('what must not be kept of a card', () => {
  test.each(['card_verification_code', 'pin', 'card_track'])('%s is dropped, and nothing else', (detector) => {
    for (const action of ACTIONS)
      expect(places(sealedCardSecret, rulesOf({ detect: ['email', detector], ...action }))).toEqual(['a.detect.1'])
    expect(places(sealedCardSecret, rulesOf({ detect: detector, drop: {} }))).toEqual([])
  })

  test.each([
    '^cvv$',
    '(?i)^(cvv2?|cvc2?)$',
    'cvv',
    '^card_(name|cvc)$',
    '^cid$',
    '(?i)_?pin$',
    '^(card|atm)_?pin$',
    '^pin_?block$',
  ])('what stands under keys by the pattern %s is dropped, and nothing else', (key) => {
    for (const action of ACTIONS) expect(places(sealedCardSecret, rulesOf({ key, ...action }))).toEqual(['a.key.0'])
    expect(places(sealedCardSecret, rulesOf({ key, drop: {} }))).toEqual([])
  })

  test.each(['^email$', '^pinned$', '^(user_?name|login)$', '^client_id$', 'spin_', '.*', '.+', ''])(
    'the pattern %s has nothing to do with it',
    (key) => {
      expect(places(sealedCardSecret, rulesOf(key === '' ? { path: 'body' } : { key }))).toEqual([])
    },
  )

  test.each([
    ['attributes.cvv', true],
    ['attributes.payment.card.cvc2', true],
    ['attributes.card.pin', true],
    ['attributes.pin', true],
    ['attributes.payments[*].securityCode', true],
    ['attributes["card.cvv"]', true],
    ['attributes.device.pin', false],
    ['attributes.customer.cid', false],
    ['attributes.card.cvv.result', false],
    ['attributes.cvv.*', false],
    ['attributes.**', false],
  ])('at the path %s it is known: %s', (path, known) => {
    expect(places(sealedCardSecret, rulesOf({ path }))).toEqual(known ? ['a.path.0'] : [])
  })

  test('a rule that looks for something else under such a key seals that alone', () => {
    expect(places(sealedCardSecret, rulesOf({ key: '^cvv$', detect: 'email' }))).toEqual([])
  })

  test('a wide pattern is in order where another rule drops what it must not take', () => {
    const wide = { key: '(?i)code$' }
    const drops = { key: '(?i)^(card_)?(cvv|cvc|pin|verification|security)2?_?(code)?$', drop: {} }
    expect(places(sealedCardSecret, rulesOf(wide))).toEqual(['a.key.0'])
    expect(places(sealedCardSecret, rulesOf(wide, drops))).toEqual([])
    expect(places(sealedCardSecret, rulesOf(wide, { ...drops, path: 'resource.**' }))).toEqual(['a.key.0'])
    expect(places(sealedCardSecret, rulesOf(wide, { ...drops, where: { tag: 'x' } }))).toEqual(['a.key.0'])
    expect(places(sealedCardSecret, rulesOf({ key: '^(cvv|note)$' }, drops))).toEqual(['a.key.0'])
  })

  test('a detector of one’s own that finds track data is no way around it', () => {
    const file = {
      ...rulesOf({ detect: 'stripe' }),
      detectors: [{ name: 'stripe', pattern: '%B.*', validator: 'card_track' }],
    }
    expect(places(sealedCardSecret, file)).toEqual(['a.detect.0'])
  })
})

describe('what can be guessed', () => {
  test('is not hashed', () => {
    const file = {
      ...rulesOf({ detect: ['iban', 'us_ssn', 'own'], hash: { key: 'k' } }, { detect: 'us_ssn' }),
      detectors: [{ name: 'own', pattern: '[0-9]{4}', low_entropy: true }],
    }
    expect(places(guessableHash, file)).toEqual(['a.detect.1', 'a.detect.2'])
  })

  test('is not shown by its end', () => {
    const file = {
      ...rulesOf(
        { detect: ['own', 'email'], mask: { keep_last: 2 } },
        { detect: 'own', mask: {} },
        { detect: 'email', mask: { keep_last: 4 } },
      ),
      detectors: [{ name: 'own', pattern: '[0-9]{4}', low_entropy: true }],
    }
    expect(places(revealingMask, file)).toEqual(['a.mask.keep_last'])
  })

  test('is not hashed in one place and shown by its end in another', () => {
    const hash = { detect: ['payment_card'], hash: { key: 'k' } }
    const mask = { detect: ['iban', 'payment_card'], mask: { keep_last: 4 } }
    expect(found(hashBesideMask, rulesOf(mask, hash)).map(({ message }) => message)).toEqual([
      'the rule "b" hashes payment_card, of which this one shows the end',
    ])
    expect(places(hashBesideMask, rulesOf({ ...mask, mask: {} }, hash))).toEqual([])
    expect(places(hashBesideMask, rulesOf({ ...mask, detect: 'iban' }, hash))).toEqual([])
  })
})
