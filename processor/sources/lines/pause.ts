import { setTimeout as wait } from 'node:timers/promises'

/** Waits, or until the signal. @returns whether the time is over. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  return wait(milliseconds, true, { signal }).catch(() => false)
}
