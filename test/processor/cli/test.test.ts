import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { keysNewCommand } from '../../../processor/cli/keys-new.ts'
import { testCommand } from '../../../processor/cli/test.ts'
import { temporaryFolder } from '../config/temporary-folder.ts'
import { capturedIo } from './captured-io.ts'

async function run(files: Record<string, string>, argv: readonly string[], env: Record<string, string> = {}) {
  const folder = temporaryFolder(files)
  const io = capturedIo(env)
  const given = argv.map((argument) => (/\.yaml$/.test(argument) ? join(folder, argument) : argument))
  const exit = await testCommand.execute(given, io)
  const clean = (text: string) => text.replaceAll(`${folder}/`, '')
  return { exit, out: clean(io.written()), err: clean(io.complained()) }
}

const RULES = `rules:
  - id: mails
    detect: email
    seal: {to: dpo}
    tests:
      seal:
        - {body: to jane@example.com, recipients: dpo}
      keep:
        - nobody
`
const FAILING = `rules:
  - id: cards
    detect: payment_card
    mask: {}
    tests:
      seal:
        - {name: a "wrong" digit, body: 5500 0000 0000 0005 for jane@example.com}
      todo_seal:
        - 5500 0000 0000 0004
        - order
  - id: mails
    detect: email
    mask: {}
`

describe('test', () => {
  test('is silent about what passes', async () => {
    expect(await run({ 'r.yaml': RULES }, ['r.yaml'])).toEqual({ exit: 0, out: '2 passed, 0 failed\n', err: '' })
  })

  test('says of each failure where it stands, what was expected and what happened', async () => {
    const { exit, out } = await run({ 'r.yaml': FAILING }, ['r.yaml'])
    expect(exit).toBe(1)
    expect(out).toBe(`r.yaml:7:11: cards, seal 1: a "wrong" digit: failed
  expected: rule "cards" acts on this record
  happened: "5500 0000 0000 0005" at body looks like payment_card, but its structure or check digit is not right
  besides:  rule "mails": it masks "jane@example.com" (email) at body

r.yaml:9:11: cards, todo_seal 1: it passes by now: move it to \`seal\`

0 passed, 2 failed, 1 to do
`)
  })

  test('points at the part of a case that disagrees', async () => {
    const rules = RULES.replace('recipients: dpo', 'recipients: fraud')
    const { out } = await run({ 'r.yaml': rules }, ['r.yaml'])
    expect(out).toMatch(/^r\.yaml:7:51: mails, seal 1: failed\n {2}expected: it is sealed for fraud\n/)
  })

  test('has the rules of all files in force together', async () => {
    const stronger = 'rules:\n  - {id: all, path: body, drop: {}}\n'
    expect((await run({ 'r.yaml': RULES, 's.yaml': stronger }, ['r.yaml', 's.yaml'])).exit).toBe(1)
  })

  test('warns where there are no tests', async () => {
    const { exit, err } = await run({ 'r.yaml': 'rules:\n  - {id: a, detect: email, mask: {}}\n' }, ['r.yaml'])
    expect({ exit, err }).toEqual({ exit: 0, err: 'warning: there are no tests beside these rules\n' })
  })

  test('says which tests are missing, and fails below the threshold', async () => {
    const rules = RULES.replace('      keep:\n        - nobody\n', '')
    const { exit, out } = await run({ 'r.yaml': rules }, ['r.yaml', '--coverage'])
    expect(exit).toBe(1)
    expect(out).toBe(`r.yaml:2:9: mails: there is no case under \`keep\`: a record that the rule leaves alone
r.yaml:4:16: mails: there is no case under \`keep\` of a rule that seals for dpo
coverage: 50 % (2 of 4 tests that the rules want; at least 100 % were asked for)

1 passed, 0 failed
`)
    expect((await run({ 'r.yaml': rules }, ['r.yaml', '--threshold', '51'])).exit).toBe(1)
    expect((await run({ 'r.yaml': rules }, ['r.yaml', '--threshold', '50'])).exit).toBe(0)
    expect((await run({ 'r.yaml': RULES }, ['r.yaml', '--coverage'])).out).toContain('coverage: 100 % (4 of 4')
  })

  test('fails for a case that fails, however much is covered', async () => {
    const { exit } = await run({ 'r.yaml': FAILING }, ['r.yaml', '--threshold', '0'])
    expect(exit).toBe(1)
  })

  test('writes JSON for programs', async () => {
    const { exit, out } = await run({ 'r.yaml': FAILING }, ['r.yaml', '--format', 'json', '--coverage'])
    expect(exit).toBe(1)
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      summary: { passed: 0, failed: 2, todo: 1 },
      coverage: { percent: 0, threshold: 100, missing: [{ rule: 'cards', line: 2 }, {}, {}, {}] },
      cases: [
        {
          ...{ file: 'r.yaml', line: 7, column: 11, rule: 'cards', beside: 'cards', kind: 'seal', number: 1 },
          name: 'a "wrong" digit',
          status: 'failed',
          disagreements: [{ line: 7, column: 11, expected: 'rule "cards" acts on this record' }],
          matches: [{ rule: 'mails', verdict: { is: 'acts' } }],
          misses: [{ detector: 'payment_card', reason: 'not_confirmed' }],
        },
        { status: 'done', hint: 'it passes by now: move it to `seal`' },
        { status: 'todo' },
      ],
    })
  })

  test('writes XML of JUnit for build servers', async () => {
    const files = { 'r.yaml': FAILING, 's.yaml': RULES.replaceAll('mails', 'addresses') }
    const { exit, out } = await run(files, ['r.yaml', 's.yaml', '--format', 'junit'])
    expect(exit).toBe(1)
    expect(out).toMatch(
      /^<\?xml version="1.0" encoding="UTF-8"\?>\n<testsuites name="fieldseal test" tests="5" failures="2"/,
    )
    expect(out).toContain('<testsuite name="r.yaml" tests="3" failures="2" skipped="1">')
    expect(out).toContain('<testsuite name="s.yaml" tests="2" failures="0" skipped="0">')
    expect(out).toContain(
      '<testcase classname="cards" name="cards, seal 1: a &quot;wrong&quot; digit" file="r.yaml" line="7"><failure message="expected: rule &quot;cards&quot; acts on this record">',
    )
    expect(out).toContain('<testcase classname="addresses" name="addresses, keep 1" file="s.yaml" line="9"/>')
    expect(out).not.toContain('\u001b')
  })

  test('writes what is missing as failures, and no character that XML lacks', async () => {
    const rules = 'rules:\n  - {id: a, detect: email, mask: {}, tests: {seal: ["a\\0<&>\\uD800"]}}\n'
    const { out } = await run({ 'r.yaml': rules }, ['r.yaml', '--format', 'junit', '--coverage'])
    expect(out).toContain('name="coverage: a case under `keep`: a record that the rule leaves alone"')
    expect(out).toMatch(/failures="3"/)
    expect([...out].filter((character) => character < ' ' && character !== '\n')).toEqual([])
  })

  test('knows the groups and the rule files of a configuration', async () => {
    const folder = temporaryFolder({
      'c.yaml': 'recipients: {a: {jwk: a.pub.jwk}, b: {jwk: b.pub.jwk}}\ngroups: {dpo: [a, b]}\nrules: [r.yaml]\n',
      'r.yaml': RULES.replace('recipients: dpo', 'recipients: [b, a]'),
    })
    for (const name of ['a', 'b']) await keysNewCommand.execute([name, '--dir', folder], capturedIo())
    const io = capturedIo()
    expect(await testCommand.execute(['-c', join(folder, 'c.yaml')], io)).toBe(0)
    expect(io.written()).toBe('2 passed, 0 failed\n')
    const without = capturedIo()
    expect(await testCommand.execute([join(folder, 'r.yaml')], without)).toBe(1)
    expect(without.written()).toContain('happened: it is sealed for dpo\n')
  })

  test('writes nothing that would steer a terminal', async () => {
    const rules =
      'rules:\n  - {id: a, detect: email, mask: {}, tests: {seal: [{name: "x\\e[2J", body: "\\x9b31m", after: "\\e"}]}}\n'
    const { out } = await run({ 'r.yaml': rules }, ['r.yaml'])
    expect(out).toContain('a, seal 1: x\\u001b[2J: failed')
    expect(out).not.toMatch(/[^\P{Cc}\n]/u)
  })

  test('lists what is wrong with the rules where it stands', async () => {
    const rules = "rules:\n  - id: a\n    key:\n      - fine\n      - '(?=x)'\n    drop: {}\n"
    const { exit, out, err } = await run({ 'r.yaml': rules }, ['r.yaml'])
    expect({ exit, out }).toEqual({ exit: 78, out: '' })
    expect(err).toMatch(/^r\.yaml:5:9: rule "a": RE2 refuses the pattern/)
    const twice = await run({ 'r.yaml': RULES, 's.yaml': RULES }, ['r.yaml', 's.yaml'])
    expect(twice.err).toBe('s.yaml:2:9: the rule id "mails" is taken (it stands at r.yaml:2:5)\n1 issue\n')
  })

  test('refuses arguments that mean nothing', async () => {
    for (const argv of [[], ['r.yaml', '--threshold', '101'], ['r.yaml', '--threshold', 'most']]) {
      await expect(run({ 'r.yaml': RULES }, argv)).rejects.toMatchObject({ code: 'FIELDSEAL_USAGE', exit: 64 })
    }
    await expect(run({}, ['none.yaml'])).rejects.toMatchObject({ code: 'FIELDSEAL_CONFIG_UNREADABLE', exit: 78 })
  })

  test('colours only for a terminal whose user wants it', async () => {
    const folder = temporaryFolder({ 'r.yaml': RULES })
    const written = async (isTTY: boolean, env: Record<string, string>) => {
      const io = capturedIo(env)
      await testCommand.execute([join(folder, 'r.yaml')], { ...io, stdout: Object.assign(io.stdout, { isTTY }) })
      return io.written()
    }
    expect(await written(true, {})).toBe('\u001b[32m2 passed, 0 failed\u001b[39m\n')
    expect(await written(true, { NO_COLOR: '1' })).toBe('2 passed, 0 failed\n')
    expect(await written(false, {})).toBe('2 passed, 0 failed\n')
  })
})
