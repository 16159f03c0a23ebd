import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { readRuleSet } from '../../processor/authoring/rule-set.ts'
import { standInEngine } from '../../processor/authoring/stand-in-engine.ts'
import { loadEngine } from '../../processor/compose.ts'
import type { ExplainingEngine } from '../../processor/engine.ts'
import { generateKeyPair } from '../../processor/jwe/private-keys.ts'
import { CORPUS, type Example } from './corpus.ts'
import { normalised } from './normalised.ts'
import { RULES } from './rules.ts'
import { WAYS, type Way } from './ways.ts'

/**
 * The engine of tests of rules, explanations and previews against the one that the service makes from a configuration,
 * both from the same files.
 */
const NAMES = ['security', 'dpo', 'fraud']
const folder = mkdtempSync(join(tmpdir(), 'fieldseal-'))
const rules = join(folder, 'r.yaml')
writeFileSync(rules, stringify({ rules: RULES }))
writeFileSync(join(folder, 'k.key'), Buffer.alloc(32, 7).toString('base64'), { mode: 0o600 })
for (const name of NAMES)
  writeFileSync(join(folder, `${name}.jwk`), JSON.stringify(generateKeyPair('P-256', name).publicJwk))
const config = {
  recipients: Object.fromEntries(NAMES.map((name) => [name, { jwk: `${name}.jwk` }])),
  groups: { all: NAMES },
  hash_keys: { k: { file: 'k.key' } },
  rules: ['r.yaml'],
}
writeFileSync(join(folder, 'c.yaml'), stringify(config))

const service = loadEngine(join(folder, 'c.yaml'), {})
const authoring = standInEngine(readRuleSet([rules]), { groups: new Map([['all', NAMES]]) })

afterAll(() => {
  for (const engine of [service, authoring]) engine.close()
  rmSync(folder, { recursive: true })
})

/** The keys of pseudonyms differ, and with them the pseudonyms. */
function withoutPseudonyms(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? `${inner}n` : inner)).replaceAll(
      /hmac-sha256:k:[\w-]{22}/g,
      'hmac-sha256:k:<pseudonym>',
    ),
  )
}

function outcome(engine: ExplainingEngine, way: Way, { record }: Example) {
  const bytes = way.write([record])
  const sealed = engine.seal(bytes, way.format)
  const { matches, misses, ...explained } = engine.explain(bytes, way.format)
  const records = [sealed, explained].map((batch) => way.read(batch.bytes).map(normalised))
  const counts = [sealed, explained].map(({ values, audited }) => [...values, ...audited])
  return withoutPseudonyms({ records, counts, matches, misses })
}

describe.each(WAYS)('by $format', (way) => {
  const carried = CORPUS.filter(({ record }) => way.carries(record))

  test.each(carried)('$name: tests, explanations and previews see what the service does', (example) => {
    expect(outcome(authoring, way, example)).toEqual(outcome(service, way, example))
  })

  test.each(carried)('$name: explaining changes nothing of what is done', (example) => {
    const { records, counts } = outcome(authoring, way, example) as { records: unknown[]; counts: unknown[] }
    expect(records[1]).toEqual(records[0])
    expect(counts[1]).toEqual(counts[0])
  })
})
