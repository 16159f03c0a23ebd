import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'

const script = join(import.meta.dirname, '../../scripts/count-tests.ts')
const folder = mkdtempSync(join(tmpdir(), 'fieldseal-count-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A report in the form of vitest's JSON reporter: for each file its status and those of its tests. */
function count(files: readonly { status: string; tests: readonly string[] }[]): string {
  const statuses = files.flatMap(({ tests }) => tests)
  const report = {
    numPassedTests: statuses.filter((status) => status === 'passed').length,
    numFailedTests: statuses.filter((status) => status === 'failed').length,
    testResults: files.map(({ status, tests }, file) => ({
      name: `${file}.test.ts`,
      status,
      message: tests.length === 0 ? 'it does not load' : '',
      assertionResults: tests.map((test, index) => ({
        status: test,
        fullName: `test ${index}`,
        failureMessages: test === 'failed' ? ['expected 1 to be 2'] : [],
      })),
    })),
  }
  const file = join(folder, 'report.json')
  writeFileSync(file, JSON.stringify(report))
  return counted(file)
}

function counted(...files: string[]): string {
  return spawnSync(process.execPath, [script, ...files], { encoding: 'utf8' }).stdout
}

test('counts what passed and failed on the last line', () => {
  expect(count([{ status: 'failed', tests: ['passed', 'failed', 'passed'] }])).toMatch(/\n2 passed, 1 failed\n$/)
})

test('names what failed, and says why', () => {
  expect(count([{ status: 'failed', tests: ['passed', 'failed'] }])).toBe(
    'failed: 0.test.ts: test 1\nexpected 1 to be 2\n1 passed, 1 failed\n',
  )
})

test('adds up several reports', () => {
  count([{ status: 'failed', tests: ['passed', 'failed'] }])
  const file = join(folder, 'report.json')
  expect(counted(file, file)).toMatch(/\n2 passed, 2 failed\n$/)
})

test('names what was skipped', () => {
  expect(count([{ status: 'passed', tests: ['passed', 'skipped', 'todo'] }])).toBe(
    'skipped: test 1\nskipped: test 2\n2 skipped\n1 passed, 0 failed\n',
  )
})

test('a file that does not load counts as a failure', () => {
  expect(
    count([
      { status: 'failed', tests: [] },
      { status: 'passed', tests: ['passed'] },
    ]),
  ).toBe('failed: 0.test.ts\nit does not load\n1 passed, 1 failed\n')
})
