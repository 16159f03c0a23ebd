import { type LintCheck, onRule } from '../check.ts'

export const ruleWithoutTests: LintCheck = {
  code: 'rule-without-tests',
  severity: 'warning',
  strictOnly: true,
  title: 'A rule without tests',
  explanation:
    'Tests say in plain records what a rule is for: what it must act on, and what it must leave alone. They are run by fieldseal test on the engine that production runs, and keep a later change, to this rule or to another, from taking the protection away unseen.',
  hint: 'Add tests with at least one text under seal and one under keep; then run fieldseal test.',
  wrong: `rules:
  - id: addresses
    detect: [email]
    seal: {to: [default]}
`,
  right: `rules:
  - id: addresses
    detect: [email]
    seal: {to: [default]}
    tests:
      seal: ['sent to jane.doe@example.org']
      keep: ['sent to nobody']
`,
  find: ({ rules }) =>
    rules.flatMap(({ rule, index }) => {
      const missing = (['seal', 'keep'] as const).filter((kind) => rule.tests?.[kind] === undefined)
      if (missing.length === 0) return []
      if (rule.tests === undefined) return onRule(index, [], 'the rule has no tests')
      const what = missing.map((kind) => (kind === 'seal' ? 'acts' : 'leaves something alone')).join(' and ')
      return onRule(index, ['tests'], `no test shows where the rule ${what}`)
    }),
}
