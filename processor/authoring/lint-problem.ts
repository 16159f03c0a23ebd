import type { LintFacts, LintSeverity } from '../../rules/lint/check.ts'
import type { Place } from '../config/issue.ts'

/** One fault of a rule file, as it is reported. No part of it holds a value of a record. */
export interface LintProblem extends Place {
  readonly file: string
  readonly code: string
  readonly severity: LintSeverity
  readonly message: string
  /** What to do. */
  readonly hint: string
}

/** @param hint - where more can be said than the check does. */
export function lintProblem(
  { code, severity, hint: general }: LintFacts,
  file: string,
  { line, column }: Place,
  message: string,
  hint: string | undefined,
): LintProblem {
  const said = hint ?? general
  return { file, line, column, code, severity, message, hint: said.charAt(0).toUpperCase() + said.slice(1) }
}

/** The page that says more, within the project's documentation. */
export function lintPage(code: string): string {
  return `docs/reference/lint/${code}.md`
}
