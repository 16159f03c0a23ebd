import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { leaksIn } from './hunt.ts'

const CANARY = { place: 'a planted leak', text: 'canary-7Qx2@example.com' }
const planted = Buffer.from(CANARY.text)

const ENCODINGS: Record<string, (around: Buffer) => Buffer> = {
  'as it is': (around) => Buffer.concat([around, planted, around]),
  'in capitals': (around) => Buffer.concat([around, Buffer.from(CANARY.text.toUpperCase()), around]),
  hexadecimal: (around) => Buffer.concat([around, Buffer.from(planted.toString('hex')), around]),
  'hexadecimal in capitals': (around) => Buffer.from(planted.toString('hex').toUpperCase() + around.toString('hex')),
  base64: (around) => Buffer.from(Buffer.concat([around, planted, around]).toString('base64')),
  base64url: (around) => Buffer.from(Buffer.concat([around, planted, around]).toString('base64url')),
  'UTF-16, little endian': (around) => Buffer.concat([around, Buffer.from(CANARY.text, 'utf16le')]),
  'UTF-16, big endian': (around) => Buffer.concat([around, Buffer.from(CANARY.text, 'utf16le').swap16()]),
  'percent-encoded': () => Buffer.from([...planted].map((byte) => `%${byte.toString(16).toUpperCase()}`).join('')),
}

describe('the canary hunt', () => {
  test.each(Object.entries(ENCODINGS))('finds a planted leak: %s', (_, write) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 7 }), (around) => {
        expect(leaksIn(write(Buffer.from(around)), [CANARY])).not.toEqual([])
      }),
    )
  })

  test('finds nothing where there is nothing', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => leaksIn(bytes, [CANARY]).length === 0))
  })
})
