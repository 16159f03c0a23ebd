import type { RE2 } from '../detectors/re2.ts'
import { type PathPattern, type PathStep, pathMatches } from './path.ts'

/** A named exception from one rule. */
export interface ExceptionTest {
  readonly name: string
  readonly pattern: RE2 | undefined
  readonly paths: readonly PathPattern[]
  /** Milliseconds since the epoch from which it no longer applies. */
  readonly expiresAt: number
}

/**
 * Whether the exception takes the match away from its rule: pattern and path must both agree where both are given.
 *
 * @param matched - undefined for a map or an array, in which no pattern finds anything, not even the empty text.
 */
export function isExcepted(
  exception: ExceptionTest,
  matched: string | undefined,
  steps: readonly PathStep[],
  now: number,
): boolean {
  if (now >= exception.expiresAt) return false
  if (exception.paths.length > 0 && !exception.paths.some((path) => pathMatches(path, steps))) return false
  return exception.pattern === undefined || (matched !== undefined && exception.pattern.test(matched))
}
