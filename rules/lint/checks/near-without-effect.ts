import { type LintCheck, onRule } from '../check.ts'
import { gateTest, lastKey, passesInAnyCase } from '../key-test.ts'
import type { LintRule } from '../subject.ts'

export const nearWithoutEffect: LintCheck = {
  code: 'near-without-effect',
  severity: 'warning',
  title: 'Words that need not stand near anything',
  explanation:
    'Near keeps a detector from counting where none of its words stands near the match or names its key. A detector that goes by the key alone takes the whole value and looks for no words; and where every path of a rule ends in a key that is one of the words, they always hold. The rule is then wider than it reads.',
  hint: 'Remove near, or name a detector that has a shape to look for.',
  wrong: `rules:
  - id: card-expiries
    detect: [card_expiry]
    near: [visa]
    seal: {to: [default]}
`,
  right: `rules:
  - id: card-expiries
    detect: [card_expiry]
    seal: {to: [default]}
`,
  find: ({ rules }) =>
    rules.flatMap((rule) => {
      if (rule.rule.near === undefined) return []
      const byKey = rule.detectors.filter(({ activation }) => activation === 'key')
      const { index } = rule
      if (byKey.length > 0) {
        const names = byKey.map(({ name }) => name).join(', ')
        return onRule(index, ['near'], `${names} goes by the key alone: words beside the value do not matter`)
      }
      return isAlwaysOpen(rule) ? onRule(index, ['near'], 'the key that the path names is one of the words') : []
    }),
}

function isAlwaysOpen({ paths, claims }: LintRule): boolean {
  const gate = claims.find((claim) => claim.gate !== undefined)?.gate
  const opens = gate === undefined ? undefined : gateTest({ gate })
  if (opens === undefined || paths.length === 0) return false
  return paths.every((path) => {
    const key = lastKey(path)
    return key !== undefined && passesInAnyCase(opens, key)
  })
}
