import fc from 'fast-check'
import { expect, test } from 'vitest'
import { base64urlLength, decodeBase64url } from '../../../processor/jwe/base64url.ts'

test('every byte string has exactly the encoding of the stated length', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      const text = Buffer.from(bytes).toString('base64url')
      expect(text).toHaveLength(base64urlLength(bytes.length))
      expect(decodeBase64url(text)).toEqual(Buffer.from(bytes))
    }),
  )
})

test.each(['AA==', 'A', 'AB', 'A A', 'AA\n', '+w', '/w', 'AAB', 'é', 'AA.'])(
  '%j is not the encoding of anything',
  (text) => {
    expect(decodeBase64url(text)).toBeUndefined()
  },
)
