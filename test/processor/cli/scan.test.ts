import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { ScanProgress } from '../../../processor/cli/scan-progress.ts'
import { createEngine } from '../../../processor/engine.ts'
import { generateKeyPair } from '../../../processor/jwe/private-keys.ts'
import { ENVIRONMENT } from '../../processes.ts'
import { temporaryFolder } from '../config/temporary-folder.ts'
import { scan, scanJson } from '../scanning/scans.ts'

const MAIN = join(import.meta.dirname, '../../../processor/cli/main.ts')
const MAIL = 'jane.doe@example.com'
const CARD = '4111 1111 1111 1111'
const lines = (...records: object[]) => records.map((record) => `${JSON.stringify(record)}\n`).join('')
const FEW = ['--detectors', 'email,payment_card,password']

describe('the command', () => {
  test('writes a table by detector and path, with examples that show nearly nothing', async () => {
    const input = lines({ msg: `of ${MAIL}` }, { msg: `of ${MAIL}`, card: CARD, 'ann@example.org': 1 })
    const { exit, out } = await scan(FEW, [input])
    expect(exit).toBe(1)
    expect(out.split('\n')).toEqual([
      'detector      path             findings  example, masked',
      'email         body                    2  j****m',
      'email         attributes.*            1  a****g',
      'payment_card  attributes.card         1  4****1',
      '',
      `4 findings in 2 records, 1 input, ${input.length} bytes`,
      '',
    ])
  })

  test('shows no key in which something is found, whatever it was to look for', async () => {
    const { out } = await scan(['--detectors', 'payment_card'], [lines({ [MAIL]: { card: CARD } })])
    expect(out).toContain('attributes.*.card')
    expect(out).not.toContain('jane')
  })

  test('exits with 0 without findings, with 1 with them, and by --fail-on with those that are named', async () => {
    const mail = [lines({ msg: MAIL })]
    expect((await scan(FEW, [lines({ msg: 'nothing' })])).exit).toBe(0)
    expect((await scan(FEW, mail)).exit).toBe(1)
    expect((await scan([...FEW, '--fail-on', 'payment_card'], mail)).exit).toBe(0)
    expect((await scan([...FEW, '--fail-on', 'payment_card,email'], mail)).exit).toBe(1)
  })

  test('exits as the error says where not all was scanned, and says what was found in the rest', async () => {
    const folder = temporaryFolder({ 'a.log': lines({ msg: MAIL }) })
    const { exit, err, result } = await scanJson([...FEW, join(folder, 'a.log'), join(folder, 'none.log')])
    expect(exit).toBe(66)
    expect(err).toContain('none.log: it cannot be read (ENOENT)')
    expect(result).toMatchObject({ complete: false, fails: true, findings: 1 })
  })

  test.each([
    [['--detectors', 'e-mail'], 'there is no detector e-mail'],
    [['--detectors', 'email', '--fail-on', 'iban'], 'there is no detector iban'],
    [['--ignore', 'user..email'], '--ignore: '],
    [['--json', '--sarif'], 'two forms'],
    [['-', 'a.log'], 'stands alone'],
  ])('refuses %j', async (argv, message) => {
    await expect(scan(argv)).rejects.toMatchObject({ exit: 64, message: expect.stringContaining(message) })
  })

  test('leaves out what is to be ignored, and nothing else', async () => {
    const record = { user: { email: MAIL, name: { first: MAIL } }, msg: MAIL }
    const { counts } = await scanJson(
      [...FEW, '--ignore', 'attributes.user.email', '--ignore', 'attributes.*.name.**'],
      [lines(record)],
    )
    expect(counts).toEqual({ 'email body': 1 })
  })

  test('looks for detectors of a rule file', async () => {
    const folder = temporaryFolder({
      'r.yaml': 'rules: []\ndetectors:\n  - {name: customer_number, pattern: "CU-[0-9]{8}"}\n',
    })
    const { counts } = await scanJson(
      ['--rules', join(folder, 'r.yaml'), '--detectors', 'customer_number'],
      [lines({ msg: 'of CU-12345678', id: '[sealed:CU-12345678:abcdefgh/0]' })],
    )
    expect(counts).toEqual({ 'customer_number body': 1 })
  })

  test('finds nothing in what was sealed, dropped, hashed or masked', async () => {
    const { publicJwk } = generateKeyPair('P-256', 'dpo')
    const input = Buffer.from(
      lines({
        msg: `of ${MAIL} and ${CARD}`,
        password: 'correct horse',
        token: MAIL,
        pin: '1234',
        name: 'Jane Doe',
        note: CARD,
      }),
    )
    const engine = createEngine({
      recipients: { dpo: publicJwk as unknown as Record<string, unknown> },
      hashKeys: { k: Buffer.alloc(32, 1) },
      rules: [
        { id: 'note', path: 'attributes.note', mask: {} },
        { id: 'mails', detect: ['email'], path: 'body', seal: { to: 'dpo' } },
        { id: 'cards', detect: ['payment_card'], drop: {} },
        { id: 'token', path: 'attributes.token', seal: { to: 'dpo', serialization: 'compact' } },
        { id: 'keys', detect: ['password', 'person_name'], hash: { key: 'k' } },
        { id: 'pins', detect: ['pin'], seal: { to: 'dpo' } },
      ] as never,
    })
    const before = await scanJson([], [input])
    expect(before.result.findings).toBeGreaterThan(5)
    const after = await scanJson([], [engine.seal(input, 'json-lines').bytes])
    expect(after.counts).toEqual({})
  })
})

describe('SARIF', () => {
  const sarif = async (argv: string[], input: string[] = []) =>
    JSON.parse((await scan(['--sarif', ...FEW, ...argv], input)).out)

  test('has the detectors as rules, and each finding with its file and line', async () => {
    const folder = temporaryFolder({ 'a b.log': `\n${lines({ msg: 'x' }, { msg: `${MAIL} and ${CARD}` })}` })
    const log = await sarif([join(folder, 'a b.log')])
    expect(log).toMatchObject({ $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0' })
    const [run] = log.runs
    expect(run.tool.driver.name).toBe('Fieldseal')
    expect(run.tool.driver.rules.map(({ id }: { id: string }) => id)).toEqual(['email', 'payment_card', 'password'])
    for (const rule of run.tool.driver.rules) {
      expect(rule.shortDescription.text).toMatch(/\.$/)
      expect(rule.fullDescription.text).not.toBe('')
      expect(rule.help.text).not.toBe('')
    }
    expect(run.invocations[0]).toEqual({ executionSuccessful: true, toolExecutionNotifications: [] })
    expect(run.results).toHaveLength(2)
    for (const result of run.results) {
      expect(run.tool.driver.rules[result.ruleIndex].id).toBe(result.ruleId)
      const { artifactLocation, region } = result.locations[0].physicalLocation
      expect(artifactLocation.uri).toBe(`file://${folder}/a%20b.log`)
      expect(region).toEqual({ startLine: 3 })
      expect(result.message.text).toMatch(/ in the clear at body: .\*\*\*\*.$/)
    }
  })

  test('has no more results than are shown, and says how many are left out', async () => {
    const io = await scan(['--sarif', ...FEW], [lines(...Array.from({ length: 5003 }, () => ({ msg: MAIL })))])
    const [run] = JSON.parse(io.out).runs
    expect(run.results).toHaveLength(5000)
    expect(run.properties).toEqual({ findings: 5003, resultsLeftOut: 3 })
    expect(run.invocations[0].toolExecutionNotifications[0].message.text).toMatch(/^3 further findings/)
    expect(io.err).toContain('3 findings are counted and not listed')
  })

  test('says what could not be scanned', async () => {
    const folder = temporaryFolder()
    const [run] = (await sarif([join(folder, 'none')])).runs
    expect(run.invocations[0].executionSuccessful).toBe(false)
    expect(run.invocations[0].toolExecutionNotifications[0]).toMatchObject({ level: 'error' })
  })
})

describe('a process', () => {
  test('that waits for its standard input is stopped by SIGINT, and says what there is', async () => {
    const child = spawn(process.execPath, [MAIN, 'scan', '--json', ...FEW], { env: ENVIRONMENT })
    const out = text(child.stdout)
    // More than a pipe holds: once all of it is written somebody reads.
    const input = lines(...Array.from({ length: 40_000 }, () => ({ msg: MAIL })))
    await new Promise((resolve) => child.stdin.write(input, resolve))
    child.kill('SIGINT')
    expect(await once(child, 'close')).toEqual([130, null])
    const result = JSON.parse(await out)
    expect(result.complete).toBe(false)
    expect(result.records).toBeGreaterThan(0)
  })

  test('ends with 69 where nobody reads what it writes, and shows no progress in a pipe', async () => {
    const folder = temporaryFolder()
    const file = join(folder, 'a.log')
    writeFileSync(file, lines(...Array.from({ length: 5000 }, (_, n) => ({ [`k${n}`]: MAIL }))))
    const child = spawn(process.execPath, [MAIN, 'scan', '--sarif', ...FEW, file], { env: ENVIRONMENT })
    child.stdout.destroy()
    const complaints = text(child.stderr)
    expect(await once(child, 'close')).toEqual([69, null])
    expect(await complaints).toBe('')
  })
})

describe('the progress bar', () => {
  const shown = (isTTY: boolean, total: number) => {
    const stderr = Object.assign(new PassThrough(), { isTTY })
    const progress = new ScanProgress({ stderr }, total)
    progress.show(50e6, 3)
    progress.end()
    return String(stderr.read() ?? '')
  }

  test('is on a terminal alone, and leaves nothing there', () => {
    expect(shown(false, 100e6)).toBe('')
    expect(shown(true, 100e6)).toMatch(/^\r.\[2K\[#{12}\.{12}\] 50 % {2}50 MB {2}\d+ MB\/s {2}3 findings\r.\[2K$/s)
    expect(shown(true, 0)).not.toContain('%')
  })
})
