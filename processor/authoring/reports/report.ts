import type { LintResult } from '../lint.ts'

/** Colours a text for a terminal, or leaves it as it is. */
export type Paint = (colour: 'red' | 'green' | 'yellow' | 'bold' | 'dim', text: string) => string

export interface LintReportOptions {
  readonly paint: Paint
  /** Of Fieldseal, for reports that name the tool. */
  readonly version: string
}

/** One form in which findings are told; ends with a line feed. */
export type LintReport = (result: LintResult, options: LintReportOptions) => string
