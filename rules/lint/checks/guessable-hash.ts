import { detectorByName } from '../../../detectors/index.ts'
import { type LintCheck, onRule } from '../check.ts'
import { listOf } from '../list-of.ts'

export const guessableHash: LintCheck = {
  code: 'guessable-hash',
  severity: 'error',
  title: 'A hash of something that can be guessed',
  explanation:
    'Some kinds of values are so few that all of them can be tried out: telephone numbers, social security numbers, dates of birth. Whoever holds the key of the hash has the whole list in minutes, and whoever sees one value beside its pseudonym, again and again, learns the rest by counting. The configuration refuses such a rule.',
  hint: 'Seal it, or drop it.',
  wrong: `rules:
  - id: security-numbers
    detect: [us_ssn]
    hash: {key: pseudonyms}
`,
  right: `rules:
  - id: security-numbers
    detect: [us_ssn]
    seal: {to: [default]}
`,
  find: ({ rules, detectors }) =>
    rules
      .filter(({ rule }) => rule.hash !== undefined)
      .flatMap(({ rule, index }) =>
        listOf(rule.detect).flatMap((name, at) => {
          const own = detectors.find((detector) => detector.name === name)
          const isLow = own?.low_entropy ?? detectorByName(name)?.lowEntropy ?? false
          return isLow
            ? onRule(index, ['detect', at], `${name} has so few possible values that a hash hides nothing`)
            : []
        }),
      ),
}
