import type { ReadingCheck } from '../check.ts'

export const invalidValue: ReadingCheck = {
  code: 'invalid-value',
  severity: 'error',
  title: 'A value or a combination that rule files do not allow',
  explanation:
    'The schema of rule files allows less than YAML does: a rule has an id and exactly one of seal, hash, mask and drop; it says what to look for, or where; days, numbers and names have their form. The file is refused rather than read in a way that its author did not mean.',
  hint: 'What each key takes is said in docs/reference/rules.md.',
  wrong: `rules:
  - id: addresses
    detect: [email]
    seal: {to: [default]}
    drop: {}
`,
  right: `rules:
  - id: addresses
    detect: [email]
    seal: {to: [default]}
`,
  covers: () => true,
}
