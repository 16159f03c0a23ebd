import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { ruleFileSchema } from '../../rules/schema.ts'
import { codeBlock, document, ROOT } from './document.ts'

const readme = document('README.md')
const folder = mkdtempSync(join(tmpdir(), 'fieldseal-readme-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('it has fewer than 150 lines', () => {
  expect(readme.split('\n').length).toBeLessThan(150)
})

test('its two commands are these', () => {
  expect(readme.match(/^npm ci && .*$/gm)).toEqual(['npm ci && npm run demo', 'npm ci && npm test'])
})

test('the first record is sealed and opened by five commands', () => {
  const commands = codeBlock('README.md', 'first')
  expect(commands.trimEnd().split('\n')).toHaveLength(5)
  // A folder that looks like the checkout, so that nothing is written into it.
  for (const name of ['node_modules', 'detectors', 'rules', 'processor', 'scripts', 'package.json'])
    symlinkSync(join(ROOT, name), join(folder, name))
  mkdirSync(join(folder, 'home'))
  writeFileSync(join(folder, 'first.sh'), `set -eu\n${commands}`)
  const run = spawnSync('sh', ['first.sh'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, HOME: join(folder, 'home') },
  })
  expect([run.status, run.stderr]).toEqual([0, '2 opened, 0 left sealed\n'])
  expect(run.stdout).toContain('{"msg":"user jane.doe@example.com paid with 4111 1111 1111 1111"}\n')
  const sealed = readFileSync(join(folder, '.demo/first/sealed.jsonl'), 'utf8')
  expect(JSON.parse(sealed).msg).toMatch(
    /^user \[sealed:email:[\w-]{8}\/0\] paid with \[sealed:payment_card:[\w-]{8}\/1\]$/,
  )
})

test('its rules are valid', () => {
  const [, rules] = /```yaml\n([\s\S]*?)```/.exec(readme)!
  expect(ruleFileSchema.safeParse(parse(rules!)).error).toBeUndefined()
})
