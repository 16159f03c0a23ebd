import { expect, test } from 'vitest'
import { memoryGrowth } from '../../../bench/report/memory-growth.ts'

const samples = (bytes: (part: number) => number, count = 101) =>
  Array.from({ length: count }, (_, index) => ({ part: index / 100, bytes: bytes(index / 100) }))

test('growth is the last tenth over the third, whatever came before', () => {
  const growth = memoryGrowth(samples((part) => (part < 0.2 ? 900 : part < 0.3 ? 100 : part < 0.9 ? 400 : 110)))
  expect(growth).toEqual({ thirdTenth: 100, lastTenth: 110, ratio: 1.1 })
})

test('single peaks do not count', () => {
  expect(memoryGrowth(samples((part) => (part === 0.95 || part === 0.21 ? 1e6 : 100)))?.ratio).toBe(1)
})

test('too few samples say nothing', () => {
  expect(memoryGrowth([])).toBeUndefined()
  expect(memoryGrowth(samples(() => 1, 50))).toBeUndefined()
})
