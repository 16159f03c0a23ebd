import { plural } from '../counting.ts'
import type { LintResult } from '../lint.ts'
import { type LintProblem, lintPage } from '../lint-problem.ts'
import type { Paint } from '../paint.ts'
import type { LintReport } from './report.ts'

/** For people: `file:line:column code message`, what to do, and where more is said. */
export const prettyReport: LintReport = (result, { paint }) => {
  const problems = result.problems.map((problem) => told(problem, paint))
  return `${[...problems, summary(result, paint)].join('\n\n')}\n`
}

function told({ file, line, column, code, severity, message, hint }: LintProblem, paint: Paint): string {
  return [
    `${paint('bold', oneLine(`${file}:${line}:${column}`))} ${paint(colourOf(severity), code)} ${oneLine(message)}`,
    `  ${severity}: ${oneLine(hint)}`,
    paint('dim', `  see ${lintPage(code)}`),
  ].join('\n')
}

const colourOf = (severity: LintProblem['severity']) => (severity === 'error' ? 'red' : 'yellow')

/** Nothing that a file holds makes a line of its own, or speaks to the terminal. */
function oneLine(text: string): string {
  return text.replace(/\p{Cc}/gu, ' ')
}

function summary({ files, rules, problems }: LintResult, paint: Paint): string {
  const where = `${plural(rules, 'rule')} in ${plural(files.length, 'file')}`
  if (problems.length === 0) return `${paint('green', 'ok')}: ${where}`
  const errors = problems.filter(({ severity }) => severity === 'error').length
  const warnings = problems.length - errors
  const parts = [
    ...(errors > 0 ? [paint('red', plural(errors, 'error'))] : []),
    ...(warnings > 0 ? [paint('yellow', plural(warnings, 'warning'))] : []),
  ]
  return `${parts.join(', ')}; ${where}`
}
