import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  apart,
  blankLeadingNuls,
  endOfLines,
  leadingNuls,
  middleOf,
} from '../../../../processor/sources/lines/line-breaks.ts'

/** Bytes in which line breaks and NULs are common. */
const bytes = fc
  .array(fc.constantFrom(0x0a, 0x0a, 0x00, 0x61, 0x7b, 0xff), { maxLength: 60 })
  .map((list) => Buffer.from(list))

describe('lines', () => {
  test('are whole up to the last line break', () => {
    expect([Buffer.from('a\nb'), Buffer.from('ab'), Buffer.from('a\n\n')].map(endOfLines)).toEqual([2, 0, 3])
  })

  test('are cut in two between lines, until each is alone', () => {
    fc.assert(
      fc.property(bytes, (lines) => {
        const single: Buffer[] = []
        const split = (part: Buffer): void => {
          const middle = middleOf(part)
          if (middle === undefined) {
            single.push(part)
            return
          }
          expect(middle).toBeGreaterThan(0)
          expect(middle).toBeLessThan(part.length)
          split(part.subarray(0, middle))
          split(part.subarray(middle))
        }
        split(lines)
        expect(Buffer.concat(single).equals(lines)).toBe(true)
        for (const line of single) expect(line.subarray(0, -1).includes(0x0a)).toBe(false)
      }),
    )
  })

  test('that are too long are apart from the others, which stay together', () => {
    fc.assert(
      fc.property(bytes, fc.integer({ min: 0, max: 10 }), (lines, most) => {
        const parts = [...apart(lines, most)]
        expect(Buffer.concat(parts.map((part) => part.lines)).equals(lines)).toBe(true)
        for (const part of parts) {
          const lengths = part.lines
            .toString('latin1')
            .replace(/\n$/, '')
            .split('\n')
            .map(({ length }) => length)
          if (part.tooLong) expect([lengths.length, lengths[0]! > most]).toEqual([1, true])
          else expect(Math.max(...lengths)).toBeLessThanOrEqual(most)
        }
      }),
    )
  })
})

describe('NULs', () => {
  test('become spaces at the beginning of lines alone', () => {
    fc.assert(
      fc.property(bytes, (lines) => {
        const blanked = Buffer.from(lines)
        blankLeadingNuls(blanked)
        const expected = lines.toString('latin1').replace(/(^|\n)\0+/g, (found) => found.replaceAll('\0', ' '))
        expect(blanked.toString('latin1')).toBe(expected)
      }),
    )
  })

  test('are counted up to what follows them', () => {
    expect([Buffer.from('\0\0a\0'), Buffer.from('a'), Buffer.alloc(3)].map(leadingNuls)).toEqual([2, 0, 3])
  })
})
