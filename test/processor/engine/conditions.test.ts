import { describe, expect, test } from 'vitest'
import { requestType } from '../../../bench/checks/otlp-messages.ts'
import type { RuleInput } from '../../../rules/schema/index.ts'
import { fromProtobuf } from '../../conformance/protobuf-way.ts'
import { PLACEHOLDER, SEALED, seal, sealRecord } from './fixtures.ts'

const ACTIONS = {
  drop: { drop: {} },
  seal: { seal: { to: 'security' } },
  hash: { hash: { key: 'k' } },
  mask: { mask: {} },
}
type ActionName = keyof typeof ACTIONS

function rule(name: ActionName, where: RuleInput['where']): RuleInput[] {
  return [{ id: 'r', path: 'attributes.k', where, ...ACTIONS[name] } as RuleInput]
}

function applies(name: ActionName, where: RuleInput['where'], record: object): boolean {
  return sealRecord(rule(name, where), { k: 'text', ...record }).k !== 'text'
}

describe.each(['drop', 'seal', 'hash', 'mask'] as const)('where of a rule that says %s', (name) => {
  const protects = name === 'drop' || name === 'seal'

  test('holds for each of the values that it lists', () => {
    expect(applies(name, { 'attributes.s': ['auth', 'pay'] }, { s: 'pay' })).toBe(true)
    expect(applies(name, { 'attributes.n': 7 }, { n: 7 })).toBe(true)
    expect(applies(name, { 'attributes.b': true }, { b: true })).toBe(true)
  })

  test('does not hold for another value of the same type', () => {
    expect(applies(name, { 'attributes.s': 'auth' }, { s: 'pay' })).toBe(false)
    expect(applies(name, { 'attributes.n': 7 }, { n: 8 })).toBe(false)
    expect(applies(name, { 'attributes.b': true }, { b: false })).toBe(false)
  })

  test.each([
    ['missing', {}],
    ['null', { s: null }],
    ['a number', { s: 7 }],
    ['a map', { s: { t: 'auth' } }],
    ['a list', { s: ['auth'] }],
  ])(`${protects ? 'holds' : 'does not hold'} for a field that is %s`, (_what, record) => {
    expect(applies(name, { 'attributes.s': 'auth' }, record)).toBe(protects)
  })

  test('needs each of its fields', () => {
    const where = { 'attributes.s': 'auth', 'attributes.n': 7 }
    expect(applies(name, where, { s: 'auth', n: 7 })).toBe(true)
    expect(applies(name, where, { s: 'auth', n: 8 })).toBe(false)
    expect(applies(name, where, { s: 'auth' })).toBe(protects)
  })

  test('is told apart from record to record', () => {
    const lines = '{"k":"text","s":"auth"}\n{"k":"text","s":"pay"}\n{"k":"text"}\n'
    const sealed = seal(rule(name, { 'attributes.s': 'auth' }), lines)
      .toString()
      .trimEnd()
      .split('\n')
    expect(sealed.map((line) => JSON.parse(line).k !== 'text')).toEqual([true, false, protects])
  })
})

describe('where', () => {
  test('reads the fields that rules never alter', () => {
    expect(applies('mask', { severity: 'error' }, { level: 'error' })).toBe(true)
    expect(applies('mask', { severity: 50 }, { level: 50 })).toBe(true)
    expect(applies('mask', { severity: 'error' }, { level: 'info' })).toBe(false)
    expect(applies('mask', { body: 'login' }, { msg: 'login' })).toBe(true)
  })

  test('reads nested fields and keys with dots alike', () => {
    expect(applies('mask', { 'attributes.user.role': 'admin' }, { user: { role: 'admin' } })).toBe(true)
    expect(applies('mask', { 'attributes.user.role': 'admin' }, { 'user.role': 'admin' })).toBe(true)
  })

  test('reads the resource and the scope of a record, wherever they stand in the request', () => {
    const record = { attributes: [{ key: 'k', value: { stringValue: 'text' } }] }
    const resource = (service: string) => ({
      resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }] },
      scopeLogs: [{ scope: { name: 'lib', version: '2' }, logRecords: [record, record] }],
    })
    const request = { resourceLogs: [resource('auth'), resource('pay'), { scopeLogs: [{ logRecords: [record] }] }] }
    const bytes = Buffer.from(requestType.encode(requestType.fromObject(request)).finish())
    const masked = (where: RuleInput['where']) =>
      fromProtobuf(seal(rule('mask', where), bytes, 'otlp-protobuf')).map(({ attributes: [first] }) => first![1])
    const [text, mask] = ['text', '****'].map((value) => ({ type: 'text', text: value }))
    expect(masked({ 'resource.service.name': 'auth' })).toEqual([mask, mask, text, text, text])
    expect(masked({ 'scope.name': 'lib' })).toEqual([mask, mask, mask, mask, text])
    expect(masked({ 'scope.version': '3' })).toEqual([text, text, text, text, text])
  })

  test('does not hold for what another rule does: it reads the record as it came', () => {
    const rules: RuleInput[] = [
      { id: 'hide', path: 'attributes.s', drop: {} },
      { id: 'r', path: 'attributes.k', where: { 'attributes.s': 'auth' }, mask: {} },
    ]
    expect(sealRecord(rules, { k: 'text', s: 'auth' })).toEqual({ k: '****' })
  })
})

test.each([1, 4, 100])('a field that rules never alter is read with a bound of %i paths', (paths) => {
  const rules: RuleInput[] = [{ id: 'r', path: 'attributes.k', where: { severity: 'error' }, seal: { to: 'security' } }]
  const sealed = (level: string) => sealRecord(rules, { a: 1, b: 2, level, k: 'x' }, { limits: { paths } }).k
  expect(sealed('info')).toBe('x')
  expect(sealed('error')).toMatch(SEALED)
})

test('a field that is there very often is weighed once for its record, not once for each match', () => {
  const many = 200_000
  const record = `{${'"s":"pay",'.repeat(many)}"k":"${'a@b.co '.repeat(many)}"}`
  const rules: RuleInput[] = [{ id: 'mails', detect: 'email', where: { 'attributes.s': 'auth' }, mask: {} }]
  expect(seal(rules, record).equals(Buffer.from(record))).toBe(true)
})

describe('an exception', () => {
  const mails = { id: 'mails', detect: 'email', seal: { to: 'security' } } as const
  const own = { name: 'own', pattern: '@ours\\.example$', reason: 'our own staff' }

  test('by pattern leaves matches alone in which it finds something', () => {
    const sealed = sealRecord([{ ...mails, except: [own] }], { k: 'from a@ours.example to b@example.com' })
    expect(sealed.k).toMatch(new RegExp(`^from a@ours\\.example to ${PLACEHOLDER.source}$`))
  })

  test('by path leaves what is there alone', () => {
    const except = [{ name: 'here', path: ['attributes.from', 'attributes.a.**'] }]
    const record = { from: 'a@example.com', to: 'b@example.com', a: { b: ['c@example.com'] } }
    const sealed = sealRecord([{ ...mails, except }], record)
    expect(sealed).toEqual({ ...record, to: expect.stringMatching(SEALED) })
  })

  test('by both needs both', () => {
    const except = [{ ...own, path: 'attributes.from' }]
    const sealed = sealRecord([{ ...mails, except }], { from: 'a@ours.example', to: 'b@ours.example' })
    expect(sealed.from).toBe('a@ours.example')
    expect(sealed.to).toMatch(SEALED)
    expect(sealRecord([{ ...mails, except }], { from: 'a@example.com' }).from).toMatch(SEALED)
  })

  test('that has expired no longer applies', () => {
    const expired = { ...own, expires: '2020-01-01' }
    const running = { ...own, expires: '2999-01-01' }
    expect(sealRecord([{ ...mails, except: [expired] }], { k: 'a@ours.example' }).k).toMatch(SEALED)
    expect(sealRecord([{ ...mails, except: [running] }], { k: 'a@ours.example' }).k).toBe('a@ours.example')
  })

  test('takes away only from the rule that names it', () => {
    const rules: RuleInput[] = [
      { ...mails, except: [own] },
      { id: 'mask', detect: 'email', mask: {} },
    ]
    expect(sealRecord(rules, { k: 'a@ours.example, b@example.com' }).k).toMatch(
      new RegExp(`^\\*{4}, ${PLACEHOLDER.source}$`),
    )
  })

  test('applies to whole values and to keys', () => {
    const except = [{ name: 'public', pattern: '^public' }]
    const rules: RuleInput[] = [{ id: 'k', path: 'attributes.*', except, mask: {} }]
    expect(sealRecord(rules, { a: 'public', b: 'private', c: 1 })).toEqual({ a: 'public', b: '****', c: '****' })
    const keys: RuleInput[] = [{ id: 'mails', detect: 'email', except: [own], mask: {} }]
    expect(sealRecord(keys, { 'a@ours.example': 1, 'b@example.com': 2 })).toEqual({ 'a@ours.example': 1, '****': 2 })
  })

  test.each([
    ['a map', { street: 'Main Street 1' }],
    ['an array', ['Main Street 1']],
    ['a boolean', true],
  ])('for empty texts does not apply to %s', (_what, k) => {
    const except = [{ name: 'empty', pattern: '^-?$' }]
    const rules: RuleInput[] = [{ id: 'k', path: 'attributes.k', except, seal: { to: 'security' } }]
    expect(sealRecord(rules, { k }).k).toMatch(SEALED)
    expect(sealRecord(rules, { k: '-' }).k).toBe('-')
  })

  test('for empty texts does not apply to bytes that are no text', () => {
    const except = [{ name: 'empty', pattern: '^-?$' }]
    const value = (bytesValue: string) =>
      JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { bytesValue } }] }] }] })
    const sealed = (bytesValue: string) =>
      seal([{ id: 'k', path: 'body', except, seal: { to: 'security' } }], value(bytesValue), 'otlp-json').toString()
    expect(sealed('/4AA')).not.toContain('/4AA')
    expect(sealed('LQ==')).toBe(value('LQ=='))
  })
})
