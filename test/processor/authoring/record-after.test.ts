import { describe, expect, test } from 'vitest'
import type { RuleInput } from '../../../rules/schema/index.ts'
import { resultsOf } from './rule-file.ts'

const MAIL = 'jane@example.com'

/** What becomes of a body or an attribute, as `after` has it: what a case that expects something else is told. */
function afterwards(action: Partial<RuleInput>, record: object, path?: string): unknown {
  const expectation = { ...record, ...(path === undefined ? {} : { path }), after: 'something else' }
  const [result] = resultsOf([{ id: 'r', ...action, tests: { seal: [expectation] } } as RuleInput])
  const [disagreement] = result!.disagreements
  expect(disagreement?.part).toBe('after')
  return disagreement!.happened.map((line) => JSON.parse(line.replace('it becomes ', '')))
}

const mails = { detect: 'email' } as const

describe('what a case calls `after`', () => {
  test.each<[string, Partial<RuleInput>, object, string | undefined, unknown]>([
    ['a sealed part', { ...mails, seal: { to: 'x' } }, { body: `to ${MAIL}!` }, undefined, 'to [sealed:email]!'],
    ['a value that is a match', { ...mails, seal: { to: 'x' } }, { body: MAIL }, undefined, '[sealed:email]'],
    ['a whole text', { ...mails, seal: { to: 'x', text: 'whole' } }, { body: `a ${MAIL}` }, 'body', '[sealed:email]'],
    [
      'the layout `record`',
      { path: 'attributes.a', seal: { to: 'x', layout: 'record' } },
      { attributes: { a: 1 } },
      'attributes.a',
      '[sealed:r]',
    ],
    [
      'compact serialization',
      { path: 'attributes.a', seal: { to: 'x', serialization: 'compact' } },
      { attributes: { a: [1, { b: 2 }] } },
      'attributes.a',
      '[sealed:r]',
    ],
    [
      'a sibling',
      { path: 'attributes.a', seal: { to: 'x', as: 'sibling' } },
      { attributes: { a: 1.5 } },
      'attributes.a',
      '[sealed:r]',
    ],
    [
      'a key with a finding',
      { ...mails, seal: { to: 'x' } },
      { body: { users: { [MAIL]: 1, guest: 2 } } },
      undefined,
      { users: { '[sealed:email]': '[sealed:email]', guest: 2 } },
    ],
    ['a mask', { ...mails, mask: { keep_last: 4 } }, { body: `a ${MAIL}` }, undefined, 'a ****.com'],
    ['a pseudonym', { ...mails, hash: { key: 'k' } }, { body: `a ${MAIL}` }, undefined, 'a [hashed:k]'],
    ['a dropped part', { ...mails, drop: {} }, { body: `a ${MAIL}` }, undefined, 'a [dropped:email]'],
    ['a dropped body', { path: 'body', drop: {} }, { body: MAIL }, undefined, ''],
    ['a dropped attribute', { path: 'attributes.a', drop: {} }, { attributes: { a: 1 } }, 'attributes.a', null],
  ])('reads so for %s', (_, action, record, path, expected) => {
    expect(afterwards(action, record, path)).toEqual([expected])
  })

  test('tells the kinds in an array apart', () => {
    const rule = { detect: ['email', 'payment_card'], seal: { to: 'x' } }
    const values = afterwards(rule, { attributes: { a: [MAIL, 'no', '5500000000000004'] } }, 'attributes.a[*]')
    expect(values).toEqual(['[sealed:email]', 'no', '[sealed:payment_card]'])
  })

  test('agrees with any of the values at a path with a wildcard, and with a list of them', () => {
    const attributes = { a: [MAIL, 'no'] }
    const cases = [
      { attributes, path: 'attributes.a[*]', after: '[sealed:email]' },
      { attributes, path: 'attributes.a[*]', after: 'yes' },
      { attributes, path: 'attributes.a', after: ['[sealed:email]', 'no'], rule: 'whole' },
    ]
    const results = resultsOf([
      { id: 'r', detect: 'email', seal: { to: 'x' }, tests: { seal: cases.slice(0, 2) } },
      { id: 'whole', path: 'attributes.a', where: { severity: 'x' }, mask: {}, tests: { keep: cases.slice(2) } },
    ])
    expect(results.map(({ status }) => status)).toEqual(['passed', 'failed', 'passed'])
  })
})
