import { escapeXml, xmlAttributes } from '../reports/xml.ts'
import type { CaseResult } from '../run-tests.ts'
import { titleOf } from '../test-cases.ts'
import { isBelowThreshold, moveHint, type TestReport } from './report.ts'

/** One `<testcase>`, and what it counts as. */
interface TestCaseElement {
  readonly file: string
  readonly xml: string
  readonly counts: 'failures' | 'skipped' | undefined
}

/** A report for build servers: JUnit's XML, one suite for each rule file. */
export function junitReport(report: TestReport): string {
  const elements = [...report.results.map(caseElement), ...coverageElements(report)]
  const files = [...new Set(elements.map(({ file }) => file))]
  const suites = files.map((file) => {
    const own = elements.filter((element) => element.file === file)
    const xml = own.map((element) => `    ${element.xml}\n`).join('')
    return `  <testsuite ${xmlAttributes({ name: file, ...totals(own) })}>\n${xml}  </testsuite>\n`
  })
  const head = `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ${xmlAttributes({ name: 'fieldseal test', ...totals(elements) })}>`
  return `${head}\n${suites.join('')}</testsuites>\n`
}

function totals(elements: readonly TestCaseElement[]) {
  const count = (what: string) => elements.filter(({ counts }) => counts === what).length
  return { tests: elements.length, failures: count('failures'), skipped: count('skipped') }
}

function caseElement(result: CaseResult): TestCaseElement {
  const { case: testCase, status, disagreements } = result
  const { file, line, subject } = testCase
  const open = `<testcase ${xmlAttributes({ classname: subject, name: titleOf(testCase), file, line })}`
  if (status === 'passed') return { file, xml: `${open}/>`, counts: undefined }
  if (status === 'todo') return { file, xml: `${open}><skipped message="to do"/></testcase>`, counts: 'skipped' }
  const told = disagreements.flatMap(({ expected, happened }) => [
    `expected: ${expected}`,
    ...happened.map((line) => `happened: ${line}`),
  ])
  const [first = '', ...more] = status === 'done' ? [moveHint(result)] : told
  return { file, xml: `${open}>${failure(first, more)}</testcase>`, counts: 'failures' }
}

/** What is missing fails where too much is missing. */
function coverageElements(report: TestReport): TestCaseElement[] {
  if (!isBelowThreshold(report)) return []
  return report.coverage!.missing.map(({ file, line, rule, wanted }) => {
    const open = `<testcase ${xmlAttributes({ classname: rule, name: `coverage: ${wanted}`, file, line })}`
    return { file, xml: `${open}>${failure('there is no such test', [])}</testcase>`, counts: 'failures' }
  })
}

function failure(message: string, more: readonly string[]): string {
  const text = more.map((line) => `${escapeXml(line)}\n`).join('')
  return `<failure ${xmlAttributes({ message })}>${text}</failure>`
}
