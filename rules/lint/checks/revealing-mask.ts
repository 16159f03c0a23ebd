import { type LintCheck, onRule } from '../check.ts'

export const revealingMask: LintCheck = {
  code: 'revealing-mask',
  severity: 'warning',
  title: 'A mask that leaves much of a value that can be guessed',
  explanation:
    'Where all possible values can be tried out (telephone numbers, social security numbers, dates of birth), each character that stays readable takes a tenth or more of them away. The last four digits of a telephone number, with the time and the service beside them, often name one customer; those of a social security number are what call centres ask for.',
  hint: 'Use mask: {} without keep_last, or seal it, so that those who must can read all of it.',
  wrong: `rules:
  - id: security-numbers
    detect: [us_ssn]
    mask: {keep_last: 4}
`,
  right: `rules:
  - id: security-numbers
    detect: [us_ssn]
    mask: {}
`,
  find: ({ rules }) =>
    rules.flatMap(({ rule, index, detectors }) => {
      const keepLast = rule.mask?.keep_last ?? 0
      const low = detectors.filter(({ lowEntropy }) => lowEntropy).map(({ name }) => name)
      if (keepLast === 0 || low.length === 0) return []
      const message = `${low.join(', ')} has so few possible values that the last ${keepLast} characters tell much`
      return onRule(index, ['mask', 'keep_last'], message)
    }),
}
