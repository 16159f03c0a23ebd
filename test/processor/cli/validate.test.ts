import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { keysNewCommand } from '../../../processor/cli/keys-new.ts'
import { validateCommand } from '../../../processor/cli/validate.ts'
import { temporaryFolder } from '../config/temporary-folder.ts'
import { capturedIo } from './captured-io.ts'

async function validate(files: Record<string, string>, ...argv: string[]) {
  const folder = temporaryFolder(files)
  for (const [name, crv] of [
    ['a', 'P-256'],
    ['b', 'X25519'],
  ] as const) {
    await keysNewCommand.execute([name, '--crv', crv, '--dir', folder], capturedIo())
  }
  const io = capturedIo()
  const exit = await validateCommand.execute(['-c', join(folder, 'c.yaml'), ...argv], io)
  return { exit, out: io.written(), err: io.complained().replaceAll(`${folder}/`, '') }
}

const CONFIG = 'recipients: {a: {jwk: a.pub.jwk}, b: {jwk: b.pub.jwk}}\ngroups: {g: [a, b]}\nrules: [r.yaml]\n'
const RULES = 'rules:\n  - {id: one, detect: email, seal: {to: g}}\n'

describe('validate', () => {
  test('counts what is sound', async () => {
    const result = await validate({ 'c.yaml': CONFIG, 'r.yaml': RULES })
    expect(result).toEqual({ exit: 0, out: 'ok: 1 rule, 2 recipients, 1 group\n', err: '' })
  })

  test('seals a probe for each recipient where it is asked to', async () => {
    const { exit, out } = await validate({ 'c.yaml': CONFIG, 'r.yaml': RULES }, '--check-recipients')
    expect(exit).toBe(0)
    expect(out.split('\n').slice(1)).toEqual(['a: ok (ECDH-ES+A256KW, P-256)', 'b: ok (ECDH-ES+A256KW, X25519)', ''])
  })

  test('lists every issue where it stands, on the error stream', async () => {
    const config = CONFIG.replace('[a, b]', '[a, c]')
    const { exit, out, err } = await validate({ 'c.yaml': config, 'r.yaml': RULES.replace('email', 'emial') })
    expect(exit).toBe(78)
    expect(out).toBe('')
    expect(err.split('\n')).toEqual([
      'c.yaml:2:17: no recipient has this name',
      expect.stringMatching(/^r\.yaml:2:23: unknown detector "emial"/),
      '2 issues',
      '',
    ])
  })

  test('compiles the rules: a pattern that RE2 refuses is an issue at its place', async () => {
    const rules = "rules:\n  - id: one\n    key:\n      - fine\n      - '(?=x)'\n    drop: {}\n"
    const { exit, err } = await validate({ 'c.yaml': CONFIG, 'r.yaml': rules })
    expect(exit).toBe(78)
    expect(err).toMatch(/^r\.yaml:5:9: rule "one": /)
    expect(err).toMatch(/\n1 issue\n$/)
  })

  test('shows warnings, which are no failure', async () => {
    const { exit, err } = await validate({ 'c.yaml': '{}\n' })
    expect(exit).toBe(0)
    expect(err).toBe('warning: there are no rules: nothing is sealed\n')
  })

  test('needs a configuration that can be read', async () => {
    await expect(validateCommand.execute([], capturedIo())).rejects.toMatchObject({ code: 'FIELDSEAL_USAGE' })
    await expect(validateCommand.execute(['-c', '/nowhere'], capturedIo())).rejects.toMatchObject({
      code: 'FIELDSEAL_CONFIG_UNREADABLE',
      exit: 78,
    })
  })
})
