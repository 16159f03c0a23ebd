import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readRuleSet } from '../../../processor/authoring/rule-set.ts'
import { standInEngine } from '../../../processor/authoring/stand-in-engine.ts'
import { rulesDiffCommand } from '../../../processor/cli/rules-diff.ts'
import { temporaryFolder } from '../config/temporary-folder.ts'
import { capturedIo } from './captured-io.ts'
import { otlpSample } from './otlp-sample.ts'

const MAIL = 'jane@example.com'
const CARD = '4111 1111 1111 1111'

const MAILS = '  - {id: mails, detect: email, seal: {to: dpo}}\n'

async function diff(before: string, after: string, sample: string, ...argv: string[]) {
  const folder = temporaryFolder({
    'old.yaml': `rules:\n${before}`,
    'new.yaml': `rules:\n${after}`,
    s: sample,
  })
  const io = capturedIo()
  const files = ['old.yaml', 'new.yaml', 's'].map((name) => join(folder, name)) as [string, string, string]
  const exit = await rulesDiffCommand.execute([files[0], files[1], '--sample', files[2], ...argv], io)
  return { exit, out: io.written(), err: io.complained() }
}

interface Data {
  records: number
  counts: Record<'protected' | 'clear' | 'action' | 'recipients', number>
  differences: {
    kind: string
    count: number
    paths: Record<string, number>
    examples: { shape: string; line: number }[]
  }[]
}

const data = async (before: string, after: string, sample: string, ...argv: string[]) =>
  JSON.parse((await diff(before, after, sample, '--output', 'json', ...argv)).out) as Data
const counts = async (before: string, after: string, ...records: object[]) => {
  const all = (await data(before, after, records.map((record) => JSON.stringify(record)).join('\n'))).counts
  return Object.fromEntries(Object.entries(all).filter(([, count]) => count > 0))
}

describe('a comparison of rules', () => {
  test('counts what is newly sealed and newly in the clear, by rule and path, with masked examples', async () => {
    const sample = `${JSON.stringify({ msg: `to ${MAIL}` })}\n\n${JSON.stringify({ msg: CARD, user: 'Al@Example.com' })}\n`
    const { out, exit } = await diff(MAILS, '  - {id: cards, detect: payment_card, seal: {to: [fraud, dpo]}}\n', sample)
    expect(exit).toBe(0)
    expect(out.split('\n')).toEqual([
      '1 value newly sealed, 2 newly in the clear',
      'in a sample of 2 records',
      '',
      '2 newly in the clear: rule "mails" (seal for dpo) has them no more',
      '  where: body 1, attributes.user 1',
      '  line 1, body: xxxx@xxxxxxx.xxx',
      '  line 3, attributes.user: Xx@Xxxxxxx.xxx',
      '',
      '1 newly protected: rule "cards" (seal for dpo and fraud)',
      '  where: body 1',
      '  line 3, body: 9999 9999 9999 9999',
      '',
    ])
  })

  test('shows no value of the sample', async () => {
    const { out } = await diff(MAILS, '  []\n', JSON.stringify({ msg: MAIL, [MAIL]: 'x' }))
    expect(out).toContain('newly in the clear')
    expect(out.toLowerCase()).not.toMatch(/jane|example\.com/)
    const json = await diff(MAILS, '  []\n', JSON.stringify({ msg: MAIL, [MAIL]: 'x' }), '--output', 'json')
    expect(json.out.toLowerCase()).not.toMatch(/jane|example\.com/)
  })

  test('fails where it is asked to and something is newly in the clear', async () => {
    const sample = JSON.stringify({ msg: MAIL })
    expect((await diff(MAILS, '  []\n', sample, '--fail-on-clear')).exit).toBe(1)
    expect((await diff(MAILS, '  []\n', sample)).exit).toBe(0)
    expect((await diff('  []\n', MAILS, sample, '--fail-on-clear')).exit).toBe(0)
  })

  test('finds no difference between rules that differ in words alone', async () => {
    const other = '  - {id: others, title: Others, detect: email, seal: {to: [dpo]}}\n'
    expect(await counts(MAILS, other, { msg: MAIL })).toEqual({})
  })

  test('tells another action and other recipients from what is newly in the clear', async () => {
    expect(await counts(MAILS, '  - {id: mails, detect: email, mask: {}}\n', { msg: MAIL })).toEqual({ action: 1 })
    expect(await counts(MAILS, '  - {id: mails, detect: email, seal: {to: [dpo, x]}}\n', { msg: MAIL })).toEqual({
      recipients: 1,
    })
    const hash = (key: string) => `  - {id: mails, detect: email, hash: {key: ${key}}}\n`
    expect(await counts(hash('a'), hash('b'), { msg: MAIL })).toEqual({ action: 1 })
    expect(await counts(hash('a'), hash('a'), { msg: MAIL })).toEqual({})
  })

  test('sees what a wider match takes in, and what a narrower one leaves', async () => {
    const whole = '  - {id: a, path: body, seal: {to: dpo}}\n'
    expect(await counts(MAILS, whole, { msg: `to ${MAIL} and on` })).toEqual({ protected: 2 })
    expect(await counts(whole, MAILS, { msg: `to ${MAIL} and on` })).toEqual({ clear: 2 })
  })

  test('compares a map that is taken whole with rules about the values in it', async () => {
    const whole = '  - {id: user, path: attributes.user, seal: {to: dpo}}\n'
    const record = { user: { mail: MAIL, age: 41, tags: ['a', MAIL] } }
    expect(await counts(whole, MAILS, record)).toEqual({ clear: 2 })
    expect(await counts(MAILS, whole, record)).toEqual({ protected: 2 })
  })

  test('compares what is found in names of fields', async () => {
    const drop = '  - {id: users, path: attributes.users, drop: {}}\n'
    const record = { users: { [MAIL]: 'x' } }
    expect(await counts(MAILS, '  []\n', record)).toEqual({ clear: 2 })
    expect(await counts(MAILS, drop, record)).toEqual({ action: 2 })
    expect(await counts('  - {id: mails, detect: email, mask: {}}\n', '  []\n', record)).toEqual({ clear: 1 })
  })

  test('takes a rule in audit as none, since it changes nothing', async () => {
    const audit = '  - {id: mails, detect: email, mode: audit, expires: 2999-01-01, seal: {to: dpo}}\n'
    expect(await counts(MAILS, audit, { msg: MAIL })).toEqual({ clear: 1 })
  })

  test('names the stronger of two rules, whatever their order', async () => {
    const two = (first: string, second: string) => `${first}${second}`
    const drop = '  - {id: drops, detect: email, drop: {}}\n'
    expect(await counts(two(MAILS, drop), drop, { msg: MAIL })).toEqual({})
    expect(await counts(two(drop, MAILS), MAILS, { msg: MAIL })).toEqual({ action: 1 })
  })

  test.each(['otlp-json', 'otlp-protobuf'] as const)('reads %s', async (format) => {
    const sample = otlpSample({ owner: MAIL }, [{ body: MAIL }], format)
    const folder = temporaryFolder({ 'old.yaml': `rules:\n${MAILS}`, 'new.yaml': 'rules: []\n' })
    const io = capturedIo()
    writeFileSync(join(folder, 's'), sample)
    const argv = [join(folder, 'old.yaml'), join(folder, 'new.yaml'), '--sample', join(folder, 's')]
    await rulesDiffCommand.execute([...argv, '--format', format, '--output', 'json'], io)
    expect((JSON.parse(io.written()) as Data).differences[0]!.paths).toEqual({ 'resource.owner': 1, body: 1 })
  })

  test('takes several files for one side', async () => {
    const folder = temporaryFolder({
      'a.yaml': `rules:\n${MAILS}`,
      'b.yaml': 'rules:\n  - {id: cards, detect: payment_card, drop: {}}\n',
      s: JSON.stringify({ msg: `${MAIL} ${CARD}` }),
    })
    const at = (name: string) => join(folder, name)
    const io = capturedIo()
    await rulesDiffCommand.execute([at('a.yaml'), `${at('a.yaml')},${at('b.yaml')}`, '--sample', at('s')], io)
    expect(io.written()).toContain('0 values newly sealed, 1 newly dropped, 0 newly in the clear\n')
  })

  test('says what cannot be read', async () => {
    const folder = temporaryFolder({ 'a.yaml': `rules:\n${MAILS}` })
    const file = join(folder, 'a.yaml')
    for (const sample of [folder, join(folder, 'nowhere')]) {
      await expect(rulesDiffCommand.execute([file, file, '--sample', sample], capturedIo())).rejects.toMatchObject({
        code: 'FIELDSEAL_CONFIG_UNREADABLE',
      })
    }
  })
})

/**
 * What the comparison says, against what the sealed records show: a value that stands in the new output and not in the
 * old one is newly in the clear, and the other way round.
 */
describe('a comparison agrees with what leaves', () => {
  const PLANTED = [MAIL, CARD, 'key@example.org', '+4915123456789', 'jdoe', 'Xavier', 'Yonder', 'before', 'behind']
  const RECORD = {
    msg: `before ${CARD} behind ${MAIL}`,
    user: { name: 'Xavier', login: 'jdoe', list: ['+4915123456789'] },
    'key@example.org': 'Yonder',
  }
  const RULES = [
    '[]',
    '[{id: m, detect: email, seal: {to: dpo}}]',
    '[{id: m, detect: email, mask: {}}]',
    '[{id: m, detect: [email, phone_e164, payment_card], drop: {}}]',
    '[{id: u, path: attributes.user, seal: {to: a}}, {id: m, detect: email, seal: {to: dpo}}]',
    '[{id: u, path: attributes.user.**, hash: {key: k}}]',
    '[{id: b, path: body, drop: {}}, {id: p, detect: phone_e164, path: attributes.user.**, mask: {}}]',
    '[{id: t, detect: payment_card, seal: {to: dpo, text: whole}}, {id: l, key: "^login$", drop: {}}]',
    '[{id: e, detect: email, except: [{name: x, pattern: jane}], seal: {to: dpo}}]',
    '[{id: all, path: "attributes.**", seal: {to: dpo}}]',
  ]
  /** The planted values that stand in what leaves. */
  const clearIn = (rules: string) => {
    const folder = temporaryFolder({ 'r.yaml': `rules: ${rules}\n` })
    const engine = standInEngine(readRuleSet([join(folder, 'r.yaml')]))
    const out = engine.seal(Buffer.from(JSON.stringify(RECORD)), 'json-lines').bytes.toString()
    engine.close()
    return PLANTED.filter((value) => out.includes(value))
  }
  const pairs = RULES.flatMap((before) => RULES.map((after) => [before, after] as const))

  test.each(pairs)('%s and %s', async (before, after) => {
    const old = clearIn(before)
    const now = clearIn(after)
    const { counts: told } = await data(` ${before}\n`, ` ${after}\n`, JSON.stringify(RECORD))
    expect(told.clear > 0).toBe(now.some((value) => !old.includes(value)))
    expect(told.protected > 0).toBe(old.some((value) => !now.includes(value)))
  })
})
