import { constants, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ZstdFrames } from '../../../../processor/sources/inflation/zstd-frames.ts'

const content = fc.oneof(
  fc.uint8Array({ maxLength: 3000 }),
  fc
    .tuple(fc.integer({ min: 0, max: 400_000 }), fc.integer({ min: 0, max: 255 }))
    .map(([length, byte]) => Buffer.alloc(length, byte)),
)

const frame = fc
  .record({ content, checksum: fc.boolean(), level: fc.constantFrom(1, 3, 12), sized: fc.boolean() })
  .map(({ content, checksum, level, sized }) =>
    zstdCompressSync(content, {
      params: {
        [constants.ZSTD_c_checksumFlag]: Number(checksum),
        [constants.ZSTD_c_compressionLevel]: level,
        [constants.ZSTD_c_contentSizeFlag]: Number(sized),
      },
    }),
  )

/** Where each frame ends, when the bytes come in chunks that end there. */
function ends(bytes: Buffer, cuts: readonly number[]): { ends: number[]; complete: boolean } | undefined {
  const frames = new ZstdFrames()
  const found: number[] = []
  const places = [...new Set([0, ...[...cuts].sort((a, b) => a - b), bytes.length])]
  for (let index = 1; index < places.length; index += 1) {
    const [start, stop] = [places[index - 1]!, places[index]!]
    const chunk = bytes.subarray(start, stop)
    for (let at = 0; at < chunk.length; ) {
      const { count } = frames
      const end = frames.advance(chunk, at)
      if (end === undefined) return undefined
      at = end
      if (frames.count > count) found.push(start + at)
    }
  }
  return { ends: found, complete: frames.complete }
}

describe('frames of zstd', () => {
  test('end where they end, wherever the chunks do', () => {
    fc.assert(
      fc.property(
        fc.array(frame, { minLength: 1, maxLength: 4 }),
        fc.array(fc.nat(), { maxLength: 8 }),
        (frames, cuts) => {
          const bytes = Buffer.concat(frames)
          const expected = frames.map((_, index) => Buffer.concat(frames.slice(0, index + 1)).length)
          const within = cuts.map((cut) => cut % bytes.length)
          expect(ends(bytes, within)).toEqual({ ends: expected, complete: true })
          expect(
            ends(
              bytes,
              Array.from({ length: Math.min(bytes.length, 5000) }, (_, at) => at),
            ),
          ).toEqual({ ends: expected, complete: true })
        },
      ),
      { numRuns: 60 },
    )
  })

  test('are not complete where they are cut off', () => {
    fc.assert(
      fc.property(frame, fc.nat(), (bytes, cut) => {
        const part = bytes.subarray(0, cut % bytes.length)
        expect(ends(part, [])).toEqual({ ends: [], complete: false })
      }),
    )
  })

  test('never read beyond the chunk, whatever the bytes are', () => {
    const hostile = fc
      .uint8Array({ minLength: 1, maxLength: 60 })
      .map((rest) => Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), rest]))
    fc.assert(
      fc.property(
        fc.oneof(
          hostile,
          fc.uint8Array({ minLength: 1, maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
        ),
        (bytes) => {
          const frames = new ZstdFrames()
          for (let at = 0; at < bytes.length; ) {
            const end = frames.advance(bytes, at)
            if (end === undefined) return
            expect(end).toBeGreaterThan(at)
            expect(end).toBeLessThanOrEqual(bytes.length)
            at = end
          }
        },
      ),
    )
  })

  test.each([
    // RFC 8878 section 3.1.1.1.2: 2^(10 + exponent), and eighths of it.
    ['a window of 1 KiB', [0x00, 0x00], 1024],
    ['a window of 8 MiB', [0x00, 0x68], 8 * 1024 ** 2],
    ['a window of 15 MiB', [0x00, 0x6f], 15 * 1024 ** 2],
    ['the largest window', [0x00, 0xff], 2 ** 41 + 7 * 2 ** 38],
    // Section 3.1.1.1.4: a single segment has a window as large as its content.
    ['one byte of size', [0x20, 0xc8], 200],
    ['two bytes of size', [0x60, 0x01, 0x01], 257 + 256],
    ['four bytes of size', [0xa0, 0, 0, 0, 1], 2 ** 24],
    ['eight bytes of size', [0xe0, 0, 0, 0, 0, 1, 0, 0, 0], 2 ** 32],
  ] as const)('%s is read from the header', (_, header, window) => {
    const frames = new ZstdFrames()
    const bytes = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, ...header])
    expect(frames.advance(bytes, 0)).toBe(bytes.length)
    expect(frames.window).toBe(window)
  })

  test.each([
    ['a dictionary', [0x01, 0x00, 0x07]],
    ['the reserved bit', [0x08]],
    ['a reserved block', [0x00, 0x00, 0x07, 0, 0]],
    ['a block of more than 128 KiB', [0x00, 0x00, 0x09, 0x00, 0x10]],
  ] as const)('%s is refused', (_, header) => {
    expect(new ZstdFrames().advance(Buffer.from([0x28, 0xb5, 0x2f, 0xfd, ...header]), 0)).toBeUndefined()
  })
})
