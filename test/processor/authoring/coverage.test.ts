import { describe, expect, test } from 'vitest'
import { type Coverage, coverageOf } from '../../../processor/authoring/coverage.ts'
import { runTests } from '../../../processor/authoring/run-tests.ts'
import type { RuleInput } from '../../../rules/schema/index.ts'
import { ruleSetOf } from './rule-file.ts'

function coverage(rules: readonly RuleInput[]): Coverage {
  const ruleSet = ruleSetOf(rules)
  return coverageOf(ruleSet, runTests(ruleSet))
}

const missing = (rules: readonly RuleInput[]) => coverage(rules).missing.map(({ rule, wanted }) => `${rule}: ${wanted}`)

const POSITIVE = 'a case under `seal`: a record that the rule acts on'
const NEGATIVE = 'a case under `keep`: a record that the rule leaves alone'
const MASK: RuleInput = { id: 'a', detect: 'email', mask: {} }
const SEAL: RuleInput = { id: 's', detect: 'email', seal: { to: ['x', 'y'] } }
const MAIL = 'jane@example.com'

describe('coverage', () => {
  test('is full where there is nothing to cover', () => {
    expect(coverage([])).toEqual({ wanted: 0, covered: 0, percent: 100, missing: [] })
  })

  test('wants a case for and a case against each rule', () => {
    expect(missing([MASK])).toEqual([`a: ${POSITIVE}`, `a: ${NEGATIVE}`])
    expect(missing([{ ...MASK, tests: { seal: [MAIL] } }])).toEqual([`a: ${NEGATIVE}`])
    expect(coverage([{ ...MASK, tests: { seal: [MAIL], keep: ['none'] } }]).percent).toBe(100)
  })

  test('counts no case that fails or is still to do', () => {
    expect(missing([{ ...MASK, tests: { seal: ['none'], keep: [MAIL] } }])).toHaveLength(2)
    expect(missing([{ ...MASK, tests: { todo_seal: ['none'], todo_keep: [MAIL] } }])).toHaveLength(2)
    expect(missing([{ ...MASK, tests: { todo_seal: [MAIL], todo_keep: ['none'] } }])).toHaveLength(2)
  })

  test('counts a case for the rule that it names', () => {
    const b: RuleInput = { id: 'b', key: '^b$', mask: {} }
    const tests = { seal: [MAIL, { attributes: { b: 'x' }, rule: 'b' }], keep: ['none', { body: 'x', rule: 'b' }] }
    expect(missing([{ ...MASK, tests }, b])).toEqual([])
  })

  test('wants for each exception a case that it takes away, and one on which the rule acts all the same', () => {
    const rule: RuleInput = {
      ...MASK,
      except: [
        { name: 'ours', pattern: '@ours' },
        { name: 'status', path: 'attributes.status' },
      ],
    }
    const takes = (name: string) => `a: a case under \`keep\` that the exception "${name}" takes away`
    const spares = (name: string) =>
      `a: a case under \`seal\` on which the rule acts in spite of the exception "${name}"`
    const all = [takes('ours'), spares('ours'), takes('status'), spares('status')]
    expect(missing([rule]).slice(2)).toEqual(all)
    expect(missing([{ ...rule, tests: { keep: ['jane@ours.example'] } }]).slice(1)).toEqual(all.slice(1))
    const keep = ['jane@ours.example', { attributes: { status: MAIL } }]
    expect(missing([{ ...rule, tests: { seal: [MAIL], keep } }])).toEqual([])
  })

  test('wants for each set of recipients a case that names it, and one that a rule with it leaves alone', () => {
    const named = 's: a case under `seal` with `recipients: [x, y]`'
    expect(missing([SEAL])).toEqual([
      `s: ${POSITIVE}`,
      `s: ${NEGATIVE}`,
      named,
      's: a case under `keep` of a rule that seals for x, y',
    ])
    expect(missing([{ ...SEAL, tests: { seal: [MAIL], keep: ['none'] } }])).toEqual([named])
    const tests = { seal: [{ body: MAIL, recipients: ['y', 'x'] }], keep: ['none'] }
    expect(missing([{ ...SEAL, tests }])).toEqual([])
  })

  test('wants the same set of two rules once', () => {
    const other: RuleInput = {
      id: 't',
      key: '^t$',
      seal: { to: ['y', 'x'] },
      tests: { seal: [{ attributes: { t: 1 } }], keep: ['none'] },
    }
    const tests = { seal: [{ body: MAIL, recipients: ['x', 'y'] }], keep: ['none'] }
    expect(missing([{ ...SEAL, tests }, other])).toEqual([])
    expect(
      missing([
        { ...SEAL, tests },
        { ...other, seal: { to: 'z' } },
      ]),
    ).toEqual(['t: a case under `seal` with `recipients: [z]`'])
  })

  test('wants of a rule with tenants one that is known and one that is not', () => {
    const rule: RuleInput = { id: 'u', key: '^u$', seal: { to: 'tenant:{resource.t}', fallback: 'dpo' } }
    const known = { attributes: { u: 1 }, resource: { t: 'acme' }, recipients: 'tenant:acme' }
    const unknown = { attributes: { u: 1 }, recipients: 'dpo' }
    expect(missing([{ ...rule, tests: { seal: [known], keep: ['none'] } }])).toEqual([
      'u: a case under `seal` with `recipients: [dpo]`',
    ])
    expect(missing([{ ...rule, tests: { seal: [unknown], keep: ['none'] } }])).toEqual([
      'u: a case under `seal` with `recipients: [tenant:<name>]`',
    ])
    expect(missing([{ ...rule, tests: { seal: [known, unknown], keep: ['none'] } }])).toEqual([])
  })

  test('is rounded down, and says where what is missing belongs', () => {
    const all = Array.from({ length: 3 }, (_, index) => ({ ...MASK, id: `r${index}` }))
    const {
      percent,
      missing: places,
      wanted,
      covered,
    } = coverage([
      { ...MASK, id: 'first', tests: { seal: [MAIL], keep: ['none'] } },
      ...all.map((rule): RuleInput => ({ ...rule, key: '^none$' })),
    ])
    expect({ percent, wanted, covered }).toEqual({ percent: 25, wanted: 8, covered: 2 })
    expect(places[0]).toMatchObject({ rule: 'r0', line: 11, column: 9, file: expect.stringMatching(/r\.yaml$/) })
    expect(
      coverage([
        { ...MASK, tests: { seal: [MAIL] } },
        { ...SEAL, key: '^x$' },
      ]).percent,
    ).toBe(16)
  })
})
