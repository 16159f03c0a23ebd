import { describe, expect, test } from 'vitest'
import { createEngine, type EngineConfig } from '../../../processor/engine.ts'
import { generateKeyPair } from '../../../processor/jwe/private-keys.ts'

const READER = generateKeyPair('X25519', 'reader')
const CARD = '4111 1111 1111 1111'
const ADDRESS = 'jane.doe@example.org'

function engineOf(rules: EngineConfig['rules'], leakScan: EngineConfig['leakScan'] = { inline: 'report' }) {
  return createEngine({ recipients: { default: READER.publicJwk }, rules, ...(leakScan && { leakScan }) })
}

function scan(record: object, rules: EngineConfig['rules'] = [], leakScan?: EngineConfig['leakScan']) {
  const sealed = engineOf(rules, leakScan).seal(Buffer.from(JSON.stringify(record)), 'json-lines')
  const found = (sealed.leaks?.findings ?? []).map(({ detector, path, count }) => `${count} ${detector} ${path}`)
  return { found, text: sealed.bytes.toString(), leaks: sealed.leaks }
}

const seal = (id: string, rule: object) => ({ id, seal: { to: ['default'] }, ...rule }) as EngineConfig['rules'][number]

describe('what no rule acts on', () => {
  test('is counted by detector and path, and stays as it is', () => {
    const record = { msg: `card ${CARD}`, user: { email: ADDRESS }, list: [ADDRESS, 'x', ADDRESS] }
    const { found, text, leaks } = scan(record)
    expect(found.sort()).toEqual(['1 email attributes.user.email', '1 payment_card body', '2 email attributes.list[*]'])
    expect(JSON.parse(text)).toEqual(record)
    expect(leaks?.records).toEqual(new Map([['unknown', 1]]))
  })

  test('is counted where it is a number, under a key that says what it is, or in a key', () => {
    const record = { number: 4111111111111111, password: 'correct horse', [ADDRESS]: 'x', card: { pin: 1234 } }
    const { found } = scan(record)
    expect(found.sort()).toEqual([
      '1 email attributes.*',
      '1 password attributes.password',
      '1 payment_card attributes.number',
      '1 pin attributes.card.pin',
    ])
  })

  test('is nothing where there is nothing', () => {
    expect(scan({ level: 30, time: 1717171717, msg: 'request completed', status: 200 }).leaks).toBeUndefined()
  })

  test('is not looked at on paths that are ignored, nor by detectors that are not named', () => {
    const record = { msg: ADDRESS, a: { b: ADDRESS }, card: CARD }
    expect(scan(record, [], { inline: 'report', ignore: ['attributes.a.**'], detectors: ['email'] }).found).toEqual([
      '1 email body',
    ])
  })
})

describe('what a rule acts on', () => {
  test('is no leak, be it sealed, dropped, hashed or masked, whole or in part', () => {
    const rules = [
      seal('cards', { detect: ['payment_card'] }),
      { id: 'mails', detect: ['email'], mask: {} },
      { id: 'secrets', key: ['password'], drop: {} },
    ]
    const { found, text } = scan({ msg: `${CARD} of ${ADDRESS}`, password: 'hunter2', to: ADDRESS, card: CARD }, rules)
    expect(found).toEqual([])
    expect(text).not.toContain(ADDRESS)
  })

  test('is a leak where a part of it stays', () => {
    const rules = [seal('first', { pattern: 'jane' })]
    const { found, text } = scan({ msg: `${ADDRESS} and ${ADDRESS}` }, rules)
    expect(text).toContain('.doe@example.org')
    expect(found).toEqual(['2 email body'])
  })

  test('has nothing to do with what stands beside it', () => {
    const { found } = scan({ msg: `${CARD} of ${ADDRESS}` }, [seal('cards', { detect: ['payment_card'] })])
    expect(found).toEqual(['1 email body'])
  })

  test('is no leak in a second stage', () => {
    const rules = [
      seal('cards', { detect: ['payment_card'] }),
      { id: 'mails', detect: ['email'], mask: { keep_last: 4 } } as EngineConfig['rules'][number],
      { id: 'secrets', key: ['password'], mask: {} },
    ]
    const { text } = scan({ msg: `${CARD} of ${ADDRESS}`, password: 'hunter2', card: CARD }, rules)
    expect(scan(JSON.parse(text)).found).toEqual([])
  })
})

describe('a scan that seals', () => {
  test('seals for "default" what no rule has, and counts it', () => {
    const rules = [{ id: 'cards', detect: ['payment_card'], mask: {} } as EngineConfig['rules'][number]]
    const { found, text, leaks } = scan({ msg: `${CARD} of ${ADDRESS}`, to: ADDRESS }, rules, { inline: 'seal' })
    expect(text).not.toContain(ADDRESS)
    expect(text).toContain('****')
    expect(found.sort()).toEqual(['1 email attributes.to', '1 email body'])
    expect(leaks?.sealed).toEqual(new Map([['email', 2]]))
  })
})
