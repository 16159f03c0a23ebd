import { isFault } from '../lint.ts'
import { lintPage } from '../lint-problem.ts'
import type { LintReport } from './report.ts'

/** For programs: one JSON object, indented. Lines and columns count from 1, columns in UTF-16 units. */
export const jsonReport: LintReport = (result) => {
  const { files, rules, problems, strict } = result
  const errors = problems.filter(({ severity }) => severity === 'error').length
  const report = {
    ok: !problems.some((problem) => isFault(problem, result)),
    summary: { files: files.length, rules, errors, warnings: problems.length - errors, strict },
    problems: problems.map((problem) => ({ ...problem, page: lintPage(problem.code) })),
  }
  return `${JSON.stringify(report, null, 2)}\n`
}
