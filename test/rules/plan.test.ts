import { describe, expect, test } from 'vitest'
import { compileRules } from '../../rules/compile.ts'
import type { PathStep } from '../../rules/path.ts'
import { NODE, type Plan } from '../../rules/plan.ts'
import { type RuleInput, ruleFileSchema } from '../../rules/schema/index.ts'

const MASK = { mask: {} } as const

function planOf(...rules: readonly RuleInput[]): Plan {
  const compiled = compileRules(ruleFileSchema.parse({ rules }).rules, {
    hashKeys: new Map([['pseudonyms', Buffer.alloc(32)]]),
  })
  if ('issues' in compiled) throw new Error(JSON.stringify(compiled.issues))
  return compiled.plan
}

function steps(...keys: readonly string[]): PathStep[] {
  return keys.map((key) => (key === '[]' ? { kind: 'element' } : { kind: 'key', key }))
}

describe('at a path', () => {
  test.each<[string, RuleInput, readonly string[], boolean]>([
    ['a path names it', { id: 'r', path: 'attributes.a', ...MASK }, ['attributes', 'a'], true],
    ['a path names something else', { id: 'r', path: 'attributes.a', ...MASK }, ['attributes', 'b'], false],
    ['its key matches', { id: 'r', key: '^pass', ...MASK }, ['attributes', 'password'], true],
    ['its key does not match', { id: 'r', key: '^pass', ...MASK }, ['attributes', 'bypass'], false],
    [
      'the end of its key matches, behind the last dot',
      { id: 'r', key: '^name$', ...MASK },
      ['resource', 'user.name'],
      true,
    ],
    ['its whole key matches', { id: 'r', key: '^user\\.name$', ...MASK }, ['resource', 'user.name'], true],
    ['the middle of its key matches', { id: 'r', key: '^user$', ...MASK }, ['resource', 'user.name'], false],
    ['the key of its array matches', { id: 'r', key: '^tags$', ...MASK }, ['attributes', 'tags', '[]'], true],
    ['the key of its map matches', { id: 'r', key: '^user$', ...MASK }, ['attributes', 'user', 'age'], false],
    ['it is a root, which is no key', { id: 'r', key: 'body', ...MASK }, ['body'], false],
    ['it is in an array that is a root', { id: 'r', key: 'body', ...MASK }, ['body', '[]'], false],
    ['path and key agree', { id: 'r', path: 'resource.**', key: 'name', ...MASK }, ['resource', 'name'], true],
    ['only the key agrees', { id: 'r', path: 'resource.**', key: 'name', ...MASK }, ['attributes', 'name'], false],
    ['one of several keys matches', { id: 'r', key: ['x', 'y'], ...MASK }, ['attributes', 'y'], true],
    ['it is read and never altered', { id: 'r', path: '**', ...MASK }, ['severity'], false],
    ['it is named by everything', { id: 'r', path: '**', ...MASK }, ['body'], true],
  ])('a rule about whole values applies where %s', (_why, rule, path, applies) => {
    const { whole, flags } = planOf(rule).scopeOf(steps(...path), [])
    expect(whole.map(({ id }) => id)).toEqual(applies ? ['r'] : [])
    expect((flags & NODE.WHOLE) !== 0).toBe(applies)
  })

  test('rules stand by the detectors that they name, in the order of the file', () => {
    const plan = planOf(
      { id: 'one', detect: ['email', 'iban'], path: 'attributes.**', ...MASK },
      { id: 'two', detect: 'email', ...MASK },
      { id: 'three', detect: 'iban', path: 'body', ...MASK },
    )
    const scope = plan.scopeOf(steps('attributes', 'x'), [])
    const names = [...scope.byDetector].map(([detector, rules]) => [
      plan.detectors.detectors[detector]!.name,
      rules.map(({ id }) => id),
    ])
    expect(names).toEqual([
      ['email', ['one', 'two']],
      ['iban', ['one']],
    ])
    expect(scope.flags).toBe(NODE.SCAN)
  })

  test('an anchored pattern in scope is said so, and only there', () => {
    const plan = planOf({ id: 'a', pattern: '^x', path: 'body', ...MASK }, { id: 'b', detect: 'email', ...MASK })
    expect(plan.scopeOf(steps('body'), []).flags).toBe(NODE.SCAN | NODE.ANCHORED)
    expect(plan.scopeOf(steps('attributes', 'x'), []).flags).toBe(NODE.SCAN)
  })

  test('conditions read fields that rules may not alter, and others', () => {
    const plan = planOf({ id: 'a', path: 'body', where: { severity: 'x', 'resource.service.name': 'y' }, ...MASK })
    expect(plan.scopeOf(steps('severity'), [])).toMatchObject({ flags: NODE.WHERE, whereFields: [0] })
    expect(plan.scopeOf(steps('resource', 'service', 'name'), [])).toMatchObject({
      flags: NODE.WHERE,
      whereFields: [1],
    })
    expect(plan.scopeOf(steps('attributes', 'severity'), [])).toMatchObject({ flags: 0, whereFields: [] })
    expect(plan.scopeOf(steps('scope.name'), [])).toMatchObject({ flags: 0 })
  })

  test('rules that come down from a container are there once, in the order of the file', () => {
    const plan = planOf(
      { id: 'a', path: 'attributes.a.**', hash: { key: 'pseudonyms' } },
      { id: 'b', path: 'attributes.**', ...MASK },
    )
    const [a, b] = plan.rules
    expect(plan.scopeOf(steps('attributes', 'a', 'x'), [b!, a!]).whole).toEqual([a, b])
    expect(plan.scopeOf(steps('body', 'x'), [b!]).whole).toEqual([b])
  })

  test('what holds is shared among paths where the same rules meet', () => {
    const plan = planOf({ id: 'a', detect: 'email', ...MASK })
    expect(plan.scopeOf(steps('attributes', 'x'), [])).toBe(plan.scopeOf(steps('attributes', 'y'), []))
  })
})
