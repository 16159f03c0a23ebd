import { deepStrictEqual } from 'node:assert'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { openObject } from '../../../processor/open.ts'
import type { RuleInput } from '../../../rules/schema/index.ts'
import { logRecord } from '../../arbitraries/records.ts'
import { anyRules, sealRules } from '../../arbitraries/rules.ts'
import { fromJsonLines, toJsonLines } from '../../conformance/json-lines-way.ts'
import type { LogRecord } from '../../conformance/model.ts'
import { normalised } from '../../conformance/normalised.ts'
import { carriedAsObjects, LOGGER_WAY, OBJECT_WAYS, type ObjectWay, SDK_WAY } from '../../conformance/object-ways.ts'
import { WAYS } from '../../conformance/ways.ts'
import { EVERYONE, engineFor, KEY_PAIRS } from './fixtures.ts'

const PLANTED =
  /jane\d{6}@plant\.example|zq-\d{6}|4111111111111111|5555555555554444|378282246310005|6011 1111 1111 1117/g

/** They find all that is planted. */
const COVERING: readonly RuleInput[] = [
  { id: 'mails', detect: 'email', seal: { to: 'all' } },
  { id: 'cards', detect: 'payment_card', seal: { to: 'dpo', layout: 'record' } },
  { id: 'own', pattern: 'zq-[0-9]{6}', hash: { key: 'k' } },
]

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
    for (const inner of Object.values(value)) frozen(inner)
    Object.freeze(value)
  }
  return value
}

/** Everything that can be read of a value, as texts; JSON lacks bytes and bigints. */
function readable(value: unknown): string {
  return JSON.stringify(value, (_, inner) => {
    if (typeof inner === 'bigint') return String(inner)
    return inner?.type === 'Buffer' ? Buffer.from(inner.data).toString() : inner
  })
}

function record(way: ObjectWay): fc.Arbitrary<LogRecord[]> {
  return logRecord(true).map((one) => carriedAsObjects(way, [one]))
}

describe.each(OBJECT_WAYS)('in $format', (way) => {
  test('nothing that was planted leaves in the clear, and the object of the caller stays as it was', () => {
    const engine = engineFor(COVERING)
    let planted = 0
    fc.assert(
      fc.property(record(way), (records) => {
        for (const one of records) {
          const written = frozen(way.write(one))
          planted += readable(written).match(PLANTED)?.length ?? 0
          const sealed = way.seal(engine, written)
          expect(readable(sealed.record).match(PLANTED)).toBeNull()
          deepStrictEqual(written, way.write(one))
        }
      }),
      { numRuns: 300 },
    )
    engine.close()
    expect(planted).toBeGreaterThan(200)
  })

  test('what is sealed opens to the same', () => {
    fc.assert(
      fc.property(sealRules, record(way), (rules, records) => {
        const engine = engineFor(rules)
        for (const one of records) {
          const written = way.write(one)
          // What stands beside a value of the same name cannot go back to it.
          if (rules.some(({ seal }) => seal?.as === 'sibling') && readable(written).includes('.sealed"')) continue
          const opened = way.open(way.seal(engine, written).record)
          expect(opened).toMatchObject({ unopened: 0, moved: 0 })
          deepStrictEqual(way.read(opened.record), way.read(written))
        }
        engine.close()
      }),
      { numRuns: 150 },
    )
  })

  test('a record in which nothing is found is equal to what came in', () => {
    const engine = engineFor([{ id: 'none', pattern: 'not there at all', seal: { to: 'all' } }])
    fc.assert(
      fc.property(record(way), (records) => {
        for (const one of records) {
          const written = way.write(one)
          const sealed = way.seal(engine, written)
          expect(sealed.edited).toBe(false)
          if (way === LOGGER_WAY) deepStrictEqual(sealed.record, written)
          else deepStrictEqual(way.read(sealed.record), way.read(written))
        }
      }),
      { numRuns: 150 },
    )
    engine.close()
  })
})

describe('the same comes out as by', () => {
  test('JSON lines: paths, actions and recipients', () => {
    fc.assert(
      fc.property(anyRules, logRecord(true), (rules, one) => {
        const [carried] = carriedAsObjects(LOGGER_WAY, [one])
        if (carried === undefined || !WAYS.find(({ format }) => format === 'json-lines')!.carries(carried)) return
        const engine = engineFor(rules)
        const line = engine.seal(toJsonLines([carried]), 'json-lines')
        const object = engine.sealObject(LOGGER_WAY.write(carried))
        engine.close()
        // Of keys that have got the same name, `JSON.parse` keeps the last.
        if (readable(object.record).includes('#2":')) return
        expect(normalised(LOGGER_WAY.read(object.record))).toEqual(normalised(fromJsonLines(line.bytes)[0]!))
        expect(Object.fromEntries(object.values)).toEqual(Object.fromEntries(line.values))
      }),
      { numRuns: 300 },
    )
  })
})

describe('fields of a record', () => {
  const engine = engineFor([
    { id: 'all', path: '**', where: { severity: ['error', '50'] }, mask: {} },
    { id: 'tagged', path: 'attributes.t', where: { tag: 'x' }, drop: {} },
  ])
  afterAll(() => engine.close())

  test('level, time and ids of a logger are read and never altered', () => {
    const fields = { level: 'error', time: new Date(0), timestamp: '2024-01-01', trace_id: 'a'.repeat(32) }
    expect(engine.sealObject({ ...fields, msg: 'x', a: 1 }).record).toEqual({ ...fields, msg: '****', a: '****' })
  })

  test('a field that is missing does not switch off a rule that protects', () => {
    expect(engine.sealObject({ t: 1 }).record).toEqual({})
  })

  test('severity, event name, scope and ids of OpenTelemetry are read and never altered', () => {
    const input = {
      severityText: 'error',
      severityNumber: 17,
      eventName: 'sign.in',
      hrTime: [1, 2],
      hrTimeObserved: [3, 4],
      spanContext: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1, traceState: { secret: 1 } },
      droppedAttributesCount: 2,
      body: 'x',
      attributes: { a: 1 },
      resource: { attributes: { r: 1 }, schemaUrl: 'https://example.com' },
      instrumentationScope: { name: 'lib', version: '1', attributes: { s: 1 } },
    }
    expect(engine.sealLogRecord(input).record).toMatchObject({
      ...input,
      spanContext: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 },
      body: '****',
      attributes: { a: '****' },
      resource: { attributes: { r: 1 } },
      instrumentationScope: { name: 'lib', version: '1', attributes: { s: 1 } },
    })
  })

  test('a field of another type is an attribute by its own name', () => {
    const mails = engineFor([{ id: 'mails', detect: 'email', path: 'attributes.**', drop: {} }])
    const { record } = mails.sealLogRecord({ eventName: { to: 'jane@example.com' }, severityText: 5, body: 'x' })
    expect(record.eventName).toEqual({ to: '[dropped:email]' })
    expect(record.severityText).toBe(5)
    mails.close()
  })
})

describe('a resource and a scope', () => {
  const rules = [{ id: 'hosts', path: 'resource.host.ip', mask: {} }, ...COVERING]
  const sdk = (attributes: object, more = {}) => ({
    resource: { attributes },
    instrumentationScope: { name: 'lib', ...more },
    body: 'x',
  })

  test('keep their identity for as long as what leaves is the same, so that exporters can group by it', () => {
    const engine = engineFor(rules)
    const input = sdk({ 'service.name': 'shop', 'host.ip': '192.0.2.1' })
    const [first, second, other] = [input, { ...input, body: 'y' }, structuredClone(input)].map(
      (one) => engine.sealLogRecord(one).record,
    )
    expect(second?.resource).toBe(first?.resource)
    expect(second?.instrumentationScope).toBe(first?.instrumentationScope)
    expect(first?.resource.attributes).toEqual({ 'service.name': 'shop', 'host.ip': '****' })
    expect(other?.resource).not.toBe(first?.resource)
    engine.close()
  })

  test('have another where their attributes or the rules have become others', () => {
    const masking = engineFor(rules)
    const leaving = engineFor(COVERING)
    const input = sdk({ 'host.ip': '192.0.2.1' })
    expect(masking.sealLogRecord(input).record.resource.attributes).toEqual({ 'host.ip': '****' })
    expect(leaving.sealLogRecord(input).record.resource.attributes).toEqual({ 'host.ip': '192.0.2.1' })
    expect(masking.sealLogRecord(input).record.resource.attributes).toEqual({ 'host.ip': '****' })
    input.resource.attributes = { 'host.ip': 1 }
    expect(masking.sealLogRecord(input).record.resource.attributes).toEqual({ 'host.ip': '****' })
    expect(leaving.sealLogRecord(input).record.resource.attributes).toEqual({ 'host.ip': 1 })
    for (const engine of [masking, leaving]) engine.close()
  })

  test('that are sealed open by themselves', () => {
    const engine = engineFor(COVERING)
    const input = sdk({ owner: 'jane123456@plant.example is it' })
    const { record } = engine.sealLogRecord(input)
    expect(Object.keys(record.resource.attributes)).toEqual(['owner', 'fieldseal.sealed'])
    expect(SDK_WAY.open(record).record).toMatchObject({ resource: input.resource })
    engine.close()
  })
})

describe('keys that rules have given the same name', () => {
  test('are all there, with numbers', () => {
    const engine = engineFor([
      { id: 'mails', detect: 'email', mask: {} },
      { id: 'amounts', path: '**.amount', seal: { to: 'all', as: 'sibling' } },
    ])
    const users = { 'jane@example.com': 1, 'joe@example.com': 2, '****#3': 3, 'ann@example.com': 4, '****#2': 5 }
    const { record } = engine.sealObject({ users, map: new Map(Object.entries(users)) })
    expect(Object.values(record.users as object).sort()).toEqual([1, 2, 3, 4, 5])
    expect([...(record.map as Map<string, number>).values()]).toEqual([1, 2, 3, 4, 5])
    expect(JSON.stringify([record, ...(record.map as Map<string, number>).keys()])).not.toContain('@')
    const sealed = engine.sealObject({ 'amount.sealed': 'mine', amount: 12.5 }).record
    expect(sealed).toEqual({ 'amount.sealed': 'mine', 'amount.sealed#2': expect.stringMatching(/^\{"protected"/) })
    expect(openObject(sealed, { keys: EVERYONE.map((name) => KEY_PAIRS[name].privateJwk) }).record).toEqual({
      'amount.sealed': 'mine',
      'amount.sealed#2': 12.5,
    })
    engine.close()
  })
})

describe('what is handed over beside a record', () => {
  test('is sealed as a part of it, and comes back apart from it', () => {
    const engine = engineFor(COVERING)
    const { record, beside } = engine.sealObject(
      { message: 'jane123456@plant.example came', splat: 1 },
      { body: 'info: jane123456@plant.example came', attributes: { splat: [{ to: 'zq-123456' }], n: 1 } },
    )
    expect(Object.keys(record)).toEqual(['message', 'splat', 'fieldseal.sealed'])
    expect(record.splat).toBe(1)
    expect(beside?.body).toMatch(/^info: \[sealed:email:[\w-]{8}\/\d\] came$/)
    expect(beside?.attributes).toEqual({ splat: [{ to: expect.stringMatching(/^hmac-sha256:k:/) }], n: 1 })
    engine.close()
  })

  test('is given back as it was read where nothing is found, and is not there where it was not', () => {
    const engine = engineFor(COVERING)
    const beside = { body: 'x', attributes: { a: new Date(0) } }
    deepStrictEqual(engine.sealObject({ a: 1 }, beside).beside, beside)
    deepStrictEqual(engine.sealObject({ a: 1 }, {}).beside, { body: undefined, attributes: {} })
    expect(engine.sealObject({ a: 1 }).beside).toBeUndefined()
    engine.close()
  })
})
