import fc from 'fast-check'
import { expect, test } from 'vitest'
import { overlappingRecipients } from '../../../../rules/lint/checks/overlapping-recipients.ts'
import { unreachableRule } from '../../../../rules/lint/checks/unreachable-rule.ts'
import type { RuleInput } from '../../../../rules/schema/index.ts'
import { engineFor } from '../../../processor/engine/fixtures.ts'
import { found } from '../linting.ts'

type Parts = Omit<RuleInput, 'id'>

const looksFor = fc.constantFrom<Parts[]>(
  {},
  { detect: 'email' },
  { detect: ['email', 'iban'] },
  { detect: 'password' },
  { detect: 'email', near: 'from' },
  { pattern: 'zq-[0-9]' },
)
const looksAt = fc.constantFrom<Parts[]>(
  { path: '**' },
  { path: 'attributes.**' },
  { path: 'attributes.user.*' },
  { path: 'attributes.user.email' },
  { path: ['body', 'attributes.user'] },
  { path: 'attributes["user.email"]' },
  { key: '^email$' },
  { key: '(?i)^(user|email|password)$' },
  { key: '(?i)^email$', path: 'attributes.*.*' },
  { path: 'attributes.user.**', except: [{ name: 'x', path: 'attributes.user.email' }] },
)
const seals = fc.constantFrom<Parts[]>(
  { seal: { to: 'dpo' } },
  { seal: { to: 'fraud' } },
  { seal: { to: ['dpo', 'fraud'], text: 'whole' } },
)
const acts = fc.oneof(seals, fc.constantFrom<Parts[]>({ hash: { key: 'k' } }, { mask: {} }, { drop: {} }))
const rulesThat = (does: fc.Arbitrary<Parts>) =>
  fc
    .array(fc.tuple(looksFor, looksAt, does), { minLength: 2, maxLength: 4 })
    .map((list) => list.map((parts, index): RuleInput => Object.assign({ id: `rule-${index}` }, ...parts)))

const text = fc.constantFrom(
  'jane@x.example',
  'from jane@x.example zq-1',
  'zq-1',
  'DE89370400440532013000 or jane@x.example',
  'plain',
)
const value = fc.oneof(
  { weight: 3, arbitrary: text },
  fc.constantFrom(7, true),
  fc.array(text, { minLength: 1, maxLength: 2 }),
)
const key = fc.constantFrom('user', 'email', 'EMAIL', 'password', 'user.email', 'note', 'jane@x.example')
const map = fc.dictionary(key, value, { maxKeys: 3 })
const record = fc
  .tuple(fc.dictionary(key, fc.oneof(value, map), { maxKeys: 4 }), fc.option(value, { nil: undefined }))
  .map(([attributes, msg]) => ({ ...attributes, ...(msg === undefined ? {} : { msg }) }))

function explained(list: readonly RuleInput[], records: readonly object[]) {
  const engine = engineFor(list)
  try {
    const lines = records.map((one) => `${JSON.stringify(one)}\n`).join('')
    const { matches } = engine.explain(Buffer.from(lines), 'json-lines')
    // In a map or array that is taken whole, who has what hangs on the record, not on the rules alone.
    const taken = matches.filter(({ text: found, verdict }) => found === undefined && verdict.is === 'acts')
    return matches.filter((match) => !taken.some(({ record: number }) => number === match.record))
  } finally {
    engine.close()
  }
}

test('a rule that is said never to act does not, in the engine that production runs', () => {
  let counted = 0
  fc.assert(
    fc.property(rulesThat(acts), fc.array(record, { minLength: 3, maxLength: 6 }), (list, records) => {
      const never = found(unreachableRule, { rules: list }).map(({ index }) => list[index]!.id)
      if (never.length === 0) return
      counted += 1
      const acting = explained(list, records).filter(
        ({ rule, verdict }) => never.includes(rule) && verdict.is === 'acts',
      )
      expect(acting).toEqual([])
    }),
    { numRuns: 1000 },
  )
  expect(counted).toBeGreaterThan(20)
})

test('where two rules compete for one text on behalf of different recipients, it has been said', () => {
  let counted = 0
  fc.assert(
    fc.property(rulesThat(seals), fc.array(record, { minLength: 3, maxLength: 6 }), (list, records) => {
      const matches = explained(list, records).filter(({ action }) => action === 'seal')
      const lost = matches.flatMap(
        ({ rule, record: number, path, kind, detector, text: lostText, verdict, recipients }) => {
          if (verdict.is !== 'weaker' || verdict.than === rule) return []
          const { than } = verdict
          const winner = matches.find(
            (other) =>
              other.rule === than &&
              other.record === number &&
              other.path === path &&
              other.text === lostText &&
              other.detector === detector &&
              (detector === undefined || other.kind === kind),
          )
          if (winner === undefined || winner.recipients.join() === recipients.join()) return []
          return [rule, than].sort().slice(1)
        },
      )
      if (lost.length === 0) return
      counted += 1
      const told = found(overlappingRecipients, { rules: list }).map(({ index }) => list[index]!.id)
      expect(told).toEqual(expect.arrayContaining(lost))
    }),
    { numRuns: 1000 },
  )
  expect(counted).toBeGreaterThan(20)
})
