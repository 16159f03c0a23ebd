import { describe, expect, test } from 'vitest'
import type { RuleInput } from '../../../rules/schema/index.ts'
import { type Entries, text } from '../../conformance/model.ts'
import { WAYS } from '../../conformance/ways.ts'
import { EVERYONE, engineFor, envelopeOf, openAs, openRecord, SEALED, seal, sealRecord } from './fixtures.ts'

/** Personal data in keys. */

const SEAL: RuleInput[] = [{ id: 'mails', detect: 'email', seal: { to: 'security' } }]
const STRUCTURED = WAYS.filter(({ format }) => format !== 'text')

function written(way: (typeof WAYS)[number], attributes: Entries): Buffer {
  return way.write([{ resource: [], scope: [], body: undefined, attributes }])
}

describe('a key with personal data', () => {
  // Guard: `keyRules` of a path node, and NODE.KEY in its flags.
  test.each(STRUCTURED)('in $format becomes sealed:<id>, and its entry one sealed value', (way) => {
    const bytes = written(way, [
      ['users', { type: 'map', entries: [['jane@example.com', text('admin')]] }],
      ['of jane@example.com', text('x')],
    ])
    const sealed = engineFor(SEAL).seal(bytes, way.format).bytes
    expect(sealed.includes('jane')).toBe(false)
    const [record] = way.read(sealed)
    const [[, users], [key, value]] = record!.attributes as [Entries[number], Entries[number]]
    expect(key).toMatch(/^sealed:[\w-]{8}$/)
    const jwe = value.type === 'text' ? value.text : ''
    expect(JSON.parse(jwe).tag.slice(0, 8)).toBe(key.slice('sealed:'.length))
    const [[innerKey, inner]] = (users.type === 'map' ? users.entries : []) as unknown as [Entries[number]]
    expect(innerKey).toMatch(/^sealed:[\w-]{8}$/)
    // Where the path is shown the key is not.
    expect(envelopeOf(inner.type === 'text' ? inner.text : '').path).toBe('attributes.users.*')
    expect(openAs(['security'], sealed, way.format).bytes).toEqual(bytes)
  })

  test.each(STRUCTURED)('in $format is found whatever its value is, and if it has none', (way) => {
    for (const value of [
      text(''),
      { type: 'null' },
      { type: 'map', entries: [] },
      { type: 'array', values: [] },
    ] as const) {
      const bytes = written(way, [['jane@example.com', value]])
      const sealed = engineFor(SEAL).seal(bytes, way.format).bytes
      expect(sealed.includes('jane')).toBe(false)
      expect(openAs(['security'], sealed, way.format).bytes).toEqual(bytes)
    }
  })

  test('is not shown in the path of what lies below it', () => {
    const rules: RuleInput[] = [
      { id: 'pin', key: '^pin$', seal: { to: 'dpo' } },
      { ...SEAL[0]!, path: 'body' },
    ]
    const sealed = sealRecord(rules, { 'jane@example.com': { pin: 1 } }) as Record<string, { pin: string }>
    expect(envelopeOf(sealed['jane@example.com']!.pin).path).toBe('attributes.*.pin')
  })

  test('in whose scope no rule falls stays', () => {
    const record = { 'jane@example.com': 1 }
    expect(sealRecord([{ ...SEAL[0]!, path: 'body' }], record)).toEqual(record)
    expect(sealRecord([{ ...SEAL[0]!, path: 'attributes.a.**' }], record)).toEqual(record)
  })

  test.each([
    ['drop', { drop: {} }, {}],
    ['mask', { mask: {} }, { '****': 'x' }],
    ['hash', { hash: { key: 'k' } }, { [hashOf('jane@example.com')]: 'x' }],
  ] as const)('can be taken by %s', (_name, action, expected) => {
    expect(sealRecord([{ id: 'mails', detect: 'email', ...action }], { 'jane@example.com': 'x' })).toEqual(expected)
  })

  test('has the same pseudonym as the value', () => {
    const rules: RuleInput[] = [{ id: 'mails', detect: 'email', hash: { key: 'k' } }]
    const hash = hashOf('jane@example.com')
    expect(sealRecord(rules, { 'JANE@example.com': 'jane@example.com' })).toEqual({ [hash]: hash })
  })

  test('goes with its entry where the value is dropped', () => {
    const rules: RuleInput[] = [...SEAL, { id: 'drop', path: 'attributes.**', drop: {} }]
    expect(sealRecord(rules, { 'jane@example.com': 'x', a: { 'joe@example.com': 1 } })).toEqual({})
  })

  test('keeps what stronger rules have left of its value inside', () => {
    const rules: RuleInput[] = [
      { id: 'own', pattern: 'zq-[0-9]+', drop: {} },
      { id: 'cards', detect: 'payment_card', seal: { to: 'fraud' } },
      ...SEAL,
      { id: 'late', path: 'attributes.**', mask: {} },
    ]
    const sealed = sealRecord(rules, {
      'jane@example.com': { a: 'zq-1 and 4111111111111111 here', b: 'joe@example.com' },
    })
    expect(Object.keys(sealed)[0]).toMatch(/^sealed:/)
    const opened = openRecord(sealed, ['security']) as { 'jane@example.com': { a: string; b: string } }
    expect(opened['jane@example.com'].a).toMatch(/^\[dropped:own\] and \[sealed:payment_card:.{8}\/0\] here$/)
    expect(opened['jane@example.com'].b).toBe('joe@example.com')
    expect(openRecord(sealed, ['security', 'fraud'])).toEqual({
      'jane@example.com': { a: '[dropped:own] and 4111111111111111 here', b: 'joe@example.com' },
    })
  })

  test.each(STRUCTURED)('in $format and a rule that renames the entry agree on one sealed entry', (way) => {
    const bytes = written(way, [
      ['jane@example.com', text('joe@example.com')],
      ['b', text('c')],
    ])
    const rules: RuleInput[] = [{ id: 'x', path: '**', seal: { to: 'dpo', as: 'sibling' } }, ...SEAL]
    const sealed = engineFor(rules).seal(bytes, way.format).bytes
    const [record] = way.read(sealed)
    const keys = record!.attributes.map(([key]) => key)
    expect(keys).toEqual([expect.stringMatching(/^sealed:/), 'b.sealed'])
    expect(openAs(EVERYONE, sealed, way.format).bytes).toEqual(bytes)
  })
})

function hashOf(address: string): string {
  return String(sealRecord([{ id: 'mails', detect: 'email', hash: { key: 'k' } }], { k: address }).k)
}

describe('beyond the bound of path nodes', () => {
  const many = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`key${index}`, index]))
  const rules: RuleInput[] = [
    ...SEAL,
    { id: 'pin', path: '**.pin', mask: {} },
    { id: 'cards', detect: 'payment_card', mask: {} },
  ]

  // Guard: `#addChild` evaluates keys and scopes of nodes that are not kept like those of others.
  test('keys and paths are evaluated all the same, again in each batch', () => {
    const engine = engineFor(rules, { limits: { paths: 10 } })
    for (let round = 0; round < 3; round += 1) {
      const record = {
        ...many,
        'jane@example.com': 1,
        pin: 2,
        z: { 'joe@example.com': [{ pin: 3 }], b: '4111111111111111' },
      }
      const sealed = JSON.parse(engine.seal(Buffer.from(JSON.stringify(record)), 'json-lines').bytes.toString())
      expect(JSON.stringify(sealed)).not.toMatch(/@|4111/)
      expect(sealed.pin).toBe('****')
      // The entry is sealed as it was: a mask is weaker.
      const opened = openRecord(sealed)
      expect(opened).toEqual({ ...record, pin: '****', z: { 'joe@example.com': [{ pin: 3 }], b: '****' } })
    }
  })

  // Guard: nodes of one batch are forgotten (`beginBatch`), and never remembered as a sibling's `next`.
  test('what one batch had does not change what the next one gets', () => {
    const engine = engineFor(rules, { limits: { paths: 10 } })
    const first = { ...many, a: { pin: 1 } }
    const second = { ...many, a: { pun: 1 }, b: { pin: 2 } }
    for (const record of [first, second, first, second]) {
      const sealed = JSON.parse(engine.seal(Buffer.from(JSON.stringify(record)), 'json-lines').bytes.toString())
      const expected = JSON.parse(JSON.stringify(record).replace(/"pin":\d/g, '"pin":"****"'))
      expect(sealed).toEqual(expected)
    }
  })

  // Guard: `beginBatch`; without it the nodes of all batches together would soon be too many.
  test('nodes are forgotten with their batch, however many batches come', () => {
    const engine = engineFor([{ id: 'pin', path: 'attributes.pin', mask: {} }], { limits: { paths: 10 } })
    const line = Buffer.from(
      JSON.stringify(Object.fromEntries(Array.from({ length: 30_000 }, (_, at) => [`k${at}`, 1]))),
    )
    for (let batch = 0; batch < 10; batch += 1) expect(engine.seal(line, 'json-lines').bytes).toBe(line)
  })

  // Guard: keys longer than LONGEST_KEPT_KEY_BYTES are evaluated, though never kept.
  test('a very long key is evaluated', () => {
    const key = `${'x'.repeat(300)} jane@example.com`
    const sealed = seal(SEAL, JSON.stringify({ [key]: 1 }))
    expect(sealed.includes('jane')).toBe(false)
    expect(openAs(EVERYONE, sealed).bytes.toString()).toBe(JSON.stringify({ [key]: 1 }))
  })

  test('more distinct paths than there is room for in one batch are refused, not passed on', () => {
    const record = Object.fromEntries(Array.from({ length: 300_000 }, (_, index) => [`k${index}`, 1]))
    expect(() => seal(SEAL, JSON.stringify(record), 'json-lines', { limits: { paths: 10 } })).toThrow(/distinct paths/)
  })
})

test('a key is not searched for what a rule looks for under another key', () => {
  const rules: RuleInput[] = [{ id: 'mails', detect: 'email', key: '^user$', seal: { to: 'security' } }]
  expect(sealRecord(rules, { 'jane@example.com': 1 })).toEqual({ 'jane@example.com': 1 })
  expect(sealRecord(rules, { user: 'jane@example.com' }).user).toMatch(SEALED)
})
