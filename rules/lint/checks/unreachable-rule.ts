import { type LintCheck, onRule } from '../check.ts'
import { takesAll } from '../overlap.ts'
import type { LintRule } from '../subject.ts'

export const unreachableRule: LintCheck = {
  code: 'unreachable-rule',
  severity: 'warning',
  title: 'A rule that never acts, because another takes everything that it could',
  explanation:
    'Drop comes before seal, seal before hash, and hash before mask; among rules with the same action the first in the order of the files comes first. A rule whose every match is taken by such a rule does nothing, and whoever reads it believes otherwise. Rules in audit and rules with exceptions or with other conditions are not counted as taking everything.',
  hint: 'Remove the rule, make the other one narrower, or put this one before it.',
  wrong: `rules:
  - id: user
    path: ['attributes.user.**']
    seal: {to: [default]}
  - id: user-name
    path: [attributes.user.name]
    hash: {key: pseudonyms}
`,
  right: `rules:
  - id: user
    path: [attributes.user.email, attributes.user.street]
    seal: {to: [default]}
  - id: user-name
    path: [attributes.user.name]
    hash: {key: pseudonyms}
`,
  find: ({ rules }) =>
    rules.flatMap((rule) => {
      if (!rule.isSound || !rule.isEnforced) return []
      const stronger = rules.filter((other) => other !== rule && mayTake(other, rule))
      const takers = rule.claims.map((claim) =>
        stronger.find((other) => other.claims.some((outer) => takesAll(other, outer, rule, claim))),
      )
      if (takers.length === 0 || takers.includes(undefined)) return []
      const ids = [...new Set(takers.map((taker) => JSON.stringify(taker!.rule.id)))]
      return onRule(rule.index, [], `everything that it could find is taken by ${ids.join(' and ')}`)
    }),
}

/** Whether a rule comes before another wherever both want a text, under no condition that the other does not have. */
function mayTake(outer: LintRule, inner: LintRule): boolean {
  if (!outer.isSound || !outer.isEnforced) return false
  const isStronger =
    outer.action.rank === inner.action.rank ? outer.index < inner.index : outer.action.rank < inner.action.rank
  const { where } = outer.rule
  return (
    isStronger &&
    outer.exceptions.length === 0 &&
    (where === undefined || JSON.stringify(where) === JSON.stringify(inner.rule.where))
  )
}
