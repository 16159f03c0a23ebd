import { expect, test } from 'vitest'
import { ContentKeyPool, POOL_AGE_MS, POOL_KEYS } from '../../../processor/jwe/content-key-pool.ts'
import { ContentKeys } from '../../../processor/jwe/content-keys.ts'
import { NODE_PRIMITIVES } from '../../../processor/jwe/primitives.ts'

function pool() {
  const clock = { now: 0 }
  const blocks: ContentKeys[] = []
  const draw = (count: number) => {
    blocks.push(new ContentKeys([], count, NODE_PRIMITIVES))
    return blocks.at(-1)!
  }
  return { clock, blocks, pool: new ContentKeyPool(draw, () => clock.now) }
}

const ZEROS = Buffer.alloc(32)

test('a pool never holds more than 256 keys and hands out each key once', () => {
  const { pool: tested } = pool()
  const seen = new Set<string>()
  let taken = 0
  for (const wanted of [1, 3, 500, 256, 1, 20, 255, 257, 64]) {
    for (let left = wanted; left > 0; ) {
      const run = tested.take(left, Number.POSITIVE_INFINITY)!
      expect(run.count).toBeLessThanOrEqual(left)
      expect(tested.size).toBeLessThanOrEqual(POOL_KEYS)
      for (let at = 0; at < run.count; at++) seen.add(run.keys.key(run.from + at).toString('hex'))
      taken += run.count
      left -= run.count
    }
  }
  expect(seen.size).toBe(taken)
})

test('keys that waited for a second are overwritten and never handed out', () => {
  const { pool: tested, clock, blocks } = pool()
  tested.take(1, 100)
  clock.now = POOL_AGE_MS - 1
  expect(tested.take(1, 100)?.keys).toBe(blocks[0])
  clock.now = POOL_AGE_MS
  expect(tested.take(1, 100)?.keys).toBe(blocks[1])
  // Those handed out are erased by whoever took them.
  for (let at = 2; at < blocks[0]!.count; at++) expect(blocks[0]!.key(at)).toEqual(ZEROS)
  expect(blocks[1]!.key(1)).not.toEqual(ZEROS)
  clock.now = 2 * POOL_AGE_MS
  tested.discardOld()
  expect(tested.size).toBe(0)
  expect(blocks[1]!.key(1)).toEqual(ZEROS)
})

test('refills grow where keys are used and shrink where they grow old', () => {
  const { pool: tested, clock, blocks } = pool()
  for (let taken = 0; taken < 600; ) taken += tested.take(1, 10_000)!.count
  const counts = blocks.map(({ count }) => count)
  expect(counts.slice(0, 5)).toEqual([16, 32, 64, 128, 256])
  for (let idle = 0; idle < 10; idle++) {
    clock.now += POOL_AGE_MS
    tested.take(1, 10_000)
  }
  expect(blocks.at(-1)!.count).toBe(16)
})

test('no more keys are drawn than the epoch may still encrypt', () => {
  const { pool: tested, blocks } = pool()
  expect(tested.take(100, 3)).toMatchObject({ from: 0, count: 3 })
  expect(tested.take(100, 0)).toBeUndefined()
  expect(blocks.map(({ count }) => count)).toEqual([3])
})
