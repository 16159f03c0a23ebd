/**
 * Counts the tests of vitest's JSON reports: `node scripts/count-tests.ts FILE...`. The last line is `N passed, N failed`,
 * after those that were skipped and those that failed, by name.
 *
 * A file that fails to load has no tests that could fail, yet counts as one failed.
 */
import { readFileSync } from 'node:fs'

interface Report {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly message: string
    readonly assertionResults: readonly {
      readonly status: string
      readonly fullName: string
      readonly failureMessages: readonly string[]
    }[]
  }[]
}

const files = process.argv.slice(2)
if (files.length === 0) {
  process.stderr.write('usage: node scripts/count-tests.ts FILE...\n')
  process.exitCode = 64
} else {
  const reports = files.map((file): Report => JSON.parse(readFileSync(file, 'utf8')))
  const passed = reports.reduce((sum, { numPassedTests }) => sum + numPassedTests, 0)
  const failed = reports.reduce((sum, { numFailedTests }) => sum + numFailedTests, 0)
  const testResults = reports.flatMap((report) => report.testResults)
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults)
  const skipped = tests.filter(({ status }) => status !== 'passed' && status !== 'failed')
  const broken = testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((result) => result.status === 'failed'),
  )
  const failures = testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages }) => `failed: ${name}: ${fullName}\n${failureMessages.join('\n')}`),
  )
  const lines = [
    ...skipped.map(({ fullName }) => `skipped: ${fullName}`),
    ...(skipped.length > 0 ? [`${skipped.length} skipped`] : []),
    ...failures,
    ...broken.map(({ name, message }) => `failed: ${name}\n${message}`),
    `${passed} passed, ${failed + broken.length} failed`,
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
}
