import fc from 'fast-check'
import { expect, test } from 'vitest'
import { detectorByName } from '../../../../detectors/index.ts'
import { createEngine, type EngineConfig } from '../../../../processor/engine.ts'
import { leakCounts } from '../../../../processor/leak-scan/independent/report.ts'
import type { LeakCounts } from '../../../../processor/telemetry/leaks.ts'
import type { LeakAction } from '../../../../rules/leak-scan.ts'
import type { LogRecord } from '../../../conformance/model.ts'
import { carried, WAYS, type Way } from '../../../conformance/ways.ts'
import { EVERYONE, KEY_PAIRS } from '../../engine/fixtures.ts'
import { records, rules } from './canaries.ts'
import { scanFor } from './scans.ts'

/** Few, so that engines are made quickly: by shape, behind a word, under a key, and by the key alone. */
const NAMES = ['email', 'payment_card', 'phone_e164', 'ipv4', 'us_passport', 'password', 'person_name']
const DETECTORS = NAMES.map((name) => detectorByName(name)!)

/** An engine that finds, as the independent scan does, what its rules have left. */
function scanning(of: EngineConfig['rules'], inline: LeakAction = 'report') {
  return createEngine({
    recipients: Object.fromEntries(EVERYONE.map((name) => [name, KEY_PAIRS[name].publicJwk])),
    groups: { all: EVERYONE, default: EVERYONE },
    hashKeys: { k: Buffer.alloc(32, 7) },
    rules: of,
    leakScan: { inline, detectors: DETECTORS.map(({ name }) => name) },
  })
}

/** As lines, so that a difference can be read. */
function shown(counts: LeakCounts | undefined): string[] {
  return [
    ...(counts?.findings ?? []).map(
      ({ detector, path, service, count }) => `${count} ${detector} at ${path} of ${service}`,
    ),
    ...[...(counts?.records ?? [])].map(([service, count]) => `${count} records of ${service}`),
  ].sort()
}

/** @returns how many kinds of findings there are. */
function compare(way: Way, input: readonly LogRecord[], by: EngineConfig['rules']): number {
  const engine = scanning(by)
  const { bytes, leaks } = engine.seal(way.write(input), way.format)
  engine.close()
  const report = scanFor(DETECTORS).scan(bytes, way.format)
  expect(shown(leakCounts(report))).toEqual(shown(leaks))
  expect(report.unreadable).toBe(false)
  return report.leaks.size
}

test.each(WAYS)('both scans count the same in $format, whatever the records and the rules', (way) => {
  let compared = 0
  fc.assert(
    fc.property(records, rules, (given, by) => {
      const input = carried(way, given)
      if (input.length === 0) return
      compared += compare(way, input, by)
    }),
    { numRuns: 100, seed: 20261130 },
  )
  expect(compared).toBeGreaterThan(way.format === 'text' ? 1 : 10)
})

test.each(WAYS.flatMap((way) => (['seal', 'refuse'] as const).map((inline) => ({ way, inline, format: way.format }))))(
  'where the engine is to $inline, the other scan finds nothing in $format',
  ({ way, inline }) => {
    let refused = 0
    fc.assert(
      fc.property(records, rules, (given, by) => {
        const input = carried(way, given)
        if (input.length === 0) return
        const engine = scanning(by, inline)
        const { bytes, records: left, recordsRefused = 0 } = engine.seal(way.write(input), way.format)
        engine.close()
        refused += recordsRefused
        const report = scanFor(DETECTORS).scan(bytes, way.format)
        if (left > 0) expect(shown(leakCounts(report))).toEqual([])
        // Of a line that is dropped a blank one stays, which is no record.
        if (way.format !== 'text') expect(report.records).toBe(left)
      }),
      { numRuns: 60, seed: 20261130 },
    )
    if (inline === 'refuse') expect(refused).toBeGreaterThan(0)
  },
)
