import { afterAll, describe, expect, test } from 'vitest'
import { coverageOf } from '../../../processor/authoring/coverage.ts'
import { readRuleSet } from '../../../processor/authoring/rule-set.ts'
import { isFailure, runTests } from '../../../processor/authoring/run-tests.ts'
import { standInEngine } from '../../../processor/authoring/stand-in-engine.ts'

const pack = readRuleSet(['rules/packs/pci-dss.yaml'])
const engine = standInEngine(pack)
afterAll(() => engine.close())

function outcome(record: object) {
  const { bytes, values } = engine.seal(Buffer.from(JSON.stringify(record)), 'json-lines')
  return { text: bytes.toString(), rules: [...values.keys()] }
}

/** Numbers that card networks and payment services publish for tests. */
const TEST_NUMBERS = [
  '4111111111111111',
  '4012888888881881',
  '5555555555554444',
  '5105105105105100',
  '2223003122003222',
  '378282246310005',
  '371449635398431',
  '6011111111111117',
  '6011000990139424',
  '3530111333300000',
  '30569309025904',
  '38520000023237',
]

describe('the pack for PCI DSS', () => {
  test('passes its tests, which leave nothing out', () => {
    const results = runTests(pack)
    expect(results.filter(isFailure)).toEqual([])
    expect(coverageOf(pack, results)).toMatchObject({ percent: 100, missing: [] })
  })

  test.each(TEST_NUMBERS)('seals the card number %s in texts, in fields and as a number', (number) => {
    for (const record of [{ msg: `paid with ${number}.` }, { card: { n: number } }, { n: Number(number) }]) {
      const { text, rules } = outcome(record)
      expect(text).not.toContain(number)
      expect(rules).toEqual(['pci-card-numbers'])
    }
  })

  // Requirements 3.3.1.1 to 3.3.1.3; names of fields as gateways and terminals have them.
  test.each([
    ['cvv', '737'],
    ['CVV2', '737'],
    ['cvcCode', '737'],
    ['card.security_code', '7373'],
    ['card_verification_number', '737'],
    ['pin', '73737'],
    ['PINBlock', '73737F00BA12CDEF'],
    ['encrypted_pin_block', '73737F00BA12CDEF'],
    ['track1', 'B73737^made up'],
    ['track_2', '73737=made up'],
    ['Track2EquivalentData', '73737D3012'],
    ['magneticStripeData', '73737'],
  ])('drops the field %s, and seals nothing of it', (key, value) => {
    const { text, rules } = outcome({ payment: { [key]: value, amount: 12 } })
    expect(text).toBe('{"payment":{"amount":12}}')
    expect(rules).toHaveLength(1)
  })

  test('drops what authenticates a cardholder, and has no other action for it', () => {
    const actions = pack.rules.map(({ rule }) => [rule.data_category, rule.drop === undefined ? 'seal' : 'drop'])
    expect(new Set(actions.map(String))).toEqual(
      new Set(['sensitive authentication data,drop', 'cardholder data,seal']),
    )
  })

  test('drops track data around a card number that it would seal alone', () => {
    const { text } = outcome({ msg: ';4111111111111111=30121010000012300?' })
    expect(text).toBe('{"msg":";[dropped:card_track]"}')
  })

  test('names the requirement that each rule answers to, and an owner', () => {
    for (const { rule } of pack.rules) {
      expect(rule.justification).toMatch(/^PCI DSS \d+\.\d+/)
      expect(rule.owner).toBe('payments')
    }
  })
})
