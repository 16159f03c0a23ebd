import type { ReadingCheck } from '../check.ts'

export const unknownKey: ReadingCheck = {
  code: 'unknown-key',
  severity: 'error',
  title: 'A key that rule files do not have',
  explanation:
    'A key that nobody knows is most often a known one, misspelt. If it were passed over, the rule would do less than its author believes: a condition or an exception would not be there. So the whole file is refused.',
  hint: 'All keys are listed in docs/reference/rules.md.',
  wrong: `rules:
  - id: cards
    detects: [payment_card]
    path: ['attributes.**']
    seal: {to: [default]}
`,
  right: `rules:
  - id: cards
    detect: [payment_card]
    path: ['attributes.**']
    seal: {to: [default]}
`,
  covers: ({ message }) => message.startsWith('unknown key '),
}
