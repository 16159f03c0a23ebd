import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { keysNewCommand } from '../../../processor/cli/keys-new.ts'
import { previewCommand } from '../../../processor/cli/preview.ts'
import { FORMATS } from '../../../processor/formats/index.ts'
import { temporaryFolder } from '../config/temporary-folder.ts'
import { capturedIo } from './captured-io.ts'
import { otlpSample } from './otlp-sample.ts'

const MAIL = 'jane@example.com'
const CARD = '4111 1111 1111 1111'

async function preview(rules: string, sample: string | Buffer, ...argv: string[]) {
  const folder = temporaryFolder({ 'r.yaml': rules })
  const io = { ...capturedIo(), stdin: Readable.from([Buffer.from(sample)]) }
  const exit = await previewCommand.execute([join(folder, 'r.yaml'), ...argv], io)
  return { exit, out: io.written(), err: io.complained() }
}

const lines = (...records: object[]) => records.map((record) => `${JSON.stringify(record)}\n`).join('')
const json = (out: string) => JSON.parse(out) as { changes: Change[]; summary: Summary }

interface Change {
  line: number
  of: string
  values: { path: string; before: string; matched: string[]; after: string | null; becomes?: string }[]
}
interface Summary {
  records: number
  changed_records: number
  bytes_before: number
  bytes_after: number
  rules: { rule: string; acted: Record<string, number>; audited: Record<string, number> }[]
  warnings: { code: string; rule: string; message: string }[]
}

const RULES = `rules:
  - {id: cards, detect: payment_card, seal: {to: fraud}}
  - {id: mails, detect: email, seal: {to: [dpo, fraud]}}
  - {id: codes, key: '^cvv$', drop: {}}
`

describe('a preview', () => {
  test('shows before and after of what changes, with sealed values short, and what rules matched marked', async () => {
    const { exit, out } = await preview(RULES, lines({ msg: 'hello' }, { msg: `card ${CARD} of ${MAIL}`, cvv: '123' }))
    expect(exit).toBe(0)
    expect(out.split('\n\n')[0]!.split('\n')).toEqual([
      'line 2',
      '  body',
      `    - card ${CARD} of ${MAIL}`,
      '    + card [sealed:payment_card → fraud] of [sealed:email → dpo, fraud]',
      '  attributes.cvv',
      '    - 123',
      '    + (removed)',
    ])
    expect(out).toContain('1 of 2 records changes\n')
    expect(out).toMatch(/^cards {2}seal {9}1 {2}body 1$/m)
  })

  test('colours the matched part in a terminal, and not where NO_COLOR is set', async () => {
    const folder = temporaryFolder({ 'r.yaml': RULES })
    const run = async (env: Record<string, string>) => {
      const io = { ...capturedIo(env), stdin: Readable.from([Buffer.from(lines({ msg: `to ${MAIL}` }))]) }
      Object.assign(io.stdout, { isTTY: true })
      await previewCommand.execute([join(folder, 'r.yaml')], io)
      return io.written()
    }
    expect(await run({})).toContain(`    - to \u001b[31m${MAIL}\u001b[39m\n`)
    expect(await run({})).toContain('    + to \u001b[32m[sealed:email → dpo, fraud]\u001b[39m\n')
    expect(await run({ NO_COLOR: '1' })).not.toContain('\u001b')
  })

  test('lets no control character of a record reach the terminal', async () => {
    const { out } = await preview(RULES, lines({ msg: `\u001b[2J\u202e\n${MAIL}` }))
    expect(out).toContain(`    - \\u001b[2J\\u202e\\n${MAIL}\n`)
    for (const control of ['\u001b', '\u202e']) expect(out).not.toContain(control)
  })

  test('counts lines as an editor does, blank ones too, and leaves out what is no record', async () => {
    const sample = `\n${lines({ msg: 'x' })}\r\n{"msg":\n${lines({ msg: MAIL })}`
    const { out } = await preview(RULES, sample, '--output', 'json')
    expect(json(out).changes.map(({ line }) => line)).toEqual([5])
  })

  test('shows a map that is sealed, a sibling, a pseudonym and a mask as what they become', async () => {
    const rules = `rules:
  - {id: all, path: attributes.customer, seal: {to: dpo}}
  - {id: sum, path: attributes.sum, seal: {to: dpo, as: sibling}}
  - {id: login, path: attributes.login, hash: {key: k}}
  - {id: phone, detect: phone_e164, mask: {keep_last: 4}}
`
    const record = { sum: 5, customer: { name: 'J', tags: ['a'] }, phone: '+4915123456789', login: 'jdoe', empty: {} }
    const { out } = await preview(rules, lines(record), '--output', 'json')
    const [change] = json(out).changes
    expect(change!.values).toEqual([
      {
        path: 'attributes.sum',
        before: '5',
        matched: ['5'],
        after: '[sealed:sum → dpo]',
        becomes: 'attributes.sum.sealed',
      },
      expect.objectContaining({
        path: 'attributes.customer',
        before: '{name: J, tags[*]: a}',
        after: '[sealed:all → dpo]',
      }),
      expect.objectContaining({ path: 'attributes.phone', after: '****6789' }),
      expect.objectContaining({ path: 'attributes.login', after: expect.stringMatching(/^hmac-sha256:k:[\w-]{22}$/) }),
    ])
  })

  test('says that a body that is dropped is empty, and what a part that is dropped becomes', async () => {
    const rules = (path: string) =>
      `rules:\n  - {id: a, detect: email, path: attributes.x, drop: {}}\n  - {id: b, path: ${path}, drop: {}}\n`
    const { out } = await preview(rules('body'), lines({ msg: 'hello', x: `to ${MAIL}` }))
    expect(out).toContain('  body\n    - hello\n    + (empty)\n')
    expect(out).toContain(`    - to ${MAIL}\n    + to [dropped:email]\n`)
  })

  test('pairs what stays in an array where others are dropped', async () => {
    const rules = `rules:
  - {id: cards, detect: payment_card, path: 'attributes.x[*]', seal: {to: fraud}}
  - {id: mails, path: attributes.**.mail, drop: {}}
`
    const record = { x: [{ mail: MAIL, n: 1 }, CARD, { n: 2, mail: MAIL }, 'same'] }
    const { out } = await preview(rules, lines(record), '--output', 'json')
    expect(json(out).changes[0]!.values.map(({ path, before, after }) => [path, before, after])).toEqual([
      ['attributes.x[*].mail', MAIL, null],
      ['attributes.x[*]', CARD, '[sealed:payment_card → fraud]'],
      ['attributes.x[*].mail', MAIL, null],
    ])
  })

  test.each(['otlp-json', 'otlp-protobuf'] as const)('reads %s, and tells resources from records', async (format) => {
    const sample = otlpSample({ owner: MAIL }, [{ body: 'hello' }, { body: `to ${MAIL}` }], format)
    const { out } = await preview(RULES, sample, '--output', 'json', '--format', format)
    expect(json(out).changes).toEqual([
      { line: 1, record: 1, of: 'resource', values: [expect.objectContaining({ path: 'resource.owner' })] },
      {
        line: 1,
        record: 2,
        of: 'record',
        values: [expect.objectContaining({ after: 'to [sealed:email → dpo, fraud]' })],
      },
    ])
    expect(json(out).summary.changed_records).toBe(1)
  })

  test('reads plain text, whose lines are sealed whole', async () => {
    const { out } = await preview(RULES, `hello\nto ${MAIL}\n`, '--format', 'text')
    expect(out).toContain(`line 2\n  body\n    - to ${MAIL}\n    + [sealed:email → dpo, fraud]\n`)
  })

  test('shows as many records as asked for, and counts them all', async () => {
    const sample = lines(...Array.from({ length: 30 }, () => ({ msg: MAIL })))
    const shown = async (...argv: string[]) => {
      const { out } = await preview(RULES, sample, ...argv)
      expect(out).toContain('30 of 30 records change\n')
      return { count: out.match(/^line /gm)?.length ?? 0, hint: out.includes('not all of them are shown') }
    }
    expect(await shown()).toEqual({ count: 20, hint: true })
    expect(await shown('--show', '30')).toEqual({ count: 30, hint: false })
    expect(await shown('--show', 'all')).toEqual({ count: 30, hint: false })
    expect(await shown('--show=0')).toEqual({ count: 0, hint: true })
    await expect(preview(RULES, sample, '--show', 'some')).rejects.toMatchObject({ code: 'FIELDSEAL_USAGE' })
  })

  test('says how many bytes are added, as the service would add them', async () => {
    const sample = lines({ msg: MAIL }, { msg: 'hello' })
    const { summary } = json((await preview(RULES, sample, '--output', 'json')).out)
    expect(summary.bytes_before).toBe(sample.length)
    const [added] = /^[\d,]+(?= bytes more)/m.exec((await preview(RULES, sample)).out)!
    expect(Number(added!.replaceAll(',', ''))).toBeGreaterThan(600)
    expect((await preview(RULES, sample)).out).toContain('for each that changes')
  })
})

describe('what a preview warns of', () => {
  const codes = async (rules: string, ...records: object[]) => {
    const { out } = await preview(rules, lines(...records), '--output', 'json')
    return json(out).summary.warnings.map(({ code, rule }) => [rule, code])
  }

  test('a rule that finds nothing', async () => {
    expect(await codes(RULES, { msg: MAIL, cvv: '1' })).toEqual([['cards', 'never_matched']])
  })

  test('a rule whose matches another rule has', async () => {
    const rules = 'rules:\n  - {id: a, detect: email, mask: {}}\n  - {id: b, detect: email, drop: {}}\n'
    expect(await codes(rules, { msg: MAIL })).toEqual([['a', 'never_acts']])
  })

  test('paths and conditions that the sample lacks', async () => {
    const rules = `rules:
  - {id: a, path: [attributes.here, attributes.not.here], drop: {}}
  - {id: b, detect: email, where: {resource.service.name: x, severity: info}, mask: {}}
`
    expect(await codes(rules, { here: 1, msg: MAIL })).toEqual([
      ['a', 'absent_path'],
      ['b', 'never_acts'],
      ['b', 'absent_path'],
    ])
    expect(await codes(rules, { here: 1, 'not.here': 2, level: 'info' })).toEqual([
      ['b', 'never_matched'],
      ['b', 'absent_path'],
    ])
  })

  test('an exception that keeps more than half of what its rule finds', async () => {
    const rules =
      "rules:\n  - {id: a, detect: email, mask: {}, except: [{name: ours, pattern: '@example.com$', reason: r, owner: o, expires: 2999-01-01}]}\n"
    const records = (ours: number, others: number) => [
      ...Array.from({ length: ours }, () => ({ msg: MAIL })),
      ...Array.from({ length: others }, () => ({ msg: 'al@example.org' })),
    ]
    expect(await codes(rules, ...records(3, 2))).toEqual([['a', 'exception_swallows']])
    expect(await codes(rules, ...records(2, 2))).toEqual([])
  })

  test('numbers that become texts, unless the sealed value goes into a field of its own', async () => {
    const rules = (as: string) => `rules:\n  - {id: a, path: attributes.sum, seal: {to: dpo, as: ${as}}}\n`
    expect(await codes(rules('string'), { sum: 5 })).toEqual([['a', 'becomes_text']])
    expect(await codes(rules('sibling'), { sum: 5 })).toEqual([])
    expect(await codes(rules('string'), { sum: '5' })).toEqual([])
  })

  test('a sample without records', async () => {
    expect(await codes(RULES)).toEqual([[undefined, 'no_records']])
  })

  test('counts what rules in audit would do, which is no warning', async () => {
    const rules = 'rules:\n  - {id: a, detect: email, mode: audit, expires: 2999-01-01, drop: {}}\n'
    const { out } = await preview(rules, lines({ msg: MAIL }))
    expect(out).toContain('0 of 1 record change\n')
    expect(out).toContain('a would drop 1 value: body 1; from 2999-01-01 on it does')
    expect(out).not.toContain('to look at')
  })
})

describe('a preview with a configuration', () => {
  const folderWith = async (config: string) => {
    const folder = temporaryFolder({ 'c.yaml': config, 'r.yaml': RULES.replace('[dpo, fraud]', 'g') })
    for (const name of ['a', 'b']) await keysNewCommand.execute([name, '--dir', folder], capturedIo())
    return folder
  }
  const CONFIG =
    'recipients: {fraud: {jwk: a.pub.jwk}, b: {jwk: b.pub.jwk}}\ngroups: {g: [fraud, b]}\nrules: [r.yaml]\nbody_keys: [text]\n'

  test('names the recipients of its groups, and reads the body where it says', async () => {
    const folder = await folderWith(CONFIG)
    const io = { ...capturedIo(), stdin: Readable.from([Buffer.from(lines({ text: MAIL }))]) }
    expect(await previewCommand.execute(['-c', join(folder, 'c.yaml')], io)).toBe(0)
    expect(io.written()).toContain('  body\n    - jane@example.com\n    + [sealed:email → fraud, b]\n')
    expect(io.written()).not.toContain('counted as one key')
  })

  test('tries other rule files out with its groups', async () => {
    const folder = await folderWith(CONFIG.replace('rules: [r.yaml]\n', ''))
    const io = { ...capturedIo(), stdin: Readable.from([Buffer.from(lines({ text: MAIL }))]) }
    expect(await previewCommand.execute(['-c', join(folder, 'c.yaml'), join(folder, 'r.yaml')], io)).toBe(0)
    expect(io.written()).toContain('    + [sealed:email → fraud, b]\n')
  })

  test('lists what is wrong with it, and with rules', async () => {
    const folder = await folderWith(CONFIG.replace('[fraud, b]', '[fraud, c]'))
    const io = capturedIo()
    expect(await previewCommand.execute(['-c', join(folder, 'c.yaml')], io)).toBe(78)
    expect(io.complained()).toContain('c.yaml:2:21: no recipient has this name')
    const broken = await preview(RULES.replace('email', 'emial'), '')
    expect(broken.exit).toBe(78)
    expect(broken.err).toMatch(/r\.yaml:3:\d+: .*emial/)
  })

  test('needs rules', async () => {
    await expect(previewCommand.execute([], capturedIo())).rejects.toMatchObject({ code: 'FIELDSEAL_USAGE' })
  })
})

test('every format can be previewed', () => {
  const option = previewCommand.options.format
  expect(option?.type === 'string' && option.choices).toEqual(Object.keys(FORMATS))
})
