import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { lintCommand } from '../../../processor/cli/lint.ts'
import { temporaryFolder } from '../config/temporary-folder.ts'
import { capturedIo } from './captured-io.ts'

const SOUND = `rules:
  - id: addresses
    title: E-mail addresses
    owner: privacy
    data_category: contact
    purpose: support
    justification: policy
    detect: email
    seal: {to: g}
    tests: {seal: ['jane.doe@example.org'], keep: ['nobody']}
`
const WARNED = 'rules:\n  - {id: one, detect: ipv4, seal: {to: g}}\n'
const WRONG = 'rules:\n  - {id: one, detect: emial, seal: {to: h}}\n'
const CONFIG = 'recipients: {a: {jwk: nowhere.jwk}}\ngroups: {g: [a]}\nrules: [sound.yaml, wrong.yaml]\n'

const FILES = { 'sound.yaml': SOUND, 'warned.yaml': WARNED, 'wrong.yaml': WRONG, 'c.yaml': CONFIG }

/** Names of files in the arguments become paths. */
async function lint(
  argv: readonly string[],
  options: { files?: Record<string, string>; env?: Record<string, string>; tty?: boolean } = {},
) {
  const folder = temporaryFolder(options.files ?? FILES)
  const io = capturedIo(options.env)
  if (options.tty) Object.assign(io.stdout, { isTTY: true })
  const exit = await lintCommand.execute(
    argv.map((argument) => (argument.endsWith('.yaml') ? join(folder, argument) : argument)),
    io,
  )
  const plain = (text: string) => text.replaceAll(`${folder}/`, '')
  return { exit, out: plain(io.written()), err: plain(io.complained()) }
}

describe('lint', () => {
  test('counts what is sound', async () => {
    expect(await lint(['sound.yaml', '--strict'])).toEqual({ exit: 0, out: 'ok: 1 rule in 1 file\n', err: '' })
  })

  test('tells what is wrong, with what to do and a page, and fails', async () => {
    const { exit, out, err } = await lint(['wrong.yaml'])
    expect(exit).toBe(1)
    expect(err).toBe('')
    expect(out.split('\n')).toEqual([
      'wrong.yaml:2:23 unknown-detector rule "one": no detector is named "emial"',
      '  error: Did you mean "email"?',
      '  see docs/reference/lint/unknown-detector.md',
      '',
      '1 error; 1 rule in 1 file',
      '',
    ])
  })

  test('fails for warnings where it is to be strict', async () => {
    expect(await lint(['warned.yaml'])).toMatchObject({ exit: 0, out: expect.stringContaining('noisy-detector') })
    expect(await lint(['warned.yaml', '--strict'])).toMatchObject({ exit: 1 })
  })

  test('looks at the rule files of a configuration, whose keys need not be there', async () => {
    const { exit, out } = await lint(['-c', 'c.yaml'])
    expect(exit).toBe(1)
    expect(out).toContain('wrong.yaml:2:41 unknown-recipient rule "one": no recipient and no group is named "h"')
    expect(out).toContain('2 errors; 2 rules in 2 files')
    expect((await lint(['-c', 'c.yaml', 'sound.yaml'])).out).toBe('ok: 1 rule in 1 file\n')
  })

  test.each([
    ['json', /^\{\n {2}"ok": false,/],
    ['github', /^::error file=/],
    ['sarif', /"version": "2\.1\.0"/],
    ['junit', /^<\?xml /],
  ])('tells it as %s', async (format, pattern) => {
    const { exit, out } = await lint(['wrong.yaml', '--format', format])
    expect(exit).toBe(1)
    expect(out).toMatch(pattern)
  })

  test('has colours in a terminal alone, and none where they are not wanted', async () => {
    expect((await lint(['wrong.yaml'], { tty: true })).out).toContain('\u001b[31munknown-detector\u001b[39m')
    expect((await lint(['wrong.yaml'], { tty: true, env: { NO_COLOR: '1' } })).out).not.toContain('\u001b')
  })

  test('a configuration that is not sound is told of, and ends it', async () => {
    const { exit, out, err } = await lint(['-c', 'c.yaml'], { files: { 'c.yaml': 'recipient: {}\n' } })
    expect([exit, out]).toEqual([78, ''])
    expect(err).toMatch(/^c\.yaml:1:1: unknown key "recipient"/)
  })

  test('needs something to look at', async () => {
    await expect(lint([])).rejects.toMatchObject({ code: 'FIELDSEAL_USAGE' })
    await expect(lint(['nowhere.yaml'])).rejects.toMatchObject({ code: 'FIELDSEAL_CONFIG_UNREADABLE', exit: 78 })
    await expect(lint(['sound.yaml', '--format', 'xml'])).rejects.toMatchObject({ code: 'FIELDSEAL_USAGE' })
  })
})
