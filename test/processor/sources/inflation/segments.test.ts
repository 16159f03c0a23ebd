import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Segments } from '../../../../processor/sources/inflation/segments.ts'

const size = fc.oneof(
  fc.integer({ min: 0, max: 40 }),
  fc.integer({ min: 0, max: 40_000 }),
  fc.constantFrom(16_383, 16_384, 65_536),
)

test('the bytes come out as they went in, whatever the sizes of the chunks', () => {
  fc.assert(
    fc.property(fc.array(size, { maxLength: 60 }), (sizes) => {
      let reserved = 0
      const segments = new Segments((bytes) => {
        reserved += bytes
        return true
      })
      const chunks = sizes.map((bytes, index) => Buffer.alloc(bytes, index + 1))
      const expected = Buffer.concat(chunks)
      for (const chunk of chunks) {
        expect(segments.add(chunk)).toBe(true)
        expect(reserved).toBeGreaterThanOrEqual(segments.length)
        // A segment that is begun, and no more.
        expect(reserved).toBeLessThanOrEqual(segments.length + 64 * 1024)
      }
      expect(segments.length).toBe(expected.length)
      const joined = segments.join()
      expect(joined.equals(expected)).toBe(true)
      expect(joined.byteLength).toBe(joined.buffer.byteLength)
    }),
  )
})

test('nothing is kept that was not reserved', () => {
  fc.assert(
    fc.property(
      fc.array(size, { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 0, max: 300_000 }),
      (sizes, room) => {
        let reserved = 0
        const segments = new Segments((bytes) => {
          if (reserved + bytes > room) return false
          reserved += bytes
          return true
        })
        for (const bytes of sizes) {
          const kept = segments.add(Buffer.alloc(bytes))
          expect(segments.length).toBeLessThanOrEqual(reserved)
          if (!kept) return
        }
        expect(sizes.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThanOrEqual(room)
      },
    ),
  )
})
