import type { RetrySettings } from './settings.ts'

/**
 * Milliseconds to wait before an attempt is repeated: doubled each time, and random by half, so that those who failed
 * together do not come back together. What the backend asks for is kept to instead.
 *
 * @param attempts - how many have failed, from 1
 * @param retryAfter - milliseconds that the backend asked for
 */
export function backoff({ first, longest }: RetrySettings, attempts: number, retryAfter: number | undefined): number {
  if (retryAfter !== undefined && retryAfter > 0) return retryAfter
  // "At once" is done once; said again and again it would be a loop.
  if (retryAfter === 0 && attempts === 1) return 0
  const longestNow = Math.min(longest, first * 2 ** (attempts - 1))
  return longestNow * (0.5 + Math.random() / 2)
}
