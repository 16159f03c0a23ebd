import { setTimeout as wait } from 'node:timers/promises'

/** Waits until the promise settles, whichever way, but not longer than `milliseconds`. @returns whether it has settled. */
export async function settledWithin(promise: Promise<unknown>, milliseconds: number): Promise<boolean> {
  const ended = new AbortController()
  const settled = promise.then(
    () => true,
    () => true,
  )
  const late = wait(milliseconds, false, { signal: ended.signal }).catch(() => false)
  const inTime = await Promise.race([settled, late])
  ended.abort()
  return inTime
}
