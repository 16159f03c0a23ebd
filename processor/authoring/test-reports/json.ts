import { isFailure } from '../run-tests.ts'
import { countOf, isGood, moveHint, type TestReport } from './report.ts'

/** A report for programs: one JSON object, indented. */
export function jsonReport(report: TestReport): string {
  const { results, coverage, threshold } = report
  const cases = results.map((result) => {
    const { case: testCase, status, disagreements, matches, misses } = result
    const { file, line, column, kind, number, owner, subject, expected } = testCase
    return {
      ...{ file, line, column, rule: subject, beside: owner, kind, number, name: expected.name, status },
      ...(status === 'done' ? { hint: moveHint(result) } : {}),
      disagreements: disagreements.map(({ part, ...told }) => ({
        ...(part === undefined ? { line, column } : { part, ...testCase.place(part) }),
        ...told,
      })),
      ...(status === 'passed' ? {} : { matches, misses }),
    }
  })
  const summary = {
    passed: countOf(report, 'passed'),
    failed: results.filter(isFailure).length,
    todo: countOf(report, 'todo'),
  }
  const covered = coverage === undefined ? {} : { coverage: { ...coverage, threshold } }
  return `${JSON.stringify({ ok: isGood(report), summary, ...covered, cases }, null, 2)}\n`
}
