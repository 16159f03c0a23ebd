import { describe, expect, test } from 'vitest'
import { overlappingRecipients } from '../../../../rules/lint/checks/overlapping-recipients.ts'
import { unreachableRule } from '../../../../rules/lint/checks/unreachable-rule.ts'
import { found, KNOWN, places, type RuleParts, rulesOf } from '../linting.ts'

const FRAUD = { seal: { to: 'fraud' } } as const
const DPO = { seal: { to: 'dpo' } } as const
const EXCEPTION = { name: 'x', reason: 'r', owner: 'o', expires: '2027-01-01' } as const

const overlaps = (...rules: readonly RuleParts[]) => places(overlappingRecipients, rulesOf(...rules))
const unreachable = (...rules: readonly RuleParts[]) => places(unreachableRule, rulesOf(...rules))

describe('rules for different recipients', () => {
  test('must not seal the same detector’s findings in the same place', () => {
    expect(overlaps({ detect: 'email', ...FRAUD }, { detect: ['iban', 'email'], ...DPO })).toEqual(['b.seal.to'])
    expect(overlaps({ detect: 'email', ...FRAUD }, { detect: 'iban', ...DPO })).toEqual([])
  })

  test('must not seal the same whole value', () => {
    expect(overlaps({ path: 'attributes.*.email', ...FRAUD }, { path: 'attributes.user.*', ...DPO })).toEqual([
      'b.seal.to',
    ])
    expect(overlaps({ path: 'attributes.a', ...FRAUD }, { path: 'attributes.b', ...DPO })).toEqual([])
    expect(overlaps({ path: 'attributes.note', ...FRAUD }, { detect: 'email', ...DPO })).toEqual([])
  })

  test('must not seal what stands under the same key', () => {
    expect(overlaps({ key: '(?i)^(login|user)$', ...FRAUD }, { key: '^user_?name$|^user$', ...DPO })).toEqual([
      'b.seal.to',
    ])
    expect(overlaps({ key: '^login$', ...FRAUD }, { key: '^user$', ...DPO })).toEqual([])
    expect(overlaps({ key: '^email$', ...FRAUD }, { path: 'attributes.user.email', ...DPO })).toEqual(['b.seal.to'])
    expect(overlaps({ key: '^user\\.email$', ...FRAUD }, { path: 'attributes.user.email', ...DPO })).toEqual([
      'b.seal.to',
    ])
    expect(overlaps({ key: '^name$', ...FRAUD }, { path: 'attributes.user.email', ...DPO })).toEqual([])
    expect(overlaps({ key: '^expiry_year$', ...FRAUD }, { detect: 'card_expiry', ...DPO })).toEqual(['b.seal.to'])
  })

  test('must not have the same pattern', () => {
    expect(overlaps({ pattern: ['a', 'b'], ...FRAUD }, { pattern: 'b', ...DPO })).toEqual(['b.seal.to'])
    expect(overlaps({ pattern: 'a', ...FRAUD }, { pattern: 'b', ...DPO })).toEqual([])
  })

  test('are told where and for whom', () => {
    const file = rulesOf(
      { detect: 'email', path: 'body', ...FRAUD },
      { detect: 'email', seal: { to: ['dpo', 'security'] } },
    )
    expect(found(overlappingRecipients, file).map(({ message }) => message)).toEqual([
      'at body the rule "a" seals email for fraud, and this rule for dpo, security',
    ])
  })

  test('may be the same under other names, once the groups are known', () => {
    const file = rulesOf({ detect: 'email' }, { detect: 'email', seal: { to: ['dpo', 'security'] } })
    expect(places(overlappingRecipients, file)).toEqual(['b.seal.to'])
    expect(places(overlappingRecipients, file, { known: KNOWN })).toEqual([])
  })

  test('are kept apart by an exception for the place, while it lasts', () => {
    const narrow = { detect: 'email', path: 'attributes.pay.**', ...FRAUD } as const
    const wide = (exception: object) => ({ detect: 'email', ...DPO, except: [{ ...EXCEPTION, ...exception }] })
    expect(overlaps(narrow, wide({ path: 'attributes.pay.**' }))).toEqual([])
    expect(overlaps(narrow, wide({ path: 'attributes.**' }))).toEqual([])
    expect(overlaps(narrow, wide({ path: 'attributes.pay.*' }))).toEqual(['b.seal.to'])
    expect(overlaps(narrow, wide({ path: 'attributes.pay.**', pattern: 'x' }))).toEqual(['b.seal.to'])
    expect(overlaps(narrow, wide({ path: 'attributes.pay.**', expires: '2025-01-01' }))).toEqual(['b.seal.to'])
  })

  test('are kept apart by conditions that exclude each other, or by coming first with one', () => {
    const one: RuleParts = { detect: 'email', where: { 'resource.service.name': ['pay', 'shop'] }, ...FRAUD }
    const other = (names: string[]) => ({ detect: 'email', where: { 'resource.service.name': names }, ...DPO })
    expect(overlaps(one, other(['auth']))).toEqual([])
    expect(overlaps(one, other(['auth', 'shop']))).toEqual(['b.seal.to'])
    expect(overlaps(one, { detect: 'email', ...DPO })).toEqual([])
    expect(overlaps({ detect: 'email', ...DPO }, one)).toEqual(['b.seal.to'])
  })

  test('are let be while one of them only counts, and where the words differ', () => {
    const audit = { mode: 'audit', expires: '2026-12-31' } as const
    expect(overlaps({ detect: 'email', ...FRAUD, ...audit }, { detect: 'email', ...DPO })).toEqual([])
    expect(
      overlaps({ detect: 'email', ...FRAUD, ...audit, expires: '2026-01-01' }, { detect: 'email', ...DPO }),
    ).toEqual(['b.seal.to'])
    expect(overlaps({ detect: 'email', near: 'from', ...FRAUD }, { detect: 'email', near: 'to', ...DPO })).toEqual([])
    expect(overlaps({ detect: 'email', near: 'from', ...FRAUD }, { detect: 'email', ...DPO })).toEqual(['b.seal.to'])
  })

  test('are told of up to three for each rule', () => {
    const rules = Array.from({ length: 9 }, (_, index): RuleParts => ({ detect: 'email', seal: { to: `r${index}` } }))
    expect(overlaps(...rules).filter((place) => place.startsWith('i.'))).toHaveLength(3)
  })

  test('that do not seal have no recipients', () => {
    expect(
      overlaps({ detect: 'email', ...FRAUD }, { detect: 'email', drop: {} }, { detect: 'email', mask: {} }),
    ).toEqual([])
  })
})

describe('a rule never acts', () => {
  test('where one of the same action comes before it with all that it looks for', () => {
    expect(unreachable({ detect: ['email', 'iban'] }, { detect: 'email' })).toEqual(['b'])
    expect(unreachable({ detect: 'email' }, { detect: ['email', 'iban'] })).toEqual([])
    expect(unreachable({ pattern: ['a', 'b'] }, { pattern: 'a' })).toEqual(['b'])
  })

  test('where a stronger one takes it, before or behind it', () => {
    expect(unreachable({ detect: 'email', mask: {} }, { detect: 'email', drop: {} })).toEqual(['a'])
    expect(unreachable({ detect: 'email', drop: {} }, { detect: 'email', mask: {} })).toEqual(['b'])
    expect(unreachable({ detect: 'iban', hash: { key: 'k' } }, { detect: 'iban' })).toEqual(['a'])
  })

  test('where several take it together', () => {
    const file = rulesOf({ detect: 'email' }, { detect: 'iban', drop: {} }, { detect: ['email', 'iban'], mask: {} })
    expect(found(unreachableRule, file).map(({ index, message }) => [index, message])).toEqual([
      [2, 'everything that it could find is taken by "a" and "b"'],
    ])
  })

  test('where its places are among those of the other', () => {
    expect(unreachable({ path: 'attributes.user.**' }, { path: 'attributes.user.name' })).toEqual(['b'])
    expect(unreachable({ path: 'attributes.user.*' }, { path: 'attributes.user.**' })).toEqual([])
    expect(unreachable({ path: ['body.**', 'attributes.**', 'resource.**', 'scope.**'] }, { key: '^x$' })).toEqual([
      'b',
    ])
    expect(unreachable({ path: '**' }, { path: ['attributes.a', 'attributes.b'] })).toEqual(['b'])
  })

  test('where its keys are among those of the other', () => {
    expect(unreachable({ key: ['^a$', '^b$'] }, { key: '^b$' })).toEqual(['b'])
    expect(unreachable({ key: '^b$' }, { key: ['^a$', '^b$'] })).toEqual([])
    expect(unreachable({ key: '(?i)^mail$' }, { path: 'attributes.user.mail' })).toEqual(['b'])
    // A path does not tell small letters from capitals, and this pattern does.
    expect(unreachable({ key: '^mail$' }, { path: 'attributes.user.mail' })).toEqual([])
    expect(unreachable({ key: '^mail$' }, { detect: 'email' })).toEqual([])
  })

  test('where the value is taken whole, unless it may find something in the names of fields', () => {
    expect(unreachable({ path: 'attributes.**' }, { detect: 'email', path: 'attributes.note' })).toEqual(['b'])
    expect(unreachable({ path: 'attributes.**' }, { detect: 'email', path: 'attributes.notes.*' })).toEqual([])
    expect(unreachable({ detect: 'email', path: 'attributes.note' }, { path: 'attributes.note' })).toEqual([])
  })

  test('unless it takes the whole value where the other takes a part', () => {
    const whole = { to: 'default', text: 'whole' } as const
    expect(unreachable({ detect: 'email' }, { detect: 'email', seal: whole })).toEqual([])
    expect(unreachable({ detect: 'email', seal: whole }, { detect: 'email' })).toEqual(['b'])
    expect(unreachable({ detect: 'email', seal: whole }, { detect: 'email', seal: whole })).toEqual(['b'])
  })

  test('unless the other has exceptions, conditions or words that it has not, or only counts', () => {
    const later = { detect: 'email' } as const
    expect(unreachable({ detect: 'email', except: [{ ...EXCEPTION, pattern: 'x' }] }, later)).toEqual([])
    expect(
      unreachable({ detect: 'email', except: [{ ...EXCEPTION, pattern: 'x', expires: '2025-01-01' }] }, later),
    ).toEqual(['b'])
    expect(unreachable({ detect: 'email', where: { tag: 'x' } }, later)).toEqual([])
    expect(unreachable({ detect: 'email', where: { tag: 'x' } }, { ...later, where: { tag: 'x' } })).toEqual(['b'])
    expect(unreachable({ detect: 'email', near: 'from' }, later)).toEqual([])
    expect(unreachable(later, { ...later, near: 'from' })).toEqual(['b'])
    expect(unreachable({ detect: 'email', mode: 'audit', expires: '2026-12-31' }, later)).toEqual([])
  })

  test('is not said of a rule that only counts', () => {
    expect(unreachable({ detect: 'email' }, { detect: 'email', mode: 'audit', expires: '2026-12-31' })).toEqual([])
  })
})
