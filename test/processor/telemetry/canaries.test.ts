import { afterEach, beforeEach, expect, test } from 'vitest'
import { FORMAT_NAMES, type FormatName } from '../../../processor/formats/index.ts'
import type { RuleInput } from '../../../rules/schema/index.ts'
import { toJsonLines } from '../../conformance/json-lines-way.ts'
import type { LogRecord, Value } from '../../conformance/model.ts'
import { carried, WAYS } from '../../conformance/ways.ts'
import { EVERYONE, engineFor, KEY_PAIRS, openAs } from '../engine/fixtures.ts'
import { installMeter, type Meter } from './meter.ts'

/** Stands in every value and every key of the records. */
const CANARY = 'canary'
const EMAIL = `${CANARY}@example.com`

const RULES: readonly RuleInput[] = [
  { id: 'addresses', detect: 'email', seal: { to: ['dpo', 'fraud'] } },
  { id: 'named', key: `^${CANARY}_hash$`, hash: { key: 'k' } },
  { id: 'whole', path: `attributes.${CANARY}_map`, seal: { to: 'dpo' } },
  { id: 'own', pattern: `${CANARY}-[0-9]+`, mask: { keep_last: 4 } },
  { id: 'gone', key: `^${CANARY}_drop$`, drop: {} },
]

const text = (content: string): Value => ({ type: 'text', text: content })

const RECORDS: readonly LogRecord[] = [
  {
    resource: [[`${CANARY}_host`, text(EMAIL)]],
    scope: [[`${CANARY}_scope`, text(CANARY)]],
    body: text(`${EMAIL} and ${CANARY}-4711`),
    attributes: [
      [`${CANARY}_hash`, text(CANARY)],
      [`${CANARY}_drop`, text(CANARY)],
      [`${CANARY}_map`, { type: 'map', entries: [[`${CANARY}_inner`, text(EMAIL)]] }],
      // The key itself is personal data.
      [EMAIL, text(CANARY)],
    ],
  },
  { resource: [], scope: [], body: text(`${CANARY} ${EMAIL}`), attributes: [] },
]

let meter: Meter
beforeEach(() => {
  meter = installMeter()
})
afterEach(() => meter.remove())

async function exported(): Promise<string> {
  return JSON.stringify(await meter.collect())
}

test('the canaries are in records of every format', () => {
  expect(WAYS.map(({ format }) => format).sort()).toEqual([...FORMAT_NAMES].sort())
  for (const way of WAYS) expect(way.write(carried(way, RECORDS)).toString('latin1')).toContain(EMAIL)
})

test.each(WAYS)('nothing of a record is in what an exporter gets: $format', async (way) => {
  const engine = engineFor(RULES)
  const bytes = way.write(carried(way, RECORDS))
  const { bytes: sealed, values } = engine.seal(bytes, way.format)
  openAs(['security'], sealed, way.format)
  // Whom a value is for is shown of the keys at hand alone: what else stands in a JWE comes from whoever wrote it.
  const strangers = await exported()
  for (const { publicJwk } of Object.values(KEY_PAIRS)) expect(strangers).not.toContain(publicJwk.kid)
  openAs(EVERYONE, sealed, way.format)
  expect(values.size).toBeGreaterThan(0)
  const what = await exported()
  // It does have something to tell.
  for (const id of values.keys()) expect(what).toContain(`"${id}"`)
  expect(what).toContain('no-key')
  expect(what).not.toContain(CANARY)
})

test.each<[FormatName, Buffer]>([
  ['otlp-json', Buffer.from(`{"resourceLogs":["${CANARY}`)],
  ['otlp-json', Buffer.from(`{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"${CANARY}":${CANARY}}]}]}]}`)],
  ['otlp-protobuf', Buffer.from(`\x0a\x7f${CANARY}`)],
  ['json-lines', Buffer.from(`${'{"canary":'.repeat(100)}1${'}'.repeat(100)}`)],
  ['json-lines', toJsonLines([{ resource: [], scope: [], body: text(EMAIL.repeat(1000)), attributes: [] }])],
])('nothing of a batch that fails is in it: %s', async (format, bytes) => {
  const engine = engineFor([{ id: 'body', path: 'body', seal: { to: 'all' } }], { limits: { value: 1000 } })
  expect(() => engine.seal(bytes, format)).toThrow()
  const what = await exported()
  expect(what).toContain('"failed"')
  expect(what).not.toContain(CANARY)
})
