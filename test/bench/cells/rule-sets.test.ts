import RE2 from 're2'
import { expect, test } from 'vitest'
import { ruleExpressions } from '../../../bench/cells/regular-expressions.ts'
import { listOf, ruleSet } from '../../../bench/cells/rule-sets.ts'
import { ruleFileSchema } from '../../../rules/schema/index.ts'

test.each([1, 20, 100] as const)('the set of %i rules is a valid rule file of that size with distinct ids', (count) => {
  const { rules } = ruleFileSchema.parse({ rules: ruleSet(count) })
  expect(rules).toHaveLength(count)
  expect(new Set(rules.map(({ id }) => id)).size).toBe(count)
  expect(ruleExpressions(count)).toHaveLength(count)
})

test('each larger set begins with the smaller one', () => {
  expect(ruleSet(20).slice(0, 1)).toEqual(ruleSet(1))
  expect(ruleSet(100).slice(0, 20)).toEqual(ruleSet(20))
})

test('RE2 takes all patterns of a hundred rules in one set', () => {
  const patterns = ruleSet(100).flatMap((rule) => listOf(rule.pattern))
  expect(patterns).toHaveLength(90)
  expect(new RE2.Set(patterns).test('ghp_abcdefghijklmnopqrstuvwxyz0123456789')).toBe(true)
})
