import { describe, expect, test } from 'vitest'
import { compileRules } from '../../rules/compile.ts'
import { type RuleInput, ruleFileSchema } from '../../rules/schema/index.ts'

const MASK = { mask: {} } as const
const CONTEXT = { hashKeys: new Map([['pseudonyms', Buffer.alloc(32)]]) }

function compile(...rules: readonly RuleInput[]) {
  return compileRules(ruleFileSchema.parse({ rules }).rules, CONTEXT)
}

function issues(...rules: readonly RuleInput[]) {
  const compiled = compile(...rules)
  return 'issues' in compiled ? compiled.issues.map(({ rule, path, problem }) => [rule, path.join('.'), problem]) : []
}

function plan(...rules: readonly RuleInput[]) {
  const compiled = compile(...rules)
  if ('issues' in compiled) throw new Error(JSON.stringify(compiled.issues))
  return compiled.plan
}

describe('an issue names the rule and the place in it', () => {
  test.each<[RuleInput, string, string]>([
    [{ id: 'r', detect: ['email', 'nothing'], ...MASK }, 'detect.1', 'no detector is named nothing'],
    [{ id: 'r', detect: 'nothing', ...MASK }, 'detect.0', 'no detector is named nothing'],
    [
      { id: 'r', path: ['body', 'user'], ...MASK },
      'path.1',
      'a path begins with body, attributes, resource, scope or **',
    ],
    [{ id: 'r', key: ['ok', '(?=x)'], ...MASK }, 'key.1', 'RE2 refuses the pattern'],
    [{ id: 'r', pattern: '(', ...MASK }, 'pattern.0', 'RE2 refuses the pattern'],
    [{ id: 'r', pattern: ['a', '(a)\\1'], ...MASK }, 'pattern.1', 'RE2 refuses the pattern'],
    [{ id: 'r', pattern: 'a*', ...MASK }, 'pattern.0', 'the pattern matches the empty string'],
    [{ id: 'r', path: 'body', hash: { key: 'other' } }, 'hash.key', 'no such key in hash_keys'],
    [
      { id: 'r', path: 'body', where: { 'attributes.*': 'x' }, ...MASK },
      'where.attributes.*',
      'a condition names one field, without wildcards',
    ],
    [
      { id: 'r', path: 'body', where: { user: 'x' }, ...MASK },
      'where.user',
      'a path begins with body, attributes, resource, scope or **',
    ],
    [
      {
        id: 'r',
        path: 'body',
        except: [
          { name: 'a', pattern: 'x' },
          { name: 'b', pattern: '(' },
        ],
        ...MASK,
      },
      'except.1.pattern',
      'RE2 refuses the pattern',
    ],
    [
      { id: 'r', path: 'body', except: [{ name: 'a', path: ['body', ''] }], ...MASK },
      'except.0.path.1',
      'a path is empty',
    ],
  ])('%j at %s', (rule, path, problem) => {
    expect(issues({ id: 'sound', path: 'body', ...MASK }, rule)).toEqual([[1, path, problem]])
  })

  test('and all issues are listed', () => {
    const found = issues(
      { id: 'a', detect: 'nothing', path: 'x', ...MASK },
      { id: 'b', path: 'body', key: '(', where: { y: 1 }, ...MASK },
    )
    expect(found.map(([rule, path]) => `${rule}: ${path}`)).toEqual([
      '0: path.0',
      '0: detect.0',
      '1: key.0',
      '1: where.y',
    ])
  })
})

describe('a plan has', () => {
  test('one detector for all rules that name it, and the own patterns of each rule apart', () => {
    const { rules, detectors } = plan(
      { id: 'a', detect: ['email', 'iban'], ...MASK },
      { id: 'b', detect: 'email', pattern: ['x1', 'x2'], ...MASK },
      { id: 'c', pattern: 'x1', ...MASK },
    )
    expect(detectors.detectors.map(({ name }) => name)).toEqual(['email', 'iban', 'b', 'c'])
    expect(rules.map((rule) => rule.detectors)).toEqual([[0, 1], [0, 2], [3]])
  })

  test('the order of the rules', () => {
    const { rules } = plan({ id: 'b', path: 'body', ...MASK }, { id: 'a', path: 'body', ...MASK })
    expect(rules.map(({ id, order }) => [id, order])).toEqual([
      ['b', 0],
      ['a', 1],
    ])
  })

  test('one field for all conditions that read it', () => {
    const { rules } = plan(
      { id: 'a', path: 'body', where: { severity: 'x', 'resource.service.name': ['y', 'z'] }, ...MASK },
      { id: 'b', path: 'body', where: { 'resource.service.name': 'y' }, ...MASK },
    )
    expect(rules.map(({ where }) => where)).toEqual([
      [
        { field: 0, values: ['x'] },
        { field: 1, values: ['y', 'z'] },
      ],
      [{ field: 1, values: ['y'] }],
    ])
  })

  test('exceptions that expire with the beginning of their day', () => {
    const { rules } = plan({
      id: 'a',
      path: 'body',
      except: [
        { name: 'x', path: 'body', expires: '2027-06-30' },
        { name: 'y', path: 'body' },
      ],
      ...MASK,
    })
    expect(rules[0]!.except.map(({ expiresAt }) => expiresAt)).toEqual([
      Date.UTC(2027, 5, 30),
      Number.POSITIVE_INFINITY,
    ])
  })
})

describe('the schema refuses a rule', () => {
  test.each<[string, object]>([
    ['without an action', { id: 'a', path: 'body' }],
    ['with two actions', { id: 'a', path: 'body', mask: {}, drop: {} }],
    ['without anything to look for', { id: 'a', mask: {} }],
    ['with an id of upper case', { id: 'A', path: 'body', mask: {} }],
    ['with an unknown member', { id: 'a', path: 'body', mask: {}, paths: [] }],
    ['with an unknown member of its action', { id: 'a', path: 'body', seal: { to: 'x', layouts: 1 } }],
    ['that seals for nobody', { id: 'a', path: 'body', seal: { to: [] } }],
    ['with an exception from nothing', { id: 'a', path: 'body', mask: {}, except: [{ name: 'x' }] }],
    ['that keeps nine characters', { id: 'a', path: 'body', mask: { keep_last: 9 } }],
  ])('%s', (_why, rule) => {
    expect(ruleFileSchema.safeParse({ rules: [rule] }).success).toBe(false)
  })
})
