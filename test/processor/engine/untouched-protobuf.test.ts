import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RULES } from '../../arbitraries/expected-bytes.ts'
import { protobufRequest } from '../../arbitraries/protobuf-bytes.ts'
import { outline } from '../../arbitraries/protobuf-outline.ts'
import { engineFor } from './fixtures.ts'

describe('in otlp-protobuf', () => {
  test('every byte outside of what is replaced stays, and the list of sealed parts is all that is added', () => {
    const engine = engineFor(RULES)
    let edited = 0
    fc.assert(
      fc.property(protobufRequest, ({ bytes, pattern }) => {
        const sealed = engine.seal(bytes, 'otlp-protobuf')
        expect(outline(sealed.bytes)).toMatch(new RegExp(`^${pattern}$`))
        if (!sealed.bytes.equals(bytes)) edited += 1
      }),
      { numRuns: 1000 },
    )
    engine.close()
    expect(edited).toBeGreaterThan(100)
  })
})
