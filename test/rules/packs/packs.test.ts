import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { DETECTORS } from '../../../detectors/index.ts'
import { coverageOf } from '../../../processor/authoring/coverage.ts'
import { lintFiles } from '../../../processor/authoring/lint.ts'
import { readRuleSet } from '../../../processor/authoring/rule-set.ts'
import { isFailure, runTests } from '../../../processor/authoring/run-tests.ts'

const FOLDER = join(import.meta.dirname, '../../../rules/packs')
const PACKS = readdirSync(FOLDER)

/** Not in the default pack, with the reason. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  isin: 'no personal data',
  cusip: 'no personal data',
  age: 'in the packs for the GDPR and for HIPAA',
  gender: 'in the pack for the GDPR',
  ethnicity: 'special category, in the pack for the GDPR',
  religion: 'special category, in the pack for the GDPR',
  political_opinion: 'special category, in the pack for the GDPR',
  trade_union: 'special category, in the pack for the GDPR',
  sexual_orientation: 'special category, in the pack for the GDPR',
  marital_status: 'in the pack for the GDPR',
  nationality: 'in the pack for the GDPR',
}

const named = (pack: string): string[] =>
  readRuleSet([join(FOLDER, pack)]).rules.flatMap(({ rule }) => [rule.detect ?? []].flat())

test('there are five packs', () => {
  expect(PACKS).toEqual(['default.yaml', 'gdpr.yaml', 'hipaa-safe-harbor.yaml', 'pci-dss.yaml', 'secrets.yaml'])
})

describe.each(PACKS)('%s', (pack) => {
  const file = join(FOLDER, pack)

  test('has nothing for lint to complain of, not even strictly', () => {
    expect(lintFiles([file], { strict: true, now: Date.now() }).problems).toEqual([])
  })

  test('passes its tests, and has a case for and against every rule, exception and set of recipients', () => {
    const set = readRuleSet([file])
    const results = runTests(set)
    expect(results.filter(isFailure)).toEqual([])
    expect(coverageOf(set, results)).toMatchObject({ missing: [] })
  })
})

test('the default pack names every detector that is on, but for those that are left out with a reason', () => {
  const on = DETECTORS.filter(({ activation }) => activation !== 'off').map(({ name }) => name)
  expect(named('default.yaml').sort()).toEqual(on.filter((name) => !Object.hasOwn(LEFT_OUT, name)).sort())
})

test('the default pack leaves addresses, host names and identifiers alone', () => {
  for (const name of ['ipv4', 'ipv6', 'mac_address', 'host_name', 'uuid'])
    expect(named('default.yaml')).not.toContain(name)
})

test('the pack of secrets names every detector of credentials that is on', () => {
  const on = DETECTORS.filter(({ activation, group }) => group === 'credential' && activation !== 'off')
  for (const { name } of on) expect(named('secrets.yaml')).toContain(name)
})
