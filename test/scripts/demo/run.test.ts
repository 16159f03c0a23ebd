import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { afterAll, expect, test } from 'vitest'
import { createEngine, type RuleInput } from '../../../processor/index.ts'
import { BrokenClaim } from '../../../scripts/demo/claims.ts'
import { openForEach } from '../../../scripts/demo/open-for-each.ts'
import { openWithJose } from '../../../scripts/demo/open-with-jose.ts'
import { COLUMNS, Screen } from '../../../scripts/demo/screen.ts'
import { sealSample } from '../../../scripts/demo/seal-sample.ts'
import { setUp } from '../../../scripts/demo/set-up.ts'

const script = join(import.meta.dirname, '../../../scripts/demo/run.ts')
const folder = mkdtempSync(join(tmpdir(), 'fieldseal-demo-'))
afterAll(() => rmSync(folder, { recursive: true }))

const silent = new Screen(new Writable({ write: (_chunk, _encoding, done) => done() }))

/** The demo's set-up, and an engine with other rules. */
function withRules(rules: readonly RuleInput[]) {
  const { privateKeys } = setUp(folder)
  const names = ['fraud', 'dpo', 'security'] as const
  const recipients = Object.fromEntries(
    names.map((name) => {
      const { d: _, ...publicJwk } = privateKeys[name]
      return [name, publicJwk]
    }),
  )
  return { engine: createEngine({ recipients, rules }), privateKeys }
}

test('the demo succeeds, at most 100 columns wide, without colour where there is no terminal', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, 'run'], { encoding: 'utf8', cwd: folder })
  expect([status, stderr]).toEqual([0, ''])
  expect(stdout.split('\n').filter((line) => line.length > COLUMNS)).toEqual([])
  expect(stdout).not.toContain('\u001b')
  expect(stdout.trimEnd().split('\n').slice(-5)).toEqual([
    'What to try next',
    '',
    expect.stringContaining('npm run -s fieldseal -- open --key '),
    expect.any(String),
    expect.any(String),
  ])
  expect(statSync(join(folder, 'run/fraud.jwk')).mode & 0o777).toBe(0o600)
})

test('it fails where a rule finds less than it says', () => {
  const { engine } = withRules([{ id: 'e-mail', detect: 'email', seal: { to: ['dpo', 'security'] } }])
  expect(() => sealSample(engine, folder, silent)).toThrow(BrokenClaim)
})

test('it fails where somebody reads more or less than it says', () => {
  const { engine, privateKeys } = setUp(folder)
  const sealed = sealSample(engine, folder, silent)
  expect(() => openForEach(sealed, privateKeys, silent)).not.toThrow()
  expect(() => openForEach(sealed, { ...privateKeys, dpo: privateKeys.security }, silent)).toThrow(BrokenClaim)
  expect(() => openForEach(sealed, { ...privateKeys, fraud: privateKeys.stranger }, silent)).toThrow(BrokenClaim)
  expect(() => openForEach(sealed, { ...privateKeys, stranger: privateKeys.dpo }, silent)).toThrow(BrokenClaim)
})

test('it fails where jose opens something else', async () => {
  const { engine, privateKeys } = setUp(folder)
  const sealed = sealSample(engine, folder, silent)
  await expect(openWithJose(sealed, privateKeys, silent)).resolves.toBeUndefined()
  await expect(openWithJose(sealed, { ...privateKeys, stranger: privateKeys.dpo }, silent)).rejects.toThrow(BrokenClaim)
})

test('keys are new each time', () => {
  expect(setUp(folder).privateKeys.fraud).not.toEqual(setUp(folder).privateKeys.fraud)
})
