import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { DETECTORS } from '../../../detectors/index.ts'
import { DetectorSet } from '../../../detectors/set.ts'
import { RecordSealer } from '../../../processor/engine/seal-records.ts'
import { DEFAULT_SETTINGS } from '../../../processor/engine.ts'
import { FORMATS } from '../../../processor/formats/index.ts'
import { compileRules } from '../../../rules/compile.ts'
import { ruleFileSchema } from '../../../rules/schema/index.ts'

/** Few, so that an engine is made at once: what is remembered does not depend on how many there are. */
const SOME = DETECTORS.filter(({ name }) =>
  ['email', 'payment_card', 'iban', 'us_ssn', 'phone_e164', 'jwt'].includes(name),
)

/** Drops what a detector finds: the same input gives the same output. */
function newSealer(): RecordSealer {
  const rules = SOME.map(({ name }) => ({ id: name, detect: name, drop: {} }))
  const compiled = compileRules(ruleFileSchema.parse({ rules }).rules, { hashKeys: new Map() })
  if ('issues' in compiled) throw new Error(JSON.stringify(compiled.issues))
  return new RecordSealer(compiled.plan, new Map(), new Map(), DEFAULT_SETTINGS)
}

type Line = Record<string, string>

function seal(sealer: RecordSealer, lines: readonly Line[]): Line[] {
  const bytes = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  const sealed = sealer.seal(bytes, FORMATS['json-lines']).bytes.toString()
  return sealed
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
}

const CLEAN = ['checkout-7f9c', 'ledger-writer', 'GET /orders', 'info', 'jane@example', '411111111111111']
const DIRTY = ['jane@example.com', 'joe@example.org', '4111111111111111', 'peer jane@example.com']

const line = fc.record({
  host: fc.constantFrom(...CLEAN),
  user: fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...DIRTY) }, fc.constantFrom(...CLEAN)),
  either: fc.constantFrom(...CLEAN, ...DIRTY),
})

describe('what the scan remembers from batch to batch', () => {
  test('changes nothing of what is found', () => {
    const batches = fc.array(fc.array(line, { minLength: 1, maxLength: 40 }), { minLength: 2, maxLength: 12 })
    fc.assert(
      fc.property(batches, (all) => {
        const remembering = newSealer()
        for (const lines of all) expect(seal(remembering, lines)).toEqual(seal(newSealer(), lines))
      }),
      { numRuns: 60 },
    )
  })

  test('spares values that are always the same, and those that always match, the matching', () => {
    const sealer = newSealer()
    const lines = Array.from({ length: 50 }, () => ({ host: 'checkout-7f9c', user: 'jane@example.com' }))
    for (let batch = 0; batch < 40; batch += 1) seal(sealer, lines)
    const test = vi.spyOn(DetectorSet.prototype, 'test')
    expect(seal(sealer, lines)).toEqual(lines.map(({ host }) => ({ host, user: '[dropped:email]' })))
    const matched = test.mock.calls.map(([bytes]) => Buffer.from(bytes).toString()).join('')
    test.mockRestore()
    expect(matched).not.toContain('checkout')
    expect(matched).not.toContain('jane')
  })

  test('does not hold a path to what it once was', () => {
    const sealer = newSealer()
    const lines = (user: string) => Array.from({ length: 50 }, () => ({ user }))
    for (const user of ['jane@example.com', 'nobody', 'jane@example.com', 'nobody', 'joe@example.org'])
      expect(seal(sealer, lines(user))[0]).toEqual({ user: user.includes('@') ? '[dropped:email]' : user })
  })
})
