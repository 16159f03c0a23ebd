import fc from 'fast-check'
import { expect, test } from 'vitest'
import { detectorByName } from '../../../../detectors/index.ts'
import { createEngine, type EngineConfig } from '../../../../processor/engine.ts'
import { leakCounts } from '../../../../processor/leak-scan/independent/report.ts'
import type { LeakCounts } from '../../../../processor/telemetry/leaks.ts'
import type { LogRecord } from '../../../conformance/model.ts'
import { carried, WAYS, type Way } from '../../../conformance/ways.ts'
import { EVERYONE, KEY_PAIRS } from '../../engine/fixtures.ts'
import { records, rules } from './canaries.ts'
import { scanFor } from './scans.ts'

/** Few, so that engines are made quickly: by shape, behind a word, under a key, and by the key alone. */
const NAMES = ['email', 'payment_card', 'phone_e164', 'ipv4', 'us_passport', 'password', 'person_name']
const DETECTORS = NAMES.map((name) => detectorByName(name)!)

/** An engine that reports, as the independent scan does, what its rules have left. */
function reporting(of: EngineConfig['rules']) {
  return createEngine({
    recipients: Object.fromEntries(EVERYONE.map((name) => [name, KEY_PAIRS[name].publicJwk])),
    groups: { all: EVERYONE },
    hashKeys: { k: Buffer.alloc(32, 7) },
    rules: of,
    leakScan: { inline: 'report', detectors: DETECTORS.map(({ name }) => name) },
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
  const engine = reporting(by)
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
