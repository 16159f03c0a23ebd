/**
 * Counts the tests of a vitest JSON report: `node scripts/count-tests.ts FILE`. The last line is `N passed, N failed`,
 * after the number of tests that were skipped, with their names.
 *
 * A file that fails to load has no tests that could fail, yet counts as one failed.
 */
import { readFileSync } from 'node:fs'

interface Report {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly testResults: readonly {
    readonly status: string
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[]
  }[]
}

const [file] = process.argv.slice(2)
if (file === undefined) {
  process.stderr.write('usage: node scripts/count-tests.ts FILE\n')
  process.exitCode = 64
} else {
  const { numPassedTests, numFailedTests, testResults }: Report = JSON.parse(readFileSync(file, 'utf8'))
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults)
  const skipped = tests.filter(({ status }) => status !== 'passed' && status !== 'failed')
  const broken = testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((result) => result.status === 'failed'),
  )
  const lines = [
    ...skipped.map(({ fullName }) => `skipped: ${fullName}`),
    ...(skipped.length > 0 ? [`${skipped.length} skipped`] : []),
    `${numPassedTests} passed, ${numFailedTests + broken.length} failed`,
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
}
