import { type LintCheck, onRule } from '../check.ts'

const WANTED = ['title', 'owner', 'data_category', 'purpose', 'justification'] as const

export const missingMetadata: LintCheck = {
  code: 'missing-metadata',
  severity: 'warning',
  strictOnly: true,
  title: 'A rule that does not say what it is for and who answers for it',
  explanation:
    'Records of processing (GDPR, article 30) and audits ask of each kind of data what it is, what it is processed for, how it is protected and why. A rule that carries the answers can be reviewed by people who do not read patterns, and found again by its owner.',
  hint: 'Add title, owner, data_category, purpose and justification.',
  wrong: `rules:
  - id: addresses
    title: E-mail addresses
    detect: [email]
    seal: {to: [default]}
`,
  right: `rules:
  - id: addresses
    title: E-mail addresses
    owner: privacy
    data_category: contact
    purpose: customer support
    justification: GDPR, article 32
    detect: [email]
    seal: {to: [default]}
`,
  find: ({ rules }) =>
    rules.flatMap(({ rule, index }) => {
      const missing = WANTED.filter((key) => rule[key] === undefined)
      return missing.length === 0 ? [] : onRule(index, [], `the rule does not state its ${missing.join(', ')}`)
    }),
}
