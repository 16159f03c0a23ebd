import { type LintCheck, onRule } from '../check.ts'
import { listOf } from '../list-of.ts'

export const unknownDetector: LintCheck = {
  code: 'unknown-detector',
  severity: 'error',
  title: 'A detector that does not exist',
  explanation:
    'A rule names detectors of the catalogue, or detectors that a rule file defines under detectors. A configuration with a rule that names anything else is refused, since the rule would find nothing.',
  hint: 'The catalogue is listed in docs/reference/detectors.md.',
  wrong: `rules:
  - id: addresses
    detect: [emial]
    seal: {to: [default]}
`,
  right: `rules:
  - id: addresses
    detect: [email]
    seal: {to: [default]}
`,
  find: ({ rules, detectorNames }) =>
    rules.flatMap(({ rule, index }) =>
      listOf(rule.detect).flatMap((name, at) =>
        detectorNames.includes(name)
          ? []
          : onRule(index, ['detect', at], `no detector is named ${JSON.stringify(name)}`),
      ),
    ),
}
