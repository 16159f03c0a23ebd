import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'

const script = join(import.meta.dirname, '../../scripts/check-imports.ts')
const folder = mkdtempSync(join(tmpdir(), 'fieldseal-imports-'))
afterAll(() => rmSync(folder, { recursive: true }))

function check(root: string[]) {
  return spawnSync(process.execPath, [script, ...root], { encoding: 'utf8' })
}

test('the project imports in the right directions', () => {
  expect(check([])).toMatchObject({ status: 0, stderr: '' })
})

test('a breach ends with exit code 1 and names the place', () => {
  mkdirSync(join(folder, 'detectors'))
  mkdirSync(join(folder, 'rules'))
  writeFileSync(join(folder, 'package.json'), '{}')
  writeFileSync(join(folder, 'rules/plan.ts'), 'export const plan = 1\n')
  writeFileSync(join(folder, 'detectors/email.ts'), "// A breach.\nimport { plan } from '../rules/plan.ts'\n")
  expect(check([folder])).toMatchObject({
    status: 1,
    stdout: '',
    stderr: 'detectors/email.ts:2: detectors must not know rules\n',
  })
})
