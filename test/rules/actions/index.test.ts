import { createSecretKey } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { actionOf } from '../../../rules/actions/index.ts'
import { type RuleInput, ruleSchema } from '../../../rules/schema/index.ts'

const KEYS = new Map([['pseudonyms', createSecretKey(Buffer.alloc(32))]])
const action = (rule: Omit<RuleInput, 'id' | 'path'>) =>
  actionOf(ruleSchema.parse({ id: 'r', path: 'body', ...rule }), KEYS)

describe('the action of a rule', () => {
  test('that drops says what stands for a part of a text', () => {
    const drop = action({ drop: {} })
    expect(drop).toMatchObject({ name: 'drop', rank: 0, removes: true, deferred: false })
    const replaced = drop?.deferred === false && drop.replace({ kind: 'email', text: 'x', normalise: (text) => text })
    expect(replaced).toBe('[dropped:email]')
  })

  test('that seals has what the rule says, and the defaults of a rule', () => {
    expect(action({ seal: { to: 'security' } })).toEqual({
      name: 'seal',
      rank: 1,
      deferred: true,
      to: ['security'],
      text: 'span',
      layout: undefined,
      as: 'string',
      serialization: 'general',
      strict: undefined,
    })
    const all = {
      to: ['a', 'b'],
      text: 'whole',
      layout: 'record',
      as: 'sibling',
      serialization: 'compact',
      strict: true,
    } as const
    expect(action({ seal: { ...all, to: [...all.to] } })).toMatchObject(all)
  })

  test('that hashes needs its key', () => {
    expect(action({ hash: { key: 'pseudonyms' } })).toMatchObject({ name: 'hash', rank: 2 })
    expect(action({ hash: { key: 'other' } })).toBeUndefined()
  })

  test('that destroys comes before what seals, and that before what others can read', () => {
    const ranks = [{ drop: {} }, { seal: { to: 'x' } }, { hash: { key: 'pseudonyms' } }, { mask: {} }].map(
      (rule) => action(rule)!.rank,
    )
    expect(ranks).toEqual([0, 1, 2, 3])
  })
})
