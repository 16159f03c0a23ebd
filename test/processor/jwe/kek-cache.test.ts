import { expect, test } from 'vitest'
import { KEK_CACHE_AGE_MS, KEK_CACHE_ENTRIES, KekCache } from '../../../processor/jwe/kek-cache.ts'

const kek = (byte: number) => Buffer.alloc(32, byte)
const ZEROS = Buffer.alloc(32)

test('a key is derived once in ten minutes, and overwritten when it is too old', () => {
  const clock = { now: 0 }
  const cache = new KekCache(() => clock.now)
  const first = cache.get('a', () => kek(1))!
  clock.now = KEK_CACHE_AGE_MS - 1
  expect(cache.get('a', () => kek(2))).toBe(first)
  clock.now = KEK_CACHE_AGE_MS
  expect(cache.get('a', () => kek(3))).toEqual(kek(3))
  expect(first).toEqual(ZEROS)
})

test('the longest unused key goes first and is overwritten', () => {
  const cache = new KekCache(() => 0)
  const keks = Array.from({ length: KEK_CACHE_ENTRIES }, (_, at) => cache.get(String(at), () => kek(1 + (at % 255)))!)
  cache.get('0', () => undefined)
  cache.get('one more', () => kek(9))
  expect(cache.size).toBe(KEK_CACHE_ENTRIES)
  expect(keks[1]).toEqual(ZEROS)
  expect(keks[0]).toEqual(kek(1))
  expect(keks[2]).toEqual(kek(3))
})

test('what cannot be derived is not kept, and clearing overwrites everything', () => {
  const cache = new KekCache(() => 0)
  expect(cache.get('a', () => undefined)).toBeUndefined()
  expect(cache.size).toBe(0)
  const kept = cache.get('a', () => kek(1))!
  cache.clear()
  expect([cache.size, kept]).toEqual([0, ZEROS])
})
