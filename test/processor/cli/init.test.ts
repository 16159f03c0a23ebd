import { lstatSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import type { Command } from '../../../processor/cli/arguments.ts'
import { initCommand } from '../../../processor/cli/init.ts'
import { keysNewCommand } from '../../../processor/cli/keys-new.ts'
import { lintCommand } from '../../../processor/cli/lint.ts'
import { openCommand } from '../../../processor/cli/open.ts'
import { previewCommand } from '../../../processor/cli/preview.ts'
import { sealCommand } from '../../../processor/cli/seal.ts'
import { testCommand } from '../../../processor/cli/test.ts'
import { validateCommand } from '../../../processor/cli/validate.ts'
import { ruleFileJsonSchema } from '../../../scripts/generate/json-schemas.ts'
import { temporaryFolder } from '../config/temporary-folder.ts'
import { capturedIo } from './captured-io.ts'

async function run(command: Command, argv: string[], input: Buffer | string = '') {
  const io = { ...capturedIo(), stdin: Readable.from([Buffer.from(input)]) }
  return { exit: await command.execute(argv, io), out: io.written(), err: io.complained() }
}

async function first(...argv: string[]) {
  const folder = join(temporaryFolder(), 'logs')
  const { exit, out } = await run(initCommand, [folder, ...argv])
  expect(exit).toBe(0)
  return { folder, out, at: (name: string) => join(folder, name) }
}

describe('what init writes', () => {
  test('passes the strict lint, alone and with its configuration', async () => {
    const { at } = await first()
    for (const argv of [[at('rules.yaml')], ['-c', at('config.yaml')]]) {
      const { exit, out } = await run(lintCommand, [...argv, '--strict'])
      expect(out).toContain('ok: 3 rules')
      expect(exit).toBe(0)
    }
  })

  test('passes its tests, which cover everything', async () => {
    const { at } = await first()
    for (const argv of [[at('rules.yaml')], ['-c', at('config.yaml')]]) {
      const { exit, out } = await run(testCommand, [...argv, '--coverage'])
      expect(out).toContain('coverage: 100 %')
      expect(exit).toBe(0)
    }
  })

  test('is valid, and can be previewed without a warning: every rule acts on the sample', async () => {
    const { at } = await first()
    expect((await run(validateCommand, ['-c', at('config.yaml'), '--check-recipients'])).exit).toBe(0)
    const argv = ['-c', at('config.yaml'), '--output', 'json']
    const { out } = await run(previewCommand, argv, readFileSync(at('sample.jsonl')))
    const { summary } = JSON.parse(out)
    expect(summary.warnings).toEqual([])
    for (const { acted } of summary.rules) expect(Object.keys(acted).length).toBeGreaterThan(0)
  })

  test('seals, and its key opens again all but what is dropped', async () => {
    const { at } = await first()
    const sample = readFileSync(at('sample.jsonl'))
    const sealed = await run(sealCommand, ['-c', at('config.yaml')], sample)
    expect(sealed.out).not.toContain('jane.doe@example.com')
    expect(sealed.out).toContain('help@example.com')
    const opened = await run(openCommand, ['-k', at('private/dpo.jwk')], sealed.out)
    expect(opened.out).toBe(sample.toString().replace('"cvv":"123",', ''))
  })

  test('lets an editor check the rules: the schema is that of the package', async () => {
    const { at } = await first()
    const [firstLine] = readFileSync(at('rules.yaml'), 'utf8').split('\n')
    expect(firstLine).toBe('# yaml-language-server: $schema=./rules.schema.json')
    const schema = JSON.parse(readFileSync(at('rules.schema.json'), 'utf8'))
    expect(schema).toEqual(JSON.parse(JSON.stringify(ruleFileJsonSchema())))
  })

  test('keeps the private key apart, for its owner alone, and out of version control', async () => {
    const { at, out } = await first()
    expect(lstatSync(at('private/dpo.jwk')).mode & 0o777).toBe(0o600)
    expect(readFileSync(at('private/.gitignore'), 'utf8')).toBe('*\n')
    expect(JSON.parse(readFileSync(at('keys/dpo.pub.jwk'), 'utf8'))).not.toHaveProperty('d')
    expect(out).toContain(`${at('private/dpo.jwk')} opens everything`)
  })

  test('has no key where none is wanted, and says how to make one; then it is valid', async () => {
    const { folder, at, out } = await first('--without-keys')
    expect(readdirSync(folder).sort()).toEqual(['config.yaml', 'rules.schema.json', 'rules.yaml', 'sample.jsonl'])
    expect(out).toContain(`fieldseal keys new dpo --dir ${at('keys')}`)
    expect((await run(validateCommand, ['-c', at('config.yaml')])).exit).toBe(78)
    await run(keysNewCommand, ['dpo', '--dir', at('keys')])
    expect((await run(validateCommand, ['-c', at('config.yaml')])).exit).toBe(0)
  })

  test('ends with the next commands, as they can be typed', async () => {
    const { folder, out } = await first()
    expect(out.slice(out.indexOf('Next:'))).toBe(`Next:
  cd ${folder}
  fieldseal test rules.yaml --coverage
  fieldseal preview -c config.yaml < sample.jsonl
  fieldseal seal -c config.yaml < sample.jsonl
`)
    const odd = join(temporaryFolder(), "it's here")
    expect((await run(initCommand, [odd])).out).toContain(`  cd '${odd.replace("'", "'\\''")}'\n`)
  })
})

describe('init never overwrites', () => {
  const NAMES = [
    'config.yaml',
    'rules.yaml',
    'rules.schema.json',
    'sample.jsonl',
    'keys/dpo.pub.jwk',
    'private/dpo.jwk',
  ]

  test.each(NAMES)('%s: nothing is written where it exists', async (name) => {
    const folder = temporaryFolder({ [name]: 'mine' })
    await expect(run(initCommand, [folder])).rejects.toMatchObject({
      code: 'FIELDSEAL_USAGE',
      message: `${join(folder, name)} exists, so nothing was written; name another folder`,
    })
    expect(readFileSync(join(folder, name), 'utf8')).toBe('mine')
    expect(readdirSync(folder)).toEqual([name.split('/')[0]])
  })

  test('nor does it write through a link, and it takes back what it wrote before', async () => {
    const folder = temporaryFolder({ 'other/target': 'mine' })
    symlinkSync(join(folder, 'other', 'nowhere'), join(folder, 'sample.jsonl'))
    await expect(run(initCommand, [folder])).rejects.toMatchObject({ code: 'FIELDSEAL_USAGE' })
    expect(readdirSync(folder).sort()).toEqual(['other', 'sample.jsonl'])
    expect(readdirSync(join(folder, 'other'))).toEqual(['target'])
  })

  test('other files in the folder stay as they are', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, '.gitignore'), 'mine')
    expect((await run(initCommand, [folder])).exit).toBe(0)
    expect(readFileSync(join(folder, '.gitignore'), 'utf8')).toBe('mine')
  })

  test('a folder that cannot be made is told', async () => {
    const folder = temporaryFolder({ file: '' })
    await expect(run(initCommand, [join(folder, 'file', 'x')])).rejects.toMatchObject({
      code: 'FIELDSEAL_OUTPUT_FAILED',
    })
  })
})
