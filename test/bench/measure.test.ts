import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { time, warmUp } from '../../bench/measure.ts'

const busy = (): number => {
  let sum = 0
  for (let i = 0; i < 100_000; i += 1) sum += Math.sqrt(i)
  return sum
}

test('work is repeated until the time is over, and its CPU time is counted', async () => {
  let calls = 0
  const { iterations, wallSeconds, cpuSeconds } = await time(() => {
    calls += 1
    return busy()
  }, 0.05)
  expect(iterations).toBe(calls)
  expect(wallSeconds).toBeGreaterThanOrEqual(0.05)
  expect(cpuSeconds).toBeGreaterThan(0)
})

test('work that is longer than the time is done once, to its end', async () => {
  let done = false
  const { iterations } = await time(async () => {
    await new Promise((resolve) => setTimeout(resolve, 20))
    done = true
  }, 0.001)
  expect([iterations, done]).toEqual([1, true])
})

test('a failure of asynchronous work is not lost', async () => {
  await expect(time(() => Promise.reject(new Error('no')), 0.01)).rejects.toThrow('no')
})

test('warming up ends, also where the cost of the work never settles', async () => {
  let calls = 0
  await warmUp(() => {
    calls += 1
    for (let i = 0; i < calls % 50; i += 1) busy()
  })
  expect(calls).toBeGreaterThan(0)
})

test('by the clock of the thread, what other threads do is not counted', async () => {
  const other = new Worker('for (;;) {}', { eval: true })
  await once(other, 'online')
  const { cpuSeconds } = await time(() => new Promise((resolve) => setTimeout(resolve, 200)), 0.2, 'thread')
  await other.terminate()
  expect(cpuSeconds).toBeLessThan(0.1)
})
