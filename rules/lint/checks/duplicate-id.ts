import { type LintCheck, onRule } from '../check.ts'

export const duplicateId: LintCheck = {
  code: 'duplicate-id',
  severity: 'error',
  title: 'Two rules with the same id',
  explanation:
    'Reports, metrics and placeholders count by the id of the rule. Ids are unique over all rule files of a configuration, which is refused otherwise.',
  hint: 'Give one of the two another id; keep the one that dashboards already count by.',
  wrong: `rules:
  - {id: addresses, detect: [email], seal: {to: [default]}}
  - {id: addresses, key: ['^street$'], drop: {}}
`,
  right: `rules:
  - {id: addresses, detect: [email], seal: {to: [default]}}
  - {id: streets, key: ['^street$'], drop: {}}
`,
  find: ({ rules }) =>
    rules
      .filter(({ rule, index }) => rules.findIndex((other) => other.rule.id === rule.id) < index)
      .map(({ index }) => onRule(index, ['id'], 'another rule has this id')),
}
