import { describe, expect, test } from 'vitest'
import type { RuleInput } from '../../../rules/schema/index.ts'
import { envelopeOf, openRecord, PLACEHOLDER, SEALED, sealRecord } from './fixtures.ts'

const DROP = { drop: {} } as const
const SEAL = { seal: { to: 'security' } } as const
const HASH = { hash: { key: 'k' } } as const
const MASK = { mask: {} } as const
const HASHED = /^hmac-sha256:k:[\w-]{22}$/

/** From the strongest to the weakest, with what a text of which they take all becomes. */
const ACTIONS = [
  ['drop', DROP, undefined],
  ['seal', SEAL, SEALED],
  ['hash', HASH, HASHED],
  ['mask', MASK, /^\*{4}$/],
] as const

const PAIRS = ACTIONS.flatMap(([strong, action, result], index) =>
  ACTIONS.slice(index + 1).map(([weak, other]) => ({ strong, weak, action, other, result })),
)

function expectResult(value: unknown, result: RegExp | undefined): void {
  if (result === undefined) expect(value).toBeUndefined()
  else expect(value).toMatch(result)
}

describe.each(PAIRS)('$strong over $weak', ({ action, other, result }) => {
  const whole = { path: 'attributes.k' }

  test.each([[0], [1]])('on a whole value, in either order of the rules (%i)', (first) => {
    const rules: RuleInput[] = [
      { id: 'a', ...whole, ...(first === 0 ? action : other) },
      { id: 'b', ...whole, ...(first === 0 ? other : action) },
    ]
    for (const value of ['text', 4711]) expectResult(sealRecord(rules, { k: value }).k, result)
  })

  test('on the same span', () => {
    const rules: RuleInput[] = [
      { id: 'weak', pattern: 'zq-[0-9]+', ...other },
      { id: 'strong', pattern: 'zq-[0-9]+', ...action },
    ]
    const value = String(sealRecord(rules, { k: 'a zq-1 b' }).k)
    const alone = String(sealRecord([rules[1]!], { k: 'a zq-1 b' }).k)
    expect(value.replace(PLACEHOLDER, 'P')).toBe(alone.replace(PLACEHOLDER, 'P'))
  })

  test('where spans overlap: the stronger has its own, the weaker what remains', () => {
    const rules: RuleInput[] = [
      { id: 'weak', pattern: 'ab.*ef', ...other },
      { id: 'strong', pattern: 'cdefgh', ...action },
    ]
    const value = String(sealRecord(rules, { k: '-abcdefghi-' }).k)
    const only = (rule: RuleInput, text: string) =>
      String(sealRecord([{ ...rule, pattern: text }], { k: `-${text}-` }).k).slice(1, -1)
    const expected = `-${only(rules[0]!, 'ab')}${only(rules[1]!, 'cdefgh')}i-`
    expect(value.replaceAll(new RegExp(PLACEHOLDER, 'g'), 'P')).toBe(
      expected.replaceAll(new RegExp(PLACEHOLDER, 'g'), 'P'),
    )
  })
})

describe('rules of the same action', () => {
  test('that overlap with different recipients: the first has its span, the other the rest', () => {
    const rules: RuleInput[] = [
      { id: 'first', pattern: 'cdef', seal: { to: 'security' } },
      { id: 'second', pattern: 'abcdefgh', seal: { to: 'dpo' } },
    ]
    const sealed = sealRecord(rules, { k: '-abcdefgh-' })
    expect(String(sealed.k)).toMatch(/^-\[sealed:second:.{8}\/0\]\[sealed:first:.{8}\/0\]\[sealed:second:.{8}\/1\]-$/)
    expect(openRecord(sealed, ['security']).k).toMatch(/^-\[sealed:second:.{8}\/0\]cdef\[sealed:second:.{8}\/1\]-$/)
    expect(openRecord(sealed, ['dpo']).k).toMatch(/^-ab\[sealed:first:.{8}\/0\]gh-$/)
    expect(openRecord(sealed, ['dpo', 'security'])).toEqual({ k: '-abcdefgh-' })
  })

  test('for a whole value: the first in file order has it', () => {
    const rules: RuleInput[] = [
      { id: 'first', path: 'attributes.**', seal: { to: 'dpo' } },
      { id: 'second', path: 'attributes.k', seal: { to: 'security' } },
    ]
    expect(envelopeOf(sealRecord(rules, { k: 1 }).k).kids).toEqual(['dpo-1'])
  })
})

describe('a container that a rule takes whole', () => {
  const map = { a: { code: '123', mail: 'to jane@example.com', n: 7 }, list: [1, 'zq-1', { code: 9 }] }
  const whole = { id: 'whole', path: 'attributes.k', seal: { to: 'security' } } as const

  test('comes back as it was', () => {
    const sealed = sealRecord([whole], { k: map, z: 1 })
    expect(envelopeOf(sealed.k)).toEqual({ cty: 'json', path: 'attributes.k', kids: ['security-1'] })
    expect(openRecord(sealed)).toEqual({ k: map, z: 1 })
  })

  test('does not hold what a stronger rule drops inside', () => {
    const opened = openRecord(sealRecord([whole, { id: 'code', key: '^code$', drop: {} }], { k: map }))
    expect(opened).toEqual({ k: { a: { mail: 'to jane@example.com', n: 7 }, list: [1, 'zq-1', {}] } })
  })

  test('holds sealed what an earlier rule seals for others', () => {
    const rules: RuleInput[] = [
      { id: 'code', key: '^code$', seal: { to: 'dpo' } },
      { id: 'mail', detect: 'email', seal: { to: 'fraud' } },
      whole,
    ]
    const sealed = sealRecord(rules, { k: map })
    const opened = openRecord(sealed, ['security']) as { k: typeof map }
    expect(opened.k.a.code).toMatch(SEALED)
    expect(opened.k.a.mail).toMatch(new RegExp(`^to ${PLACEHOLDER.source}$`))
    expect(opened.k.a.n).toBe(7)
    expect((opened.k.list[2] as { code: unknown }).code).toMatch(SEALED)
    expect(openRecord(sealed)).toEqual({ k: map })
  })

  test('takes what a later rule of the same rank would have sealed inside', () => {
    const sealed = sealRecord([whole, { id: 'code', key: '^code$', seal: { to: 'dpo' } }], { k: map })
    expect(openRecord(sealed, ['security'])).toEqual({ k: map })
  })

  test('takes what weaker rules would have changed inside', () => {
    const rules: RuleInput[] = [
      { id: 'mask', pattern: 'zq-[0-9]', mask: {} },
      { id: 'hash', path: 'attributes.k.a.n', hash: { key: 'k' } },
      whole,
    ]
    expect(openRecord(sealRecord(rules, { k: map }))).toEqual({ k: map })
  })

  test('is dropped whole, whatever is sealed inside', () => {
    const rules: RuleInput[] = [
      { id: 'mail', detect: 'email', seal: { to: 'fraud' } },
      { id: 'drop', path: 'attributes.k', drop: {} },
    ]
    expect(sealRecord(rules, { k: map, z: 1 })).toEqual({ z: 1 })
  })

  test('hands hash and mask down to each value in it', () => {
    const masked = sealRecord([{ id: 'mask', path: 'attributes.k', mask: {} }], { k: map })
    expect(masked).toEqual({
      k: { a: { code: '****', mail: '****', n: '****' }, list: ['****', '****', { code: '****' }] },
    })
    const hashed = sealRecord([{ id: 'hash', path: 'attributes.k', hash: { key: 'k' } }], { k: map }) as {
      k: typeof map
    }
    expect(hashed.k.a.mail).toMatch(HASHED)
    expect(hashed.k.list[0]).toMatch(HASHED)
  })

  test('inside of one that an earlier rule takes is sealed inside for its own recipients', () => {
    const rules: RuleInput[] = [
      { id: 'inner', path: 'attributes.k.a', seal: { to: 'dpo' } },
      { id: 'outer', path: 'attributes.k', seal: { to: 'security' } },
    ]
    const sealed = sealRecord(rules, { k: map })
    expect(envelopeOf((openRecord(sealed, ['security']) as { k: typeof map }).k.a).kids).toEqual(['dpo-1'])
    expect(openRecord(sealed)).toEqual({ k: map })
  })
})

describe('a whole text in which other rules find parts', () => {
  test('keeps dropped parts out of what is sealed', () => {
    const rules: RuleInput[] = [
      { id: 'own', pattern: 'zq-[0-9]+', drop: {} },
      { id: 'whole', path: 'attributes.k', seal: { to: 'security' } },
    ]
    const sealed = sealRecord(rules, { k: 'a zq-1 b' })
    expect(sealed.k).toMatch(SEALED)
    expect(openRecord(sealed)).toEqual({ k: 'a [dropped:own] b' })
  })

  test('keeps sealed what an earlier rule seals for others', () => {
    const rules: RuleInput[] = [
      { id: 'mail', detect: 'email', seal: { to: 'dpo' } },
      { id: 'whole', path: 'attributes.k', seal: { to: 'security' } },
    ]
    const sealed = sealRecord(rules, { k: 'to jane@example.com now' })
    expect(openRecord(sealed, ['security']).k).toMatch(new RegExp(`^to ${PLACEHOLDER.source} now$`))
    expect(openRecord(sealed)).toEqual({ k: 'to jane@example.com now' })
  })

  test('is masked or hashed around stronger parts', () => {
    const parts: RuleInput[] = [
      { id: 'mail', detect: 'email', seal: { to: 'dpo' } },
      { id: 'own', pattern: 'zq-[0-9]+', drop: {} },
    ]
    const masked = sealRecord([...parts, { id: 'mask', path: 'attributes.k', mask: {} }], {
      k: 'to jane@example.com, zq-1',
    })
    expect(masked.k).toMatch(new RegExp(`^\\*{4}${PLACEHOLDER.source}\\*{4}\\[dropped:own\\]$`))
    const hashed = sealRecord([...parts, { id: 'hash', path: 'attributes.k', hash: { key: 'k' } }], { k: 'zq-1 zq-2' })
    expect(hashed.k).toMatch(/^\[dropped:own\]hmac-sha256:k:[\w-]{22}\[dropped:own\]$/)
  })
})
