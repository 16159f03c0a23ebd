import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { requirePatternEngine } from '../../processor/pattern-engine.ts'
import { ROOT } from '../docs/document.ts'

let root: string

/** A copy of the package whose re2 was installed with `--ignore-scripts`. */
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'fieldseal-no-re2-'))
  for (const folder of ['detectors', 'rules', 'processor'])
    cpSync(join(ROOT, folder), join(root, folder), { recursive: true })
  cpSync(join(ROOT, 'package.json'), join(root, 'package.json'))
  mkdirSync(join(root, 'node_modules'))
  for (const name of readdirSync(join(ROOT, 'node_modules')))
    if (name !== 're2' && !name.startsWith('.'))
      symlinkSync(join(ROOT, 'node_modules', name), join(root, 'node_modules', name))
  installRE2()
  writeFileSync(join(root, 'rules.yaml'), 'rules: [{ id: e-mail, detect: [email], drop: {} }]\n')
  writeFileSync(join(root, 'config.yaml'), 'rules: [rules.yaml]\n')
})

afterAll(() => rmSync(root, { recursive: true }))

function installRE2(): void {
  for (const name of ['package.json', 're2.js'])
    cpSync(join(ROOT, 'node_modules/re2', name), join(root, 'node_modules/re2', name))
}

/** What a program of one expression prints as JSON. All that can be asked at once is: a process costs a second. */
function evaluated(expression: string) {
  const program = `
    import { PassThrough } from 'node:stream'
    import { text } from 'node:stream/consumers'
    import { dispatch } from './processor/cli/dispatch.ts'
    import { createEngine, FieldsealError, loadEngine } from './processor/index.ts'
    const thrown = (make) => {
      try { make(); return 'nothing' }
      catch (error) { return { ours: error instanceof FieldsealError, code: error.code, message: error.message, hint: error.hint } }
    }
    const command = async (...argv) => {
      const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
      stdin.end()
      const status = await dispatch(argv, { stdin, stdout, stderr, env: {} })
      return { status, stdout: await text(stdout.end()), stderr: await text(stderr.end()) }
    }
    const ENGINE = { rules: [{ id: 'e-mail', detect: 'email', drop: {} }] }
    console.log(JSON.stringify(await (${expression})))`
  // In a file: the service refuses to run from the command line of Node.
  writeFileSync(join(root, 'program.mjs'), program)
  const { stdout } = spawnSync(process.execPath, ['program.mjs'], { cwd: root, encoding: 'utf8' })
  return JSON.parse(stdout)
}

const CREATE = 'thrown(() => createEngine(ENGINE))'

const NEEDS_PATTERNS = [
  ['run', '-c', 'config.yaml'],
  ['seal', '-c', 'config.yaml'],
  ['validate', '-c', 'config.yaml'],
  ['lint', 'rules.yaml'],
  ['lint', '-c', 'config.yaml'],
  ['test', 'rules.yaml'],
  ['test', '-c', 'config.yaml'],
  ['explain', '-c', 'config.yaml'],
  ['preview', '-c', 'config.yaml'],
  ['rules', 'list', 'rules.yaml'],
  ['rules', 'show', 'e-mail', 'rules.yaml'],
  ['rules', 'diff', 'rules.yaml', 'rules.yaml', '--sample', 'rules.yaml'],
]
const NEEDS_NONE = [['--help'], ['seal', '--help'], ['keys', 'new', 'security']]

describe('Where re2 is not built', () => {
  it('engines are refused with a code, and with the command that mends it', () => {
    const errors = evaluated(`[${CREATE}, thrown(() => loadEngine('config.yaml'))]`)
    expect(errors).toHaveLength(2)
    for (const error of errors)
      expect(error).toEqual({
        ours: true,
        code: 'FIELDSEAL_PATTERN_ENGINE_MISSING',
        message: 'the pattern engine, the package re2, is not built: run "npm rebuild re2"',
        hint: expect.stringMatching(/npm rebuild re2.*npm approve-scripts re2/),
      })
  })

  it('each command says so, and those that need no patterns work', () => {
    const commands = [...NEEDS_PATTERNS, ...NEEDS_NONE]
    const outcomes = evaluated(`Promise.all(${JSON.stringify(commands)}.map((argv) => command(...argv)))`)
    expect(outcomes).toHaveLength(commands.length)
    for (const [index, { status, stdout, stderr }] of outcomes.slice(0, NEEDS_PATTERNS.length).entries()) {
      expect({ argv: commands[index], status, stdout }).toEqual({ argv: commands[index], status: 69, stdout: '' })
      expect(stderr).toMatch(/^FIELDSEAL_PATTERN_ENGINE_MISSING .* is not built: .*\n {2}.*npm rebuild re2.*\n$/)
    }
    for (const { status } of outcomes.slice(NEEDS_PATTERNS.length)) expect(status).toBe(0)
  })
})

describe('The message tells', () => {
  it('a re2 that is not there', () => {
    rmSync(join(root, 'node_modules/re2'), { recursive: true })
    expect(evaluated(CREATE).message).toBe('the pattern engine, the package re2, is absent: run "npm rebuild re2"')
    installRE2()
  })

  it('a re2 that this Node cannot load', () => {
    mkdirSync(join(root, 'node_modules/re2/build/Release'), { recursive: true })
    writeFileSync(join(root, 'node_modules/re2/build/Release/re2.node'), 'of another machine')
    expect(evaluated(CREATE).message).toBe(
      'the pattern engine, the package re2, is built for another Node or machine: run "npm rebuild re2"',
    )
  })
})

it('Where re2 is there, nothing is said', () => {
  expect(() => requirePatternEngine()).not.toThrow()
})
