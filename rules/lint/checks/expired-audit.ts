import { type LintCheck, onRule } from '../check.ts'
import { isPast } from '../subject.ts'

export const expiredAudit: LintCheck = {
  code: 'expired-audit',
  severity: 'warning',
  title: 'An audit that has ended: the rule is carried out',
  explanation:
    'A rule in audit counts what it would do until the day that it names (UTC); from then on it is carried out. The file still reads as if nothing happened to the values.',
  hint: 'Remove mode and expires, or set a later day.',
  wrong: `rules:
  - id: accounts
    detect: [iban]
    mode: audit
    expires: 2024-06-30
    seal: {to: [default]}
`,
  right: `rules:
  - id: accounts
    detect: [iban]
    seal: {to: [default]}
`,
  find: ({ rules, now }) =>
    rules
      .filter(({ rule }) => isPast(rule.expires, now))
      .map(({ rule, index }) => onRule(index, ['expires'], `since ${rule.expires} the rule is carried out`)),
}
