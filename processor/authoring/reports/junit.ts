import { isFault, type LintResult } from '../lint.ts'
import { type LintProblem, lintPage } from '../lint-problem.ts'
import type { LintReport } from './report.ts'
import { escapeXml, xmlAttributes } from './xml.ts'

/**
 * For build servers: JUnit's XML, a suite for each rule file and a case for each finding. A file without findings has one
 * case that passes; a warning passes as well, with its text, unless warnings count.
 */
export const junitReport: LintReport = (result) => {
  const suites = result.files.map((file) => suite(file, result))
  const totals = countsOf(result.problems, result, result.files.length)
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ${xmlAttributes({ name: 'fieldseal lint', ...totals })}>\n${suites.join('')}</testsuites>\n`
}

function suite(file: string, result: LintResult): string {
  const problems = result.problems.filter((problem) => problem.file === file)
  const cases =
    problems.length === 0
      ? [`<testcase ${xmlAttributes({ classname: file, name: 'no findings' })}/>`]
      : problems.map((problem) => testCase(problem, result))
  const open = `  <testsuite ${xmlAttributes({ name: file, ...countsOf(problems, result, 1) })}>\n`
  return `${open}${cases.map((xml) => `    ${xml}\n`).join('')}  </testsuite>\n`
}

/** @param files - each has a case where it has no findings. */
function countsOf(problems: readonly LintProblem[], result: LintResult, files: number) {
  const clean = files - new Set(problems.map(({ file }) => file)).size
  const failures = problems.filter((problem) => isFault(problem, result)).length
  return { tests: problems.length + clean, failures, errors: 0 }
}

function testCase(problem: LintProblem, result: LintResult): string {
  const { file, line, column, code, message, hint } = problem
  const open = `<testcase ${xmlAttributes({ classname: file, name: `${code} at ${line}:${column}`, file, line })}>`
  const text = escapeXml(`${file}:${line}:${column} ${code} ${message}\n${hint}\nsee ${lintPage(code)}`)
  const content = isFault(problem, result)
    ? `<failure ${xmlAttributes({ message, type: code })}>${text}</failure>`
    : `<system-out>${text}</system-out>`
  return `${open}${content}</testcase>`
}
