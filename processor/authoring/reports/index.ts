import { githubReport } from './github.ts'
import { jsonReport } from './json.ts'
import { junitReport } from './junit.ts'
import { prettyReport } from './pretty.ts'
import type { LintReport } from './report.ts'
import { sarifReport } from './sarif.ts'

/** The forms in which findings are told: one line each. */
export const LINT_REPORTS = {
  pretty: prettyReport,
  json: jsonReport,
  github: githubReport,
  sarif: sarifReport,
  junit: junitReport,
} as const satisfies Readonly<Record<string, LintReport>>

export type LintReportName = keyof typeof LINT_REPORTS
