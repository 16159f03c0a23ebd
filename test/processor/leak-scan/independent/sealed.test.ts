import { describe, expect, test } from 'vitest'
import { DETECTORS } from '../../../../detectors/index.ts'
import { ownDetector } from '../../../../detectors/own.ts'
import type { RuleInput } from '../../../../rules/schema/index.ts'
import { CORPUS } from '../../../conformance/corpus.ts'
import { RULES } from '../../../conformance/rules.ts'
import { carried, WAYS } from '../../../conformance/ways.ts'
import { makeInput } from '../../../fuzz/inputs.ts'
import { coded } from '../../../fuzz/oracles.ts'
import { Random } from '../../../fuzz/random.ts'
import { engineFor, seal, sealRecord } from '../../engine/fixtures.ts'
import { leaksIn, leaksOf, scanFor } from './scans.ts'

const JANE = 'jane.doe@example.com'
const CARD = '4111111111111111'
/** Everything that the scan looks for. */
const WANTED = DETECTORS.filter(({ activation }) => activation !== 'off').map(({ name }) => name)
/** Detectors for which a rule may hash. */
const HASHED = DETECTORS.filter(({ activation, lowEntropy }) => activation !== 'off' && !lowEntropy)

const BY_ACTION: Readonly<Record<string, readonly RuleInput[]>> = {
  'sealed in parts': [{ id: 'all', detect: WANTED, seal: { to: 'all' } }],
  'sealed whole': [{ id: 'all', detect: WANTED, seal: { to: 'all', text: 'whole', as: 'sibling' } }],
  'sealed for one, compact': [{ id: 'all', detect: WANTED, seal: { to: 'dpo', serialization: 'compact' } }],
  dropped: [{ id: 'all', detect: WANTED, drop: {} }],
  masked: [{ id: 'all', detect: WANTED, mask: {} }],
  'masked, with some of it left': [{ id: 'all', detect: WANTED, mask: { keep_last: 8 } }],
  hashed: [
    { id: 'some', detect: HASHED.map(({ name }) => name), hash: { key: 'k' } },
    { id: 'others', detect: WANTED, drop: {} },
  ],
  'done to by every rule of the corpus': [...RULES, { id: 'all', detect: WANTED, seal: { to: 'all' } }].map((rule) => {
    const { except: _except, ...rest } = rule as RuleInput & { except?: unknown }
    return rest as RuleInput
  }),
}

describe.each(Object.entries(BY_ACTION))('what is %s', (_name, rules) => {
  const engines = [engineFor(rules), engineFor(rules, { layout: 'record' })]

  test.each(WAYS)('is no leak in $format', (way) => {
    const input = way.write(
      carried(
        way,
        CORPUS.map(({ record }) => record),
      ),
    )
    expect(scan.scan(input, way.format).leaks.size).toBeGreaterThan(3)
    for (const engine of engines) {
      const report = scan.scan(engine.seal(input, way.format).bytes, way.format)
      expect(leaksOf(report)).toEqual([])
      expect(report.unreadable).toBe(false)
    }
  })
})

const scan = scanFor()

/** What no rule alters, and readers of OTLP do not know. */
const OUT_OF_SIGHT = / (?:unknown|tag|severity|event_name|resource\.schema_url|scope\.(?:name|version|schema_url)) /

test.each(WAYS)('whatever records in $format are like, nothing is found in them once they are sealed', ({ format }) => {
  const engine = engineFor(BY_ACTION['sealed in parts']!)
  const random = new Random(7)
  let found = 0
  for (let i = 0; i < 60; i += 1) {
    const input = makeInput(random, format)
    const sealed = coded(() => engine.seal(input, format))
    if (sealed === undefined) continue
    found += scan.scan(input, format).leaks.size
    const report = scan.scan(sealed.bytes, format)
    const inSight = leaksOf(report).filter((leak) => !OUT_OF_SIGHT.test(leak))
    expect({ i, inSight }).toEqual({ i, inSight: [] })
  }
  expect(found).toBeGreaterThan(20)
})

describe('what only looks like the work of Fieldseal', () => {
  const list = (record: object) => JSON.stringify(record)

  test('placeholders count with an id of the list of their own record alone', () => {
    const record = sealRecord([{ id: 'all', detect: 'email', seal: { to: 'dpo' } }], { msg: `of ${JANE}` })
    const own = ownDetector({
      name: 'own',
      title: 'own',
      finds: '',
      patterns: ['sealed:email'],
      alone: false,
      gate: undefined,
      lowEntropy: false,
    })
    const find = (line: object) => leaksOf(scanFor([own]).scan(Buffer.from(list(line)), 'json-lines'))
    expect(find(record)).toEqual([])
    expect(find({ msg: record.msg })).toEqual(['own body  1'])
    expect(find({ ...record, msg: { deep: record.msg } })).toEqual([])
    expect(find({ msg: record.msg, x: { 'fieldseal.sealed': record['fieldseal.sealed'] } })).toEqual(['own body  1'])
  })

  test('a sealed value is one for whom the configuration knows', () => {
    const record = sealRecord([{ id: 'all', key: 'password', seal: { to: 'dpo' } }], { password: 'x' })
    expect(leaksIn(list(record))).toEqual([])
    const stranger = scanFor(undefined, { knownKids: new Set(['somebody']) })
    expect(leaksOf(stranger.scan(Buffer.from(list(record)), 'json-lines'))).toContain('password attributes.password  1')
    expect(leaksIn(list({ password: String(record.password).replace('"tag"', ' "tag"') }))).toContain(
      'password attributes.password  1',
    )
  })

  test('a placeholder, a pseudonym or a mask that hides something hides nothing', () => {
    expect(leaksIn(list({ msg: `[sealed:${CARD}:AAAAAAAA/0]` }))).toEqual(['payment_card body  1'])
    expect(leaksIn(list({ msg: `[dropped:${CARD}]` }))).toEqual(['payment_card body  1'])
    expect(leaksIn(list({ msg: `hmac-sha256:${CARD}:${'a'.repeat(22)}` }))).toEqual(['payment_card body  1'])
    expect(leaksIn(list({ msg: `****${JANE}` }))).toEqual(['email body  1'])
    expect(leaksIn(list({ password: `****${'x'.repeat(9)}` }))).toEqual(['password attributes.password  1'])
  })

  test('a value known by its key is done with where nothing else is left of it', () => {
    const pseudonym = `hmac-sha256:k:${'a'.repeat(22)}`
    for (const password of ['', '****', '****abcd', pseudonym, '[dropped:password]', `****${pseudonym}****`])
      expect(leaksIn(list({ password }))).toEqual([])
    for (const password of [`${pseudonym}x`, `x${pseudonym}`, 'x', '*'])
      expect(leaksIn(list({ password }))).toContain('password attributes.password  1')
  })

  test('a key that was sealed with its value is known by the value alone', () => {
    const rules: RuleInput[] = [{ id: 'all', detect: 'email', seal: { to: 'dpo' } }]
    const sealed = JSON.parse(seal(rules, list({ users: { [JANE]: { role: 'x' } } })).toString())
    expect(Object.keys(sealed.users)[0]).toMatch(/^sealed:/)
    expect(leaksIn(list(sealed))).toEqual([])
  })
})
