import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { logRecords } from '../../arbitraries/records.ts'
import { anyRules, sealRules } from '../../arbitraries/rules.ts'
import { carried, WAYS } from '../../conformance/ways.ts'
import { EVERYONE, engineFor, openAs } from './fixtures.ts'

const LAYOUTS = ['value', 'record'] as const

describe.each(WAYS.filter(({ format }) => format !== 'text'))('in $format', (way) => {
  const { format, write } = way

  test.each([false, true])('what is sealed opens to the same bytes (personal data in keys: %s)', (personalKeys) => {
    fc.assert(
      fc.property(sealRules, logRecords(personalKeys), fc.constantFrom(...LAYOUTS), (rules, records, layout) => {
        const bytes = write(carried(way, records))
        const engine = engineFor(rules, { layout })
        const sealed = engine.seal(bytes, format)
        engine.close()
        const opened = openAs(EVERYONE, sealed.bytes, format)
        expect(opened.bytes.toString('latin1')).toBe(bytes.toString('latin1'))
        expect(opened.unopened).toBe(0)
        expect(opened.moved).toBe(0)
      }),
      { numRuns: 300 },
    )
  })

  test('sealing again with the same rules changes nothing', () => {
    fc.assert(
      fc.property(anyRules, logRecords(true), fc.constantFrom(...LAYOUTS), (rules, records, layout) => {
        const engine = engineFor(rules, { layout })
        const once = engine.seal(write(carried(way, records)), format).bytes
        const twice = engine.seal(once, format).bytes
        engine.close()
        expect(twice.toString('latin1')).toBe(once.toString('latin1'))
      }),
      { numRuns: 300 },
    )
  })
})
