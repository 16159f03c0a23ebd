import type { LintResult } from '../lint.ts'
import type { Paint } from '../paint.ts'

export interface LintReportOptions {
  readonly paint: Paint
  /** Of Fieldseal, for reports that name the tool. */
  readonly version: string
}

/** One form in which findings are told; ends with a line feed. */
export type LintReport = (result: LintResult, options: LintReportOptions) => string
