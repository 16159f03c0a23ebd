import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { lintFiles } from '../../processor/authoring/lint.ts'
import { readRuleSet } from '../../processor/authoring/rule-set.ts'
import { runTests } from '../../processor/authoring/run-tests.ts'
import { createEngine } from '../../processor/engine.ts'
import { generateKeyPair } from '../../processor/jwe/private-keys.ts'
import { type RuleFileInput, type RuleInput, ruleFileSchema } from '../../rules/schema/index.ts'
import { codeBlock, document } from './document.ts'

const PAGE = 'docs/rules.md'
const EXAMPLES = [...document(PAGE).matchAll(/<!-- example: ([\w-]+) -->/g)].map((match) => match[1]!)

const read = (name: string) => parse(codeBlock(PAGE, name)) as RuleFileInput
const solutions = read('solutions').rules as RuleInput[]

test('the page has at most 1,200 words, and patterns only in its last section', () => {
  const text = document(PAGE)
  expect(text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length).toBeLessThanOrEqual(1200)
  const [before, last] = text.split('## Patterns of your own')
  expect(last).not.toContain('\n## ')
  expect(before).not.toMatch(/pattern:|regular expression|\(\?|key: \[/)
})

test('the page has examples', () => {
  expect(EXAMPLES).toEqual(['first', 'paths', 'near', 'exception', 'own-detector'])
})

describe.each(EXAMPLES)('the example %s', (name) => {
  const folder = mkdtempSync(join(tmpdir(), 'fieldseal-rules-page-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'ours.yaml')
  writeFileSync(file, codeBlock(PAGE, `example: ${name}`))

  test('has nothing wrong in it, and passes its tests', () => {
    expect(lintFiles([file], { now: Date.now() }).problems).toEqual([])
    const results = runTests(readRuleSet([file]))
    expect(results.map(({ status }) => status)).toEqual(results.map(() => 'passed'))
    expect(results.length).toBeGreaterThan(1)
  })
})

test('the solutions have nothing wrong in them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fieldseal-rules-page-'))
  const file = join(folder, 'ours.yaml')
  writeFileSync(file, codeBlock(PAGE, 'solutions'))
  const { problems } = lintFiles([file], { now: Date.now() })
  rmSync(folder, { recursive: true })
  expect(problems).toEqual([])
})

/** What a solution may use: what the examples before it, and the text, have taught. */
test('the solutions use only what the page taught before them', () => {
  const [before] = document(PAGE).split('## Six tasks')
  for (const rule of solutions) {
    for (const option of Object.keys(rule)) expect(before).toContain(`${option}:`)
    for (const action of ['seal', 'hash', 'mask', 'drop'] as const)
      for (const option of Object.keys(rule[action] ?? {})) expect(before).toContain(`${option}:`)
  }
})

/** One record of OTLP JSON. */
function record(attributes: object, { body = '', service = 'shop' } = {}): string {
  const anyValue = (value: unknown): object =>
    typeof value === 'string'
      ? { stringValue: value }
      : {
          kvlistValue: {
            values: Object.entries(value as object).map(([key, inner]) => ({ key, value: anyValue(inner) })),
          },
        }
  const list = Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }))
  const logRecords = [{ body: { stringValue: body }, attributes: list }]
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: service } }] }
  return JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ logRecords }] }] })
}

const NAMES = ['dpo', 'fraud', 'finance', 'clinic']

/** The one solution of that id, carried out; and the key ids for whom something was sealed. */
function solved(id: string, text: string): { readonly text: string; readonly recipients: string[] } {
  const engine = createEngine({
    recipients: Object.fromEntries(NAMES.map((name) => [name, generateKeyPair('X25519', name).publicJwk])),
    hashKeys: { pseudonyms: Buffer.alloc(32, 1) },
    rules: ruleFileSchema.parse({ rules: solutions.filter((rule) => rule.id === id) }).rules,
  })
  const { bytes, matches } = engine.explain(Buffer.from(text), 'otlp-json')
  engine.close()
  return { text: bytes.toString(), recipients: [...new Set(matches.flatMap(({ recipients }) => recipients))].sort() }
}

const IBAN = 'DE89370400440532013000'
const CARD = '4111111111111111'

describe('the six tasks are solved', () => {
  test('1: telephone numbers are masked in the message alone', () => {
    expect(solved('phones', record({}, { body: 'call +44 20 7946 0958 now' })).text).toContain('call **** now')
    expect(solved('phones', record({ phone: '+44 20 7946 0958' })).text).toContain('0958')
  })

  test('2: passwords are removed at any depth', () => {
    const { text } = solved('passwords', record({ password: 'one', form: { user: { password: 'two', name: 'n' } } }))
    expect(text).not.toMatch(/one|two|password/)
    expect(text).toContain('"n"')
  })

  test('3: bank accounts are sealed for finance in records of billing alone', () => {
    const sealed = solved('bank-accounts', record({}, { body: IBAN, service: 'billing' }))
    expect(sealed.recipients).toEqual(['finance'])
    expect(sealed.text).not.toContain(IBAN)
    expect(solved('bank-accounts', record({}, { body: IBAN, service: 'shop' })).text).toContain(IBAN)
  })

  test('4: logins become pseudonyms', () => {
    expect(solved('logins', record({ login: 'jane' })).text).toMatch(/"hmac-sha256:pseudonyms:[\w-]{22}"/)
  })

  test('5: cards are sealed for fraud, but not in the field for test cards', () => {
    const { text, recipients } = solved('cards', record({ card: CARD, test_card: CARD }))
    expect(recipients).toEqual(['fraud'])
    expect(text.split(CARD).length - 1).toBe(1)
  })

  test('6: what is filed under patient is sealed for clinic and dpo', () => {
    const { text, recipients } = solved('patients', record({ patient: { name: 'Jane' }, other: 'Jane' }))
    expect(recipients).toEqual(['clinic', 'dpo'])
    expect(text.split('"Jane"').length - 1).toBe(1)
  })
})
