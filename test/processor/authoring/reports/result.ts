import type { LintResult } from '../../../../processor/authoring/lint.ts'
import type { LintReportOptions } from '../../../../processor/authoring/reports/report.ts'

/** Names that each of the forms must escape. */
export const ODD = 'a,b:c%d "e" <f> & g\n::error::h\u0007\ud800.yaml'

export const OPTIONS: LintReportOptions = { paint: (_, text) => text, version: '1.2.3' }

export const RESULT: LintResult = {
  files: ['rules/ours.yaml', 'fine.yaml', ODD],
  rules: 7,
  strict: false,
  problems: [
    {
      file: 'rules/ours.yaml',
      line: 4,
      column: 9,
      code: 'unknown-detector',
      severity: 'error',
      message: 'rule "one": no detector is named "emial"',
      hint: 'Did you mean "email"?',
    },
    {
      file: ODD,
      line: 12,
      column: 3,
      code: 'exception-without-owner',
      severity: 'warning',
      message: `rule "${ODD}": the exception has no owner`,
      hint: 'Add owner: the team that answers for it.',
    },
  ],
}

export const CLEAN: LintResult = { files: ['fine.yaml'], rules: 1, strict: true, problems: [] }
