import { type LintCheck, onDetector } from '../check.ts'

export const duplicateDetector: LintCheck = {
  code: 'duplicate-detector',
  severity: 'error',
  title: 'A detector with a name that is taken',
  explanation:
    'Rules name detectors, and placeholders and metrics show the name. An own detector with the name of one of the catalogue, or of another rule file, would leave open which of the two a rule means.',
  hint: 'Choose another name, and name it in the rules that mean it.',
  wrong: `detectors:
  - name: email
    pattern: '[a-z]+ at [a-z]+\\.example'
rules:
  - id: addresses
    detect: [email]
    seal: {to: [default]}
`,
  right: `detectors:
  - name: written_out_email
    pattern: '[a-z]+ at [a-z]+\\.example'
rules:
  - id: addresses
    detect: [email, written_out_email]
    seal: {to: [default]}
`,
  find: ({ detectorIssues }) =>
    detectorIssues
      .filter(({ path }) => path[0] === 'name')
      .map(({ detector, path, problem }) => onDetector(detector, path, problem)),
}
