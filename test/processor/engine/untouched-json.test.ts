import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RULES } from '../../arbitraries/expected-bytes.ts'
import { lines } from '../../arbitraries/json-text.ts'
import { otlpJsonRequest } from '../../arbitraries/otlp-json-text.ts'
import { engineFor } from './fixtures.ts'

describe.each([
  ['json-lines', lines],
  ['otlp-json', otlpJsonRequest],
] as const)('in %s', (format, input) => {
  test('every byte outside of what is replaced stays, and the list of sealed parts is all that is added', () => {
    const engine = engineFor(RULES)
    let edited = 0
    fc.assert(
      fc.property(input, ({ raw, pattern }) => {
        const sealed = engine.seal(Buffer.from(raw), format)
        expect(sealed.bytes.toString()).toMatch(new RegExp(`^${pattern}$`, 'su'))
        if (sealed.bytes.toString() !== raw) edited += 1
      }),
      { numRuns: 1000 },
    )
    engine.close()
    expect(edited).toBeGreaterThan(100)
  })
})
