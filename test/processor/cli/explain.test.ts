import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { explainCommand } from '../../../processor/cli/explain.ts'
import { temporaryFolder } from '../config/temporary-folder.ts'
import { capturedIo } from './captured-io.ts'
import { otlpSample } from './otlp-sample.ts'

const MAIL = 'jane@example.com'
const CARD = '4111 1111 1111 1111'

async function explain(rules: string, input: string | Buffer, ...argv: string[]) {
  const folder = temporaryFolder({ 'r.yaml': `rules:\n${rules}` })
  const io = { ...capturedIo(), stdin: Readable.from([Buffer.from(input)]) }
  const exit = await explainCommand.execute([join(folder, 'r.yaml'), ...argv], io)
  expect(exit).toBe(0)
  return io.written()
}

/** The lines about one record. */
const told = async (rules: string, record: object) =>
  (await explain(rules, JSON.stringify(record))).trimEnd().split('\n')

const CARDS = '  - {id: cards, title: Payment cards, detect: payment_card, seal: {to: [fraud, dpo]}}\n'

describe('an explanation', () => {
  test('names the rule that acts, whom it seals for, and what the detector goes by', async () => {
    expect(await told(CARDS, { msg: `card ${CARD}` })).toEqual([
      'line 1',
      `  body: card ${CARD}`,
      `    "${CARD}"`,
      '      rule "cards" (Payment cards) acts: it seals it for fraud and dpo; each of them can open it, alone',
      '        because payment_card recognises it, and that counts wherever it stands',
    ])
  })

  test('says why the others do not: weaker, later, excepted, on a condition, in audit', async () => {
    const rules = `  - {id: masks, detect: email, mask: {}}
  - {id: first, detect: email, seal: {to: dpo}}
  - {id: second, detect: email, seal: {to: fraud}}
  - id: excepts
    detect: email
    drop: {}
    except: [{name: ours, pattern: example, reason: our own, owner: platform, expires: 2999-01-01}]
  - {id: asks, detect: email, where: {attributes.kind: [a, b]}, drop: {}}
  - {id: tries, detect: email, mode: audit, expires: 2999-01-01, drop: {}}
`
    const lines = await told(rules, { msg: MAIL, kind: 'c' })
    expect(lines.filter((line) => line.startsWith('      rule'))).toEqual([
      '      rule "first" acts: it seals it for dpo',
      '      rule "masks" does not act: rule "first" seals it, and seal is stronger than mask',
      '      rule "second" does not act: rule "first" seals it, and stands before it',
      '      rule "excepts" does not act: its exception "ours" keeps it (reason: our own; owner: platform; ends on 2999-01-01)',
      '      rule "asks" does not act: its condition does not hold for this record, whose attributes.kind is not a or b',
      '      rule "tries" only counts: it is in audit, and acts from 2999-01-01 on; then it drops it',
    ])
  })

  test('says what opened a gate: the word, or the name of the field', async () => {
    const rules = '  - {id: rooms, pattern: "[0-9]{3}", near: [room, "meeting place"], mask: {}}\n'
    const lines = await told(rules, { msg: 'meeting-place 101', roomNumber: '202' })
    expect(lines.filter((line) => line.includes('because'))).toEqual([
      '        because a pattern of the rule matches it, and it counts as "meeting place" stands near it',
      '        because a pattern of the rule matches it, and it counts as its field is named "roomNumber"',
    ])
  })

  test('says that a detector goes by the name of the field, and that a path or a key names it', async () => {
    const rules = `  - {id: names, detect: person_name, mask: {}}
  - {id: paths, path: attributes.a, drop: {}}
  - {id: keys, key: '^b$', hash: {key: pseudonyms}}
  - {id: both, key: '^d$', path: attributes.c.*, mask: {keep_last: 2}}
`
    const lines = await told(rules, { first_name: 'Jane', a: 1, b: 'x', c: { d: 'yyyyyy' } })
    expect(lines.slice(1)).toEqual([
      '  attributes.first_name: Jane',
      '    the whole value',
      '      rule "names" acts: it masks it',
      '        because person_name goes by the name of the field',
      '  attributes.a: 1',
      '    the whole value',
      '      rule "paths" acts: it drops it',
      '        because its path attributes.a names this field',
      '  attributes.b: x',
      '    the whole value',
      '      rule "keys" acts: it puts a pseudonym in its place, with the key pseudonyms',
      '        because its pattern for names of fields matches this one',
      '  attributes.c.d: yyyyyy',
      '    the whole value',
      '      rule "both" acts: it masks it, but for the last 2 characters',
      '        because its path attributes.c.* is here, and its pattern for names of fields matches this one',
    ])
  })

  test('names the map around a value that another rule takes', async () => {
    const rules = '  - {id: mails, detect: email, mask: {}}\n  - {id: user, path: attributes.user, drop: {}}\n'
    const lines = await told(rules, { user: { mail: MAIL } })
    expect(lines).toContain(
      '      rule "mails" does not act: rule "user" takes all of attributes.user, and this with it',
    )
  })

  test('tells the name of a field from its value, and does not show it as part of the path', async () => {
    const lines = await told('  - {id: mails, detect: email, seal: {to: dpo}}\n', { [MAIL]: 1 })
    expect(lines[1]).toBe('  attributes.*: 1')
    expect(lines[2]).toBe(`    "${MAIL}", in the name of the field`)
  })

  test('says what looks like something and does not count, and which words would do', async () => {
    const rules = `${CARDS}  - {id: rooms, pattern: "R[0-9]{3}", near: room, mask: {}}\n`
    expect((await told(rules, { msg: 'floor R101', card: '4111 1111 1111 1112' })).slice(1)).toEqual([
      '  looks like something, and does not count',
      '    "4111 1111 1111 1112" at attributes.card looks like payment_card (rule "cards"), but its structure or its check digit is not right',
      '    "R101" at body looks like rooms (rule "rooms"), but no word that it needs stands near it or names its field: room',
    ])
  })

  test('says what was found several times once', async () => {
    const lines = await told('  - {id: mails, detect: email, mask: {}}\n', { msg: `${MAIL} ${MAIL}` })
    expect(lines).toContain(`    "${MAIL}" (2 times)`)
    expect(lines.filter((line) => line.includes('rule "mails"'))).toHaveLength(1)
  })

  test('says that nothing was found', async () => {
    expect(await told(CARDS, { msg: 'hello' })).toEqual(['line 1', '  no rule finds anything here'])
  })

  test('takes several records, and one record over several lines', async () => {
    const several = await explain(CARDS, `\n{"msg":"a"}\n{"msg":"${CARD}"}\n`)
    expect(several.match(/^line .*/gm)).toEqual(['line 2', 'line 3'])
    const one = await explain(CARDS, JSON.stringify({ msg: CARD, more: [1] }, null, 2))
    expect(one).toContain(`line 1\n  body: ${CARD}\n`)
  })

  test('takes one request of OTLP, written over several lines or in one, and tells its resource apart', async () => {
    const rules = '  - {id: mails, detect: email, mask: {}}\n'
    const request = otlpSample({ owner: MAIL }, [{ body: 'hello' }, { body: MAIL }], 'otlp-json')
    const pretty = JSON.stringify(JSON.parse(request.toString()), null, 2)
    for (const input of [request, Buffer.from(pretty)]) {
      const out = await explain(rules, input, '--format', 'otlp-json')
      expect(out.match(/^line .*/gm)).toEqual([
        'line 1, record 1, its resource',
        'line 1, record 1',
        'line 1, record 2',
      ])
    }
  })

  test('is data for programs, one object a line', async () => {
    const input = `{"msg":"a"}\n${JSON.stringify({ msg: `room 1 ${CARD}` })}\n`
    const [first, second] = (await explain(CARDS, input, '--output', 'json'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(first).toEqual({ line: 1, of: 'record', matches: [], misses: [] })
    expect(second.matches).toEqual([
      expect.objectContaining({
        path: 'body',
        text: CARD,
        rule: 'cards',
        action: 'seal',
        detector: 'payment_card',
        activation: 'always',
        verdict: { is: 'acts' },
        recipients: ['fraud', 'dpo'],
      }),
    ])
  })

  test('lets no control character of a record reach the terminal', async () => {
    expect(await explain(CARDS, JSON.stringify({ msg: `\u001b[2J ${CARD}` }))).toContain(`  body: \\u001b[2J ${CARD}\n`)
  })

  test('leaves a bad line out and goes on', async () => {
    const folder = temporaryFolder({ 'r.yaml': `rules:\n${CARDS}` })
    const io = { ...capturedIo(), stdin: Readable.from([Buffer.from(`{"msg":\n{"msg":"${CARD}"}\n`)]) }
    expect(await explainCommand.execute([join(folder, 'r.yaml')], io)).toBe(0)
    expect(io.complained()).toContain('line 1: FIELDSEAL_INPUT_MALFORMED')
    expect(io.written()).toContain('line 2\n')
  })
})
