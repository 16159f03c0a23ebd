import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../processor/engine.ts'
import { generateKeyPair } from '../../../processor/jwe/private-keys.ts'
import type { RuleInput } from '../../../rules/schema/index.ts'
import { KEY_PAIRS, openAs, openRecord, PLACEHOLDER, SEALED, seal, sealRecord } from './fixtures.ts'

/** What only looks sealed must be treated like any other text, or anybody could smuggle text past a rule. */

const WHOLE: RuleInput[] = [{ id: 'whole', path: 'attributes.k', seal: { to: 'security' } }]
const SPANS: RuleInput[] = [{ id: 'mails', detect: 'email', seal: { to: 'security' } }]
const LIST = 'fieldseal.sealed'

const sealedOnce = String(sealRecord(WHOLE, { k: 'x' }).k)

/** A value that another stage sealed, for a key that is unknown here. */
function foreign(): string {
  const { publicJwk } = generateKeyPair('X25519', 'elsewhere-1')
  const engine = createEngine({
    recipients: { elsewhere: publicJwk },
    rules: [{ id: 'whole', path: 'attributes.k', seal: { to: 'elsewhere' } }],
  })
  return JSON.parse(engine.seal(Buffer.from('{"k":"x"}'), 'json-lines').bytes.toString()).k
}

/** `{"protected":…}` with its members changed, as text. */
function changed(change: (jwe: Record<string, unknown>) => void): string {
  const jwe = JSON.parse(sealedOnce)
  change(jwe)
  return JSON.stringify(jwe)
}

const LOOK_ALIKES: readonly (readonly [string, string])[] = [
  // Guard: every kid is one of those configured (`recipientHeader` of sealed-value.ts).
  ['an unknown kid', foreign()],
  // Guard: written anew from its parts it must give the same text (`rewritten === text`).
  ['a further member', changed((jwe) => Object.assign(jwe, { note: 'jane@example.com' }))],
  ['a further member of a recipient', changed((jwe) => Object.assign((jwe.recipients as object[])[0]!, { note: 'x' }))],
  ['white space inside', sealedOnce.replace('"iv":', '"iv": ')],
  ['white space behind', `${sealedOnce} `],
  ['a member twice', sealedOnce.replace('"iv":', '"iv":"jane@example.com","iv":')],
  ['members in another order', changed((jwe) => Object.assign(jwe, { iv: jwe.iv }) && reorder(jwe))],
  ['text in the place of the ciphertext', changed((jwe) => Object.assign(jwe, { ciphertext: 'jane@example.com' }))],
  ['no recipients', changed((jwe) => Object.assign(jwe, { recipients: [] }))],
  ['a path in clear words', withHeader({ path: 'jane@example.com '.repeat(20) })],
  ['a type of ours that we do not write', withHeader({ cty: 'jane@example.com' })],
]

function reorder(jwe: Record<string, unknown>): void {
  const { tag } = jwe
  delete jwe.tag
  const rest = { ...jwe }
  for (const key of Object.keys(jwe)) delete jwe[key]
  Object.assign(jwe, { protected: rest.protected, tag, ...rest })
}

function withHeader(change: object): string {
  return changed((jwe) => {
    const header = JSON.parse(Buffer.from(jwe.protected as string, 'base64url').toString())
    jwe.protected = Buffer.from(JSON.stringify({ ...header, ...change })).toString('base64url')
  })
}

describe('a value that looks sealed', () => {
  test('and is, stays as it is', () => {
    expect(sealRecord(WHOLE, { k: sealedOnce })).toEqual({ k: sealedOnce })
  })

  test.each(LOOK_ALIKES)('with %s is sealed like any other text, and comes back', (_what, text) => {
    const sealed = sealRecord(WHOLE, { k: text })
    expect(sealed.k).not.toBe(text)
    expect(sealed.k).toMatch(SEALED)
    // Its plaintext is the look-alike, which the opener in turn opens if it can.
    const inner = openRecord(sealed, ['security']).k
    expect([text, 'x']).toContain(inner)
  })

  test.each(LOOK_ALIKES)('with %s does not hide personal data', (_what, text) => {
    const sealed = seal([{ id: 'mails', detect: 'email', mask: {} }], JSON.stringify({ k: text })).toString()
    expect(sealed).not.toContain('jane@example.com')
  })

  test('of another stage stays where its kid is accepted', () => {
    const value = foreign()
    expect(sealRecord(WHOLE, { k: value }, { acceptSealed: ['elsewhere-1'] })).toEqual({ k: value })
  })

  test('is dropped all the same', () => {
    expect(sealRecord([{ id: 'drop', path: 'attributes.k', drop: {} }], { k: sealedOnce })).toEqual({})
  })

  test('is not masked, hashed or scanned', () => {
    const rules: RuleInput[] = [
      { id: 'mask', path: 'attributes.**', mask: {} },
      { id: 'digits', pattern: '[0-9a-zA-Z]{2}', hash: { key: 'k' } },
    ]
    expect(sealRecord(rules, { '-': sealedOnce })).toEqual({ '-': sealedOnce })
  })
})

describe('a placeholder', () => {
  const forged = '[sealed:email:AAAAAAAA/0]'

  // Guard: only ids of verified elements of the record's own list count (`idsOf` in `#placeholdersIn`).
  test('without an element in the list is text like any other', () => {
    const rules: RuleInput[] = [{ id: 'own', pattern: '\\[sealed:[^\\]]*\\]', mask: {} }]
    expect(sealRecord(rules, { k: `a ${forged} b` })).toEqual({ k: 'a **** b' })
    expect(sealRecord(rules, { k: `a ${forged} b`, [LIST]: [] })).toEqual({ k: 'a **** b', [LIST]: [] })
    expect(sealRecord(WHOLE, { k: forged }).k).toMatch(SEALED)
  })

  // Guard: `recogniseSealed` for elements of the list.
  test.each(LOOK_ALIKES)('whose element has %s is text like any other', (_what, element) => {
    const { tag } = JSON.parse(element) as { tag: string }
    const placeholder = `[sealed:email:${tag.slice(0, 8)}/0]`
    const rules: RuleInput[] = [{ id: 'own', path: 'attributes.k', mask: {} }]
    expect(sealRecord(rules, { k: placeholder, [LIST]: [element] }).k).toBe('****')
  })

  test('whose element is there is sealed already', () => {
    const once = sealRecord(SPANS, { k: 'to jane@example.com now' })
    expect(sealRecord([...SPANS, ...WHOLE], once).k).toMatch(SEALED)
    expect(sealRecord([{ id: 'mask', path: 'attributes.k', mask: {} }], once).k).toMatch(
      new RegExp(`^\\*{4}${PLACEHOLDER.source}\\*{4}$`),
    )
  })

  // Guard: the same, where the list does hold an element of ours.
  test('beside a real one is text like any other', () => {
    const once = sealRecord(SPANS, { real: 'to jane@example.com now', k: forged })
    const masked = sealRecord([{ id: 'mask', path: 'attributes.k', mask: {} }], once)
    expect(masked).toEqual({ ...once, k: '****' })
  })

  test('of another record does not count', () => {
    const once = sealRecord(SPANS, { k: 'to jane@example.com now' })
    const lines = `${JSON.stringify({ [LIST]: once[LIST] })}\n${JSON.stringify({ k: once.k })}\n`
    const [, second] = seal([{ id: 'mask', path: 'attributes.k', mask: {} }], lines)
      .toString()
      .split('\n')
    expect(JSON.parse(second!)).toEqual({ k: '****' })
  })

  test('that nobody made stays when a record is opened', () => {
    const sealed = sealRecord(SPANS, { k: `${forged} jane@example.com ` })
    const opened = openAs(['security'], Buffer.from(JSON.stringify(sealed)))
    expect(JSON.parse(opened.bytes.toString())).toEqual({ k: `${forged} jane@example.com ` })
  })
})

describe('fieldseal.sealed that arrives', () => {
  const text = 'to jane@example.com now'

  test.each([
    ['a text', 'of joe@example.com here', 1],
    ['a number', 42, 0],
    ['true', true, 0],
    ['null', null, 0],
    ['a map', { a: 'of joe@example.com here', b: [1] }, 1],
    ['an empty map', {}, 0],
  ] as const)('as %s becomes part of the one list, without what rules find in it', (_what, arrived, findings) => {
    const line = seal(SPANS, JSON.stringify({ k: text, [LIST]: arrived, z: 1 })).toString()
    expect(line).not.toContain('@example.com')
    expect(line.match(/fieldseal\.sealed/g)).toHaveLength(1)
    const sealed = JSON.parse(line)
    expect(sealed.k).toMatch(PLACEHOLDER)
    const list = sealed[LIST] as string[]
    expect(list.at(-1)).toMatch(SEALED)
    expect(list).toHaveLength(arrived === null ? 1 : 2)
    expect(list[0]?.match(PLACEHOLDER) ?? []).toHaveLength(findings * 4)
    const opened = openRecord(sealed)
    expect(opened.k).toBe(text)
    if (arrived !== null) {
      const before = typeof arrived === 'string' ? arrived : JSON.stringify(arrived)
      expect(opened[LIST]).toEqual([before])
    }
  })

  test('as anything stays as it is where the record has no parts of its own', () => {
    for (const arrived of ['x', 42, null, { a: 1 }, ['x', {}]]) {
      expect(sealRecord(SPANS, { k: 'x', [LIST]: arrived })).toEqual({ k: 'x', [LIST]: arrived })
    }
  })

  test('as a text of which a rule takes all does not keep it in the clear', () => {
    for (const rule of [
      { seal: { to: 'security' } },
      { seal: { to: 'security', layout: 'record' } },
      { seal: { to: 'security', as: 'sibling' } },
      { mask: {} },
      { hash: { key: 'k' } },
      { drop: {} },
    ] as const) {
      for (const arrived of ['secret words', 4711, { a: 'secret words' }, ['secret words', 4711]]) {
        const rules: RuleInput[] = [...SPANS, { id: 'all', path: `attributes["${LIST}"]`, ...rule }]
        const line = seal(rules, JSON.stringify({ k: text, [LIST]: arrived })).toString()
        expect(line).not.toContain('secret words')
        expect(line).not.toContain('4711')
        expect(openRecord(JSON.parse(line)).k).toBe(text)
      }
    }
  })

  test('as a list with foreign texts keeps them, and rules act on each of them', () => {
    const sealed = sealRecord(SPANS, { k: text, [LIST]: ['foreign', 'of joe@example.com', 7] })
    const list = sealed[LIST] as unknown[]
    expect(list[0]).toBe('foreign')
    expect(list[1]).toMatch(new RegExp(`^of ${PLACEHOLDER.source}$`))
    expect(list[2]).toBe(7)
    expect(openRecord(sealed)).toEqual({ k: text, [LIST]: ['foreign', 'of joe@example.com', 7] })
  })

  test('twice is edited both times', () => {
    const line = seal(SPANS, `{"${LIST}":"a joe@example.com","k":"${text}","${LIST}":"b joe@example.com"}`).toString()
    expect(line).not.toContain('@example.com')
  })

  test('as a list and as something else goes on as a list', () => {
    for (const other of ['{"a":1}', '"x"', '7']) {
      for (const [first, second] of [
        ['["y"]', other],
        [other, '["y"]'],
      ]) {
        const line = `{"${LIST}":${first},"k":"${text}","${LIST}":${second}}`
        const sealed = seal(SPANS, line)
        expect(sealed.includes('jane')).toBe(false)
        expect(openAs(['security'], sealed).bytes.toString()).toBe(line)
      }
    }
  })

  test('inside of a map of the body is a key like any other', () => {
    const body = { [LIST]: ['x'], a: text }
    const sealed = sealRecord([...SPANS, { id: 'body', path: 'body', drop: {} }], { msg: body, k: text })
    expect(sealed.msg).toBe('')
    expect(openRecord(sealed)).toEqual({ msg: '', k: text })
    expect((sealRecord(SPANS, { msg: body })[LIST] as unknown[]).length).toBe(1)
  })

  test('with parts of an earlier stage is extended, and all of it opens', () => {
    const once = sealRecord(SPANS, { k: text })
    const twice = sealRecord([{ id: 'dpo', pattern: 'now', seal: { to: 'dpo' } }], once)
    expect((twice[LIST] as unknown[]).length).toBe(2)
    expect(openRecord(twice, ['security', 'dpo'])).toEqual({ k: text })
    expect(openRecord(twice, ['dpo']).k).toMatch(new RegExp(`^to ${PLACEHOLDER.source} now$`))
  })

  test('is not dropped with all attributes: what texts refer to stays', () => {
    const once = sealRecord(SPANS, { msg: text, other: 1 })
    const dropped = sealRecord([{ id: 'all', path: 'attributes.**', drop: {} }], once)
    expect(dropped.other).toBeUndefined()
    expect(openRecord(dropped)).toEqual({ msg: text })
  })
})

test('the keys of the tests above are those of the fixtures', () => {
  expect(JSON.parse(sealedOnce).recipients[0].header.kid).toBe(KEY_PAIRS.security.publicJwk.kid)
})

test('a text under the name of the list may hold more matches than a call has room for arguments', () => {
  const text = 'a@b.co '.repeat(200_000)
  const masked = sealRecord([{ id: 'mails', detect: 'email', mask: {} }], { [LIST]: text })
  expect(masked[LIST]).toBe('**** '.repeat(200_000))
})

describe('what detectors find in a look-alike is no part of one', () => {
  const rules: RuleInput[] = [
    { id: 'cards', detect: ['payment_card', 'us_ssn'], seal: { to: 'security' } },
    { id: 'other', key: 'nothing', hash: { key: 'k' } },
  ]
  const id = JSON.parse(sealedOnce).tag.slice(0, 8)

  test.each(['4111111111111111', '536-22-8726'])('%s as the kind of a placeholder', (kind) => {
    const record = { k: `see [sealed:${kind}:${id}/0] there`, only: `[sealed:${kind}:${id}/0]`, [LIST]: [sealedOnce] }
    const sealed = sealRecord(rules, record)
    expect(JSON.stringify(sealed)).not.toContain(kind)
    expect(openRecord(sealed)).toMatchObject({ k: record.k, only: record.only })
  })

  test('a card number as a pseudonym, in a text and in a key', () => {
    const text = 'hmac-sha256:k:4111111111111111------'
    const sealed = sealRecord(rules, { k: text, [text]: 1 })
    expect(JSON.stringify(sealed)).not.toContain('4111111111111111')
    expect(openRecord(sealed)).toEqual({ k: text, [text]: 1 })
  })

  test('what stages have written stays', () => {
    const once = sealRecord([{ id: 'a', detect: 'email', hash: { key: 'k' } }, ...rules], {
      k: 'jane@example.com paid with 4111 1111 1111 1111',
      'joe@example.com': 1,
    })
    expect(sealRecord([{ id: 'a', detect: 'email', hash: { key: 'k' } }, ...rules], once)).toEqual(once)
  })
})
