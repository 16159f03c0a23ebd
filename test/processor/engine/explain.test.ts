import { describe, expect, test } from 'vitest'
import type { RuleInput } from '../../../rules/schema/index.ts'
import { engineFor } from './fixtures.ts'

function explained(rules: readonly RuleInput[], record: object) {
  const engine = engineFor(rules)
  try {
    return engine.explain(Buffer.from(JSON.stringify(record)), 'json-lines')
  } finally {
    engine.close()
  }
}

const verdicts = (rules: readonly RuleInput[], record: object) =>
  explained(rules, record).matches.map(({ rule, path, text, verdict }) => ({ rule, path, text, ...verdict }))

const MAIL = 'jane@example.com'

describe('an explanation', () => {
  test('has each match with its place, its text and whom it is sealed for', () => {
    const { matches, bytes } = explained([{ id: 'mails', detect: 'email', seal: { to: ['dpo', 'fraud'] } }], {
      msg: `to ${MAIL}`,
    })
    expect(matches).toEqual([
      {
        owner: 'record 0',
        record: 0,
        path: 'body',
        at: { start: 7, end: 27, entry: 1 },
        type: 'text',
        onKey: false,
        key: 'body',
        rule: 'mails',
        action: 'seal',
        kind: 'email',
        detector: 'email',
        activation: 'always',
        opened: undefined,
        text: MAIL,
        span: { start: 3, end: 19 },
        recipients: ['dpo-1', 'fraud-1'],
        verdict: { is: 'acts' },
      },
    ])
    expect(bytes.toString()).not.toContain(MAIL)
  })

  test('names the stronger rule', () => {
    const rules: RuleInput[] = [
      { id: 'weak', detect: 'email', mask: {} },
      { id: 'strong', detect: 'email', drop: {} },
    ]
    expect(verdicts(rules, { msg: MAIL })).toEqual([
      { rule: 'weak', path: 'body', text: MAIL, is: 'weaker', than: 'strong' },
      { rule: 'strong', path: 'body', text: MAIL, is: 'acts' },
    ])
  })

  test('names the rule that has the map around the value', () => {
    const rules: RuleInput[] = [
      { id: 'mails', detect: 'email', mask: {} },
      { id: 'user', path: 'attributes.user', drop: {} },
    ]
    const found = verdicts(rules, { user: { mail: MAIL } })
    expect(found).toContainEqual({ rule: 'user', path: 'attributes.user', text: undefined, is: 'acts' })
    expect(found).toContainEqual({
      rule: 'mails',
      path: 'attributes.user.mail',
      text: MAIL,
      is: 'weaker',
      than: 'user',
    })
  })

  test('names the exception, and the condition', () => {
    const rules: RuleInput[] = [
      { id: 'a', detect: 'email', except: [{ name: 'ours', pattern: 'example' }], drop: {} },
      { id: 'b', detect: 'email', where: { 'attributes.kind': 'x' }, drop: {} },
    ]
    expect(verdicts(rules, { msg: MAIL, kind: 'y' })).toEqual([
      { rule: 'a', path: 'body', text: MAIL, is: 'excepted', exception: 'ours' },
      { rule: 'b', path: 'body', text: MAIL, is: 'unmet', field: 'attributes.kind' },
    ])
  })

  test('has what an exception keeps, and not all that stands around it', () => {
    const rules: RuleInput[] = [
      { id: 'a', detect: 'email', except: [{ name: 'ours', pattern: 'example' }], drop: {} },
      { id: 'b', detect: 'email', where: { 'attributes.kind': 'x' }, drop: {} },
    ]
    const { matches } = explained(rules, { msg: `to ${MAIL}`, kind: 'y' })
    expect(matches.map(({ text, span, kind }) => ({ text, span, kind }))).toEqual([
      { text: MAIL, span: { start: 3, end: 19 }, kind: 'email' },
      { text: MAIL, span: { start: 3, end: 19 }, kind: 'email' },
    ])
  })

  test('says where a value stands, whatever the rules are', () => {
    const record = { msg: 'to no one', user: { mail: MAIL, age: 4 } }
    const { matches } = explained([{ id: 'a', path: 'attributes.user.**', seal: { to: 'dpo' } }], record)
    const line = JSON.stringify(record)
    expect(matches.map(({ path, type, at }) => [path, type, line.slice(at.start, at.end)])).toEqual([
      ['attributes.user', 'map', JSON.stringify(record.user)],
      ['attributes.user.mail', 'text', `"${MAIL}`],
      ['attributes.user.age', 'number', '4'],
    ])
  })

  test('tells what was found in the name of a field from what was found in its value', () => {
    const rules: RuleInput[] = [{ id: 'a', detect: 'email', seal: { to: 'dpo' } }]
    const { matches } = explained(rules, { [MAIL]: 'other@example.com' })
    expect(matches.map(({ path, onKey, key, text }) => ({ path, onKey, key, text }))).toEqual([
      { path: 'attributes.*', onKey: false, key: MAIL, text: 'other@example.com' },
      { path: 'attributes.*', onKey: true, key: MAIL, text: MAIL },
    ])
  })

  test('has numbers and booleans as they are written', () => {
    const rules: RuleInput[] = [{ id: 'a', path: 'attributes.*', seal: { to: 'dpo' } }]
    const { matches } = explained(rules, { a: true, b: 1.5, c: '' })
    expect(matches.map(({ text, type }) => [text, type])).toEqual([
      ['true', 'boolean'],
      ['1.5', 'number'],
    ])
  })

  test('leaves out what does not count where it is not asked for', () => {
    const engine = engineFor([{ id: 'cards', detect: 'payment_card', drop: {} }])
    const line = Buffer.from('{"msg":"card 4111 1111 1111 1112"}')
    expect(engine.explain(line, 'json-lines').misses).toHaveLength(1)
    expect(engine.explain(line, 'json-lines', { misses: false }).misses).toEqual([])
    engine.close()
  })

  test('says what a rule in audit would do', () => {
    const rules: RuleInput[] = [{ id: 'a', detect: 'email', mode: 'audit', expires: '2999-01-01', drop: {} }]
    expect(verdicts(rules, { msg: MAIL })).toEqual([{ rule: 'a', path: 'body', text: MAIL, is: 'audits' }])
  })

  test('says that an earlier stage has done it', () => {
    const rules: RuleInput[] = [{ id: 'a', path: 'attributes.k', hash: { key: 'k' } }]
    const engine = engineFor(rules)
    const once = engine.seal(Buffer.from('{"k":"v"}'), 'json-lines').bytes
    expect(engine.explain(once, 'json-lines').matches[0]!.verdict).toEqual({ is: 'done' })
    engine.close()
  })

  test('lists what looks like something and does not count, with the reason', () => {
    const rules: RuleInput[] = [
      { id: 'cards', detect: 'payment_card', drop: {} },
      { id: 'rooms', pattern: '[0-9]{3}', near: 'room', drop: {} },
    ]
    const { matches, misses } = explained(rules, { msg: 'card 4111 1111 1111 1112', n: 'floor 101' })
    expect(matches).toEqual([])
    expect(misses).toContainEqual({
      owner: 'record 0',
      record: 0,
      path: 'body',
      detector: 'payment_card',
      reason: 'not_confirmed',
      text: '4111 1111 1111 1112',
    })
    expect(misses).toContainEqual({
      owner: 'record 0',
      record: 0,
      path: 'attributes.n',
      detector: 'rooms',
      reason: 'no_word',
      text: '101',
    })
  })
})
