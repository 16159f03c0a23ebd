import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { RuleInput } from '../../../rules/schema/index.ts'
import { array, bytes, double, integer, map, text, type Value } from '../../conformance/model.ts'
import { fromProtobuf, toProtobuf } from '../../conformance/protobuf-way.ts'
import { engineFor, envelopeOf, openAs, openRecord, PLACEHOLDER, SEALED, seal, sealRecord } from './fixtures.ts'

/** One attribute `k` by OTLP, sealed and read by protobufjs. */
function sealValue(rules: readonly RuleInput[], value: Value): Value | undefined {
  const record = { resource: [], scope: [], body: undefined, attributes: [['k', value] as const] }
  const sealed = seal(rules, toProtobuf([record]), 'otlp-protobuf')
  return fromProtobuf(sealed)[0]!.attributes[0]?.[1]
}

const textOf = (value: Value | undefined) => (value?.type === 'text' ? value.text : value?.type)

describe('seal', () => {
  const whole = (options: object = {}): RuleInput[] => [
    { id: 'r', path: 'attributes.k', seal: { to: 'security', ...options } },
  ]

  test.each([
    ['text', 'text', 'text'],
    ['a number', 1.5, 'number'],
    ['a boolean', false, 'boolean'],
    ['a map', { a: 1 }, 'json'],
    ['a list', [1], 'json'],
  ])('of %s keeps its type inside', (_what, value, cty) => {
    const sealed = sealRecord(whole(), { k: value })
    expect(envelopeOf(sealed.k)).toEqual({ cty, path: 'attributes.k', kids: ['security-1'] })
    expect(openRecord(sealed)).toEqual({ k: value })
  })

  test.each([
    ['an integer of 64 bits', integer(-9_223_372_036_854_775_808n), 'number'],
    ['a double', double(5), 'number'],
    ['bytes that are no text', bytes(Buffer.from([0xff, 0x00])), 'bytes'],
    ['a map', map(['b', integer(1)], ['a', double(1)], ['b', bytes('x')]), 'otlp+json'],
    ['a list', array(text('x'), array()), 'otlp+json'],
  ])('by OTLP of %s keeps its type inside', (_what, value, cty) => {
    const record = { resource: [], scope: [], body: undefined, attributes: [['k', value] as const] }
    const sealed = seal(whole(), toProtobuf([record]), 'otlp-protobuf')
    expect(envelopeOf(textOf(fromProtobuf(sealed)[0]!.attributes[0]![1])).cty).toBe(cty)
    expect(fromProtobuf(openAs(['security'], sealed, 'otlp-protobuf').bytes)).toEqual([record])
  })

  test('keeps the source text of a number', () => {
    for (const number of ['12345678901234567890', '1.50', '1e3', '-0', '0.1E-7']) {
      const line = Buffer.from(`{"k":${number}}`)
      expect(openAs(['security'], seal(whole(), line)).bytes).toEqual(line)
    }
  })

  test('in layout record puts whole values of all types into one JWE', () => {
    const record = { k: 'x', n: 1.5, b: true, m: { a: [1] }, t: 'to jane@example.com' }
    const rules: RuleInput[] = [
      { id: 'all', path: ['attributes.k', 'attributes.n', 'attributes.b', 'attributes.m'], seal: { to: 'security' } },
      { id: 'mails', detect: 'email', seal: { to: 'security' } },
    ]
    const sealed = sealRecord(rules, record, { layout: 'record' })
    expect(sealed['fieldseal.sealed']).toHaveLength(1)
    for (const key of ['k', 'n', 'b', 'm']) expect(sealed[key]).toMatch(new RegExp(`^${PLACEHOLDER.source}$`))
    expect(openRecord(sealed)).toEqual(record)
  })

  test('in layout record of one rule alone leaves the others as they are', () => {
    const rules: RuleInput[] = [
      { id: 'a', path: 'attributes.a', seal: { to: 'security', layout: 'record' } },
      { id: 'b', path: 'attributes.b', seal: { to: 'security' } },
    ]
    const sealed = sealRecord(rules, { a: 'x', b: 'x' })
    expect(sealed.a).toMatch(PLACEHOLDER)
    expect(sealed.b).toMatch(SEALED)
  })

  test('as sibling renames the entry, and opening gives the name back', () => {
    const record = { k: 5, z: 'x' }
    for (const layout of ['value', 'record'] as const) {
      const sealed = sealRecord(whole({ as: 'sibling', layout }), record)
      expect(Object.keys(sealed).slice(0, 2)).toEqual(['k.sealed', 'z'])
      expect(openRecord(sealed)).toEqual(record)
    }
  })

  test('as sibling of a body or of an element, which have no name, is a string', () => {
    const rules: RuleInput[] = [{ id: 'r', path: ['body', 'attributes.list[*]'], seal: { to: 'dpo', as: 'sibling' } }]
    const sealed = sealRecord(rules, { msg: 'x', list: [1] })
    expect(Object.keys(sealed)).toEqual(['msg', 'list'])
    expect(openRecord(sealed)).toEqual({ msg: 'x', list: [1] })
  })

  test('of a span leaves the rest of the text readable', () => {
    const sealed = sealRecord([{ id: 'mails', detect: 'email', seal: { to: 'all' } }], { k: 'to jane@example.com now' })
    expect(sealed.k).toMatch(/^to \[sealed:email:[\w-]{8}\/0\] now$/)
    const [jwe] = sealed['fieldseal.sealed'] as string[]
    expect(envelopeOf(jwe)).toEqual({
      cty: 'fieldseal-parts+json',
      path: 'fieldseal.sealed',
      kids: ['security-1', 'dpo-1', 'fraud-1'],
    })
  })

  test('of a text that is one match from end to end replaces it whole', () => {
    const sealed = sealRecord([{ id: 'mails', detect: 'email', seal: { to: 'all' } }], { k: 'jane@example.com' })
    expect(sealed.k).toMatch(SEALED)
    expect(sealed['fieldseal.sealed']).toBeUndefined()
  })

  test('with text: whole takes the text that holds a match', () => {
    const rules: RuleInput[] = [{ id: 'mails', detect: 'email', seal: { to: 'security', text: 'whole' } }]
    const record = { k: 'to jane@example.com and joe@example.com', z: 'clean' }
    const sealed = sealRecord(rules, record)
    expect(sealed.k).toMatch(SEALED)
    expect(sealed.z).toBe('clean')
    expect(openRecord(sealed)).toEqual(record)
  })

  test('compact writes one short JWE that opens', () => {
    const sealed = sealRecord(whole({ serialization: 'compact' }), { k: 'x' })
    expect(sealed.k).toMatch(/^eyJ[\w-]+(?:\.[\w-]+){4}$/)
    expect(openRecord(sealed)).toEqual({ k: 'x' })
  })

  test('of a plain line, which takes no attribute, takes it whole', () => {
    const sealed = seal(
      [{ id: 'mails', detect: 'email', seal: { to: 'dpo' } }],
      'to jane@example.com now\nclean\n',
      'text',
    )
    const [first, second] = sealed.toString().split('\n')
    expect(first).toMatch(SEALED)
    expect(second).toBe('clean')
    expect(openAs(['dpo'], sealed, 'text').bytes.toString()).toBe('to jane@example.com now\nclean\n')
  })

  test('for several groups of recipients opens for each as far as it may', () => {
    const rules: RuleInput[] = [
      { id: 'mails', detect: 'email', seal: { to: 'security' } },
      { id: 'cards', detect: 'payment_card', seal: { to: 'dpo' } },
      { id: 'pin', path: 'attributes.pin', seal: { to: ['security', 'dpo'] } },
    ]
    const record = { k: 'to jane@example.com by 4111111111111111 now', pin: 7 }
    const sealed = sealRecord(rules, record)
    const list = sealed['fieldseal.sealed'] as string[]
    expect(list.map((jwe) => envelopeOf(jwe).kids)).toEqual([['security-1'], ['dpo-1']])

    const opened = openAs(['security'], Buffer.from(JSON.stringify(sealed)))
    expect(JSON.parse(opened.bytes.toString())).toEqual({
      k: expect.stringMatching(new RegExp(`^to jane@example\\.com by ${PLACEHOLDER.source} now$`)),
      pin: 7,
      'fieldseal.sealed': [list[1]],
    })
    expect(opened.opened).toBe(2)
    expect(opened.unopened).toBe(1)
    expect(openRecord(sealed, ['fraud'])).toEqual(sealed)
    // What one has opened the other opens further.
    expect(openRecord(openRecord(sealed, ['security']), ['dpo'])).toEqual(record)
  })
})

describe('hash', () => {
  const mails: RuleInput[] = [{ id: 'mails', detect: 'email', hash: { key: 'k' } }]

  /** As documented: HMAC-SHA-256 over version, kind and normalised text, each ended by a zero byte; 16 bytes of it. */
  function pseudonym(kind: string, normalised: string): string {
    const mac = createHmac('sha256', Buffer.alloc(32, 7)).update(`fieldseal-hash-v1\0${kind}\0${normalised}\0`).digest()
    return `hmac-sha256:k:${mac.subarray(0, 16).toString('base64url')}`
  }

  test('gives the pseudonym of the normalised match, in place', () => {
    expect(sealRecord(mails, { k: 'to Jane@Example.COM now' }).k).toBe(
      `to ${pseudonym('email', 'jane@example.com')} now`,
    )
    const cards: RuleInput[] = [{ id: 'cards', detect: 'payment_card', hash: { key: 'k' } }]
    const expected = pseudonym('payment_card', '4111111111111111')
    expect(sealRecord(cards, { k: '4111 1111 1111 1111', n: 4111111111111111 })).toEqual({ k: expected, n: expected })
  })

  test('of a whole value goes by the id of the rule and its NFC text', () => {
    const rules: RuleInput[] = [{ id: 'user', path: 'attributes.*', hash: { key: 'k' } }]
    expect(sealRecord(rules, { a: 'e\u0301', n: 7, b: true })).toEqual({
      a: pseudonym('user', '\u00e9'),
      n: pseudonym('user', '7'),
      // Of a boolean it would be one of two: anybody who has both knows them.
      b: '****',
    })
  })

  test('is recognised and not hashed again, whole, in a text and beside others', () => {
    const hash = pseudonym('email', 'jane@example.com')
    const weak: RuleInput[] = [
      { id: 'digits', pattern: '[0-9]{3}', hash: { key: 'k' } },
      { id: 'user', path: 'attributes.user', hash: { key: 'k' } },
    ]
    const record = { a: `to ${hash}, ${hash}`, user: hash }
    expect(sealRecord(weak, record)).toEqual(record)
  })

  test('of a key that is not configured is text like any other', () => {
    const value = `hmac-sha256:other:${'A'.repeat(22)}`
    expect(sealRecord([{ id: 'user', path: 'attributes.k', hash: { key: 'k' } }], { k: value }).k).toBe(
      pseudonym('user', value),
    )
  })

  test('that is one character too short or long is text like any other', () => {
    for (const length of [21, 23]) {
      const value = `hmac-sha256:k:${'A'.repeat(length)}`
      expect(sealRecord([{ id: 'user', path: 'attributes.k', hash: { key: 'k' } }], { k: value }).k).not.toBe(value)
    }
  })
})

describe('mask', () => {
  test.each([
    ['abcdefgh', 4, '****efgh'],
    ['abcdefg', 4, '****'],
    ['ab', 1, '****b'],
    ['a', 1, '****'],
    ['e\u0301😀x😀', 2, '****x😀'],
    ['abcdefgh', 0, '****'],
  ])('%s with keep_last %i', (value, keep_last, expected) => {
    expect(sealRecord([{ id: 'r', path: 'attributes.k', mask: { keep_last } }], { k: value })).toEqual({ k: expected })
  })

  test('of very many matches in one text looks no further than what it leaves', () => {
    const mails: RuleInput[] = [{ id: 'mails', detect: 'email', mask: { keep_last: 2 } }]
    const k = `****${' a@b.co'.repeat(100_000)}`
    expect(sealRecord(mails, { k })).toEqual({ k: `****${' ****co'.repeat(100_000)}` })
  })

  test('of a span, a number, a boolean, bytes and elements', () => {
    const cards: RuleInput[] = [{ id: 'cards', detect: 'payment_card', mask: { keep_last: 4 } }]
    expect(sealRecord(cards, { k: 'by 4111111111111111 now', n: 4111111111111111 })).toEqual({
      k: 'by ****1111 now',
      n: '****1111',
    })
    const all: RuleInput[] = [{ id: 'all', path: 'attributes.**', mask: {} }]
    expect(sealRecord(all, { n: 1, b: true, l: [1, 'x', [false]], z: null })).toEqual({
      n: '****',
      b: '****',
      l: ['****', '****', ['****']],
      z: null,
    })
    expect(textOf(sealValue(all, bytes(Buffer.from([0xff]))))).toBe('****')
    expect(textOf(sealValue(cards, bytes('4111111111111111')))).toBe('****1111')
  })
})

describe('drop', () => {
  test('takes the entry of a value, whatever its type, and one comma', () => {
    const rules: RuleInput[] = [{ id: 'r', key: '^x$', drop: {} }]
    const lines = [
      ['{"x":1}', '{}'],
      ['{ "x" : 1 , "a" : 2 }', '{ "a" : 2 }'],
      ['{"a":2,"x":{"b":1}}', '{"a":2}'],
      ['{"a":2 , "x":[1] , "b":3}', '{"a":2 , "b":3}'],
      ['{"x":1,"x":2,"a":3,"x":4}', '{"a":3}'],
      ['{"a":{"x":1},"b":[{"x":1,"c":2}]}', '{"a":{},"b":[{"c":2}]}'],
    ] as const
    for (const [line, expected] of lines) expect(seal(rules, line).toString()).toBe(expected)
  })

  test('takes elements out of a list', () => {
    const rules: RuleInput[] = [{ id: 'r', path: 'attributes.l[*]', drop: {} }]
    expect(sealRecord(rules, { l: [1, 'x', {}], a: [1] })).toEqual({ l: [], a: [1] })
  })

  test('leaves [dropped:<kind>] in a text', () => {
    const rules: RuleInput[] = [
      { id: 'own', pattern: 'zq-[0-9]+', drop: {} },
      { id: 'mails', detect: 'email', drop: {} },
    ]
    expect(sealRecord(rules, { k: 'zq-1 to jane@example.com', m: 'zq-1' })).toEqual({
      k: '[dropped:own] to [dropped:email]',
      m: '[dropped:own]',
    })
  })

  test('of a number or bytes with a finding takes the entry', () => {
    const cards: RuleInput[] = [{ id: 'cards', detect: 'payment_card', drop: {} }]
    expect(sealRecord(cards, { n: 4111111111111111, m: 1 })).toEqual({ m: 1 })
    expect(sealValue(cards, bytes('4111111111111111'))).toBeUndefined()
  })

  test('empties a body, and keeps the record', () => {
    const rules: RuleInput[] = [{ id: 'r', path: 'body', drop: {} }]
    for (const msg of ['text', 4711, { a: 1 }, ['x'], true]) {
      expect(sealRecord(rules, { msg, a: 1 })).toEqual({ msg: '', a: 1 })
      const record = { resource: [], scope: [], body: map(['a', text('x')]), attributes: [] }
      const sealed = seal(rules, toProtobuf([record]), 'otlp-protobuf')
      expect(fromProtobuf(sealed)).toEqual([{ ...record, body: text('') }])
    }
    expect(seal(rules, 'a line\nanother\n', 'text').toString()).toBe('\n\n')
  })
})

describe('what was done', () => {
  test('is counted by rule, and records are counted', () => {
    const engine = engineFor([
      { id: 'mails', detect: 'email', seal: { to: 'security' } },
      { id: 'pin', path: 'attributes.pin', mask: {} },
      { id: 'none', path: 'attributes.none', drop: {} },
    ])
    const lines = '{"k":"jane@example.com joe@example.com"}\n\n{"pin":1,"m":"jane@example.com"}\nplain\n'
    const sealed = engine.seal(Buffer.from(lines), 'json-lines')
    expect(sealed.records).toBe(3)
    expect(sealed.values).toEqual(
      new Map([
        ['mails', 3],
        ['pin', 1],
      ]),
    )
  })
})
