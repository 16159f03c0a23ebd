import { formatIssue, type Place } from '../../config/issue.ts'
import type { Paint } from '../paint.ts'
import { clauseOf } from '../plain-words.ts'
import type { CaseResult } from '../run-tests.ts'
import { isFailure } from '../run-tests.ts'
import { titleOf } from '../test-cases.ts'
import { countOf, isBelowThreshold, isGood, moveHint, type TestReport } from './report.ts'

/** A report for people: what failed, why, and how much is covered. */
export function prettyReport(report: TestReport, paint: Paint): string {
  const failures = report.results.filter(isFailure).map((result) => failureText(result, paint))
  const parts = [...failures, ...coverageText(report, paint), summary(report, paint)]
  return `${parts.join('\n\n')}\n`
}

function failureText(result: CaseResult, paint: Paint): string {
  const title = titleOf(result.case)
  if (result.status === 'done') return paint('yellow', lineAt(result, result.case, `${title}: ${moveHint(result)}`))
  const blocks = result.disagreements.map(({ part, expected, happened }) => {
    const place = part === undefined ? result.case : result.case.place(part)
    const [first = '', ...more] = happened
    return [
      paint('red', lineAt(result, place, `${title}: failed`)),
      `  expected: ${expected}`,
      `  happened: ${first}`,
      ...more.map((line) => `            ${line}`),
    ].join('\n')
  })
  return [...blocks, ...verdicts(result)].join('\n')
}

/** What the other rules made of the record. */
function verdicts({ case: { subject }, matches }: CaseResult): string[] {
  const others = matches.filter(({ rule }) => rule !== subject)
  const lines = others.map((match) => `rule "${match.rule}": ${clauseOf(match)}`)
  return [...new Set(lines)].map((line, index) => `  ${index === 0 ? 'besides:  ' : '          '}${line}`)
}

function lineAt({ case: { file } }: CaseResult, { line, column }: Place, message: string): string {
  return formatIssue({ file, line, column, message })
}

function coverageText(report: TestReport, paint: Paint): string[] {
  const { coverage, threshold } = report
  if (coverage === undefined) return []
  const missing = coverage.missing.map(({ file, line, column, rule, wanted }) =>
    formatIssue({ file, line, column, message: `${rule}: there is no ${wanted.replace(/^an? /, '')}` }),
  )
  const colour = isBelowThreshold(report) ? 'red' : 'green'
  const figures = `${coverage.covered} of ${coverage.wanted} tests that the rules want`
  const least = isBelowThreshold(report) ? `; at least ${threshold} % were asked for` : ''
  return [[...missing, paint(colour, `coverage: ${coverage.percent} % (${figures}${least})`)].join('\n')]
}

function summary(report: TestReport, paint: Paint): string {
  const counts = [
    `${countOf(report, 'passed')} passed`,
    `${report.results.filter(isFailure).length} failed`,
    ...(countOf(report, 'todo') > 0 ? [`${countOf(report, 'todo')} to do`] : []),
  ]
  return paint(isGood(report) ? 'green' : 'red', counts.join(', '))
}
