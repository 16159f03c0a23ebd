import type { Coverage } from '../coverage.ts'
import type { CaseResult, CaseStatus } from '../run-tests.ts'
import { isFailure } from '../run-tests.ts'

/** What a run of tests has to say. */
export interface TestReport {
  readonly results: readonly CaseResult[]
  /** Undefined where nobody asked for it. */
  readonly coverage: Coverage | undefined
  /** Per cent below which the run fails. */
  readonly threshold: number
}

export function isBelowThreshold({ coverage, threshold }: TestReport): boolean {
  return coverage !== undefined && coverage.percent < threshold
}

/** Whether all is well: nothing failed, and enough is covered. */
export function isGood(report: TestReport): boolean {
  return !report.results.some(isFailure) && !isBelowThreshold(report)
}

export function countOf({ results }: TestReport, status: CaseStatus): number {
  return results.filter((result) => result.status === status).length
}

/** What is to be done with a case of `todo_seal` or `todo_keep` that passes. */
export function moveHint({ case: { kind } }: CaseResult): string {
  return `it passes by now: move it to \`${kind.replace('todo_', '')}\``
}
