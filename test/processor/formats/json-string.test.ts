import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeEscapes, encodeEscapes, hasLoneSurrogate, rawOffsets } from '../../../processor/formats/json-string.ts'

/** A string as it stands between the quotes of JSON: characters as they are, and escapes in every form. */
const inside = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 2 }).map((text) => JSON.stringify(text).slice(1, -1)),
      fc.constantFrom(
        '\\"',
        '\\\\',
        '\\/',
        '\\b',
        '\\f',
        '\\n',
        '\\r',
        '\\t',
        '\\u0041',
        '\\u00e9',
        '\\u20AC',
        '\\uFFFD',
      ),
      fc.constantFrom(
        '\\ud83d\\ude00',
        '\\uD83D',
        '\\ude00',
        '\\ud83d\\ud83d\\ude00',
        '\\ud83dx',
        '\\ud83d\\n',
        '\\u0000',
      ),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''))

const decoded = (source: string) => JSON.parse(`"${source}"`) as string

function decode(source: string): Buffer {
  // With other bytes around, and a target that holds no more than it must.
  const bytes = Buffer.from(`"${source}"`)
  const target = Buffer.alloc(bytes.length - 2)
  return target.subarray(0, decodeEscapes(bytes, 1, bytes.length - 1, target, 0))
}

describe('the inside of a JSON string', () => {
  test('is decoded as JSON.parse decodes it, halves of surrogate pairs as U+FFFD', () => {
    fc.assert(
      fc.property(inside, (source) => {
        expect(decode(source).toString('utf8')).toBe(decoded(source).toWellFormed())
      }),
      { numRuns: 3000 },
    )
  })

  test('is known for halves of surrogate pairs', () => {
    fc.assert(
      fc.property(inside, (source) => {
        const bytes = Buffer.from(source)
        expect(hasLoneSurrogate(bytes, 0, bytes.length)).toBe(!decoded(source).isWellFormed())
      }),
      { numRuns: 3000 },
    )
  })

  test('is written as JSON.stringify writes it', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' })), (text) => {
        fc.pre(text.isWellFormed())
        expect(Buffer.from(encodeEscapes(Buffer.from(text))).toString('utf8')).toBe(JSON.stringify(text).slice(1, -1))
      }),
      { numRuns: 3000 },
    )
  })

  test('keeps bytes that are no UTF-8', () => {
    const bytes = Buffer.from([0xff, 0x22, 0xc3, 0x28, 0x5c, 0x80])
    expect([...encodeEscapes(bytes)]).toEqual([0xff, 0x5c, 0x22, 0xc3, 0x28, 0x5c, 0x5c, 0x80])
    const source = encodeEscapes(bytes)
    const target = Buffer.alloc(source.length)
    expect(target.subarray(0, decodeEscapes(source, 0, source.length, target, 0))).toEqual(bytes)
  })

  test('has a place for every place of the text', () => {
    fc.assert(
      fc.property(inside, fc.array(fc.nat(30), { maxLength: 4 }), (source, places) => {
        const text = decode(source)
        // Places between characters: nobody asks for others.
        const offsets = [...new Set(places.map((place) => boundary(text, place)))].sort((a, b) => a - b)
        const bytes = Buffer.from(`"${source}"`)
        for (const [index, raw] of rawOffsets(bytes, 1, bytes.length - 1, offsets).entries()) {
          expect(decode(bytes.toString('utf8', 1, raw))).toEqual(text.subarray(0, offsets[index]))
          expect(decode(bytes.toString('utf8', raw, bytes.length - 1))).toEqual(text.subarray(offsets[index]))
        }
      }),
      { numRuns: 3000 },
    )
  })
})

/** The next place at or behind `place` where a character of UTF-8 begins. */
function boundary(text: Buffer, place: number): number {
  let at = Math.min(place, text.length)
  while (at < text.length && (text[at]! & 0xc0) === 0x80) at += 1
  return at
}
