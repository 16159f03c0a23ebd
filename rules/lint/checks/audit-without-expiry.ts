import type { ReadingCheck } from '../check.ts'

export const auditWithoutExpiry: ReadingCheck = {
  code: 'audit-without-expiry',
  severity: 'error',
  title: 'A rule in audit without the day on which that ends, or such a day without an audit',
  explanation:
    'A rule in audit only counts what it would do: the values leave in the clear. That is a state to try a rule in, not to stay in, so it carries the day from which the rule is carried out. A rule that is enforced has no such day; exceptions have their own.',
  hint: 'Write mode: audit and expires: YYYY-MM-DD together, or neither.',
  wrong: `rules:
  - id: accounts
    detect: [iban]
    mode: audit
    seal: {to: [default]}
`,
  right: `rules:
  - id: accounts
    detect: [iban]
    mode: audit
    expires: 2027-06-30
    seal: {to: [default]}
`,
  covers: ({ message }) => message.startsWith('`mode: audit` '),
}
