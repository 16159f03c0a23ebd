import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { backoff } from '../../../../processor/sinks/retry/backoff.ts'

describe('a wait', () => {
  const RETRY = { first: 250, longest: 5000, give_up: 20_000 }

  test('is doubled up to the longest, and random between half and all of it', () => {
    const attempts = fc.integer({ min: 1, max: 2000 })
    fc.assert(
      fc.property(attempts, (attempt) => {
        const all = Math.min(5000, 250 * 2 ** (attempt - 1))
        const wait = backoff(RETRY, attempt, undefined)
        expect(wait >= all / 2 && wait <= all).toBe(true)
      }),
    )
    const waits = Array.from({ length: 1000 }, () => backoff(RETRY, 3, undefined))
    expect(Math.min(...waits)).toBeLessThan(550)
    expect(Math.max(...waits)).toBeGreaterThan(950)
  })

  test('is what the backend asks for', () => {
    expect(backoff(RETRY, 7, 1000)).toBe(1000)
    expect(backoff(RETRY, 1, 3_600_000)).toBe(3_600_000)
    expect(backoff(RETRY, 1, 0)).toBe(0)
  })

  test('is not left out time after time', () => {
    expect(backoff(RETRY, 2, 0)).toBeGreaterThanOrEqual(250)
  })
})
