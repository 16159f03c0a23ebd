import { inspect } from 'node:util'
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
  'UTF-16 in base64': (around) =>
    Buffer.from(Buffer.concat([around, Buffer.from(CANARY.text, 'utf16le')]).toString('base64')),
  'escaped unit by unit': () =>
    Buffer.from([...CANARY.text].map((c) => `\\u00${c.charCodeAt(0).toString(16)}`).join('')),
  'as a Buffer in JSON': (around) => Buffer.from(JSON.stringify(Buffer.concat([around, planted]))),
  'as a Buffer in JSON that is set out': (around) =>
    Buffer.from(JSON.stringify(Buffer.concat([around, planted]), null, 2)),
  'as an array of bytes in JSON': (around) => Buffer.from(JSON.stringify(Uint8Array.from([...around, ...planted]))),
  'as a Buffer that is inspected': () => Buffer.from(inspect(planted)),
  'URI-encoded': () => Buffer.from(encodeURIComponent(CANARY.text)),
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

  test('finds what JSON escapes, in a text in JSON as well', () => {
    const canary = { place: 'escapes', text: 'say "é"\n\\here' }
    for (const text of [canary.text, JSON.stringify(canary.text), JSON.stringify(JSON.stringify(canary.text))])
      expect(leaksIn(Buffer.from(text), [canary])).not.toEqual([])
    expect(leaksIn('say \\"\\u00e9\\"\\n\\\\here', [canary])).not.toEqual([])
  })

  test('tells many canaries apart, each by its place and once for each encoding', () => {
    const canaries = Array.from({ length: 300 }, (_, number) => ({ place: `p${number}`, text: `canary-${number}-x` }))
    const text = `${canaries[7]!.text} ${canaries[7]!.text} ${Buffer.from(canaries[299]!.text).toString('hex')}`
    expect(leaksIn(text, canaries)).toEqual([
      { place: 'p7', encoding: 'as it is' },
      { place: 'p299', encoding: 'hexadecimal' },
    ])
  })

  test('refuses what stands everywhere by chance', () => {
    expect(() => leaksIn('', [{ place: 'short', text: 'abc' }])).toThrow(RangeError)
  })

  test('finds nothing where there is nothing', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => leaksIn(bytes, [CANARY]).length === 0))
  })
})
