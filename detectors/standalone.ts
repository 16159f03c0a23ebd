import { afterEscape, joinedAfter, joinedBefore, LEFT_EDGE } from './boundary.ts'
import type { Detector } from './detector.ts'
import { wholeMatch } from './whole-match.ts'

export interface StandaloneFacts extends Omit<Detector, 'patterns' | 'confirm' | 'normalise'> {
  /**
   * The value itself, beginning and ending with a letter or digit: sources that RE2 and JavaScript read alike. The edges
   * are added.
   */
  readonly shapes: readonly string[]
  /** Whether a value that has one of the shapes has the right structure and check digits. Must not throw. */
  accepts(printed: string): boolean
  /** Letters and digits in upper case, where nothing else is said. */
  normalise?(match: string): string
}

/** A detector of values that stand alone: no letter, digit or underscore beside them, and no dot or hyphen that joins. */
export function standalone({ shapes, accepts, normalise = lettersAndDigits, ...facts }: StandaloneFacts): Detector {
  // A candidate may be cut short at the end of a token, and then has no shape any more.
  const exact = wholeMatch(shapes)
  return {
    ...facts,
    patterns: shapes.map((shape) => `${LEFT_EDGE}(?:${shape})\\b`),
    confirm(text, candidate) {
      const start = afterEscape(text, candidate)
      const { end } = candidate
      if (end <= start || joinedBefore(text, start) || joinedAfter(text, end)) return undefined
      const printed = text.slice(start, end)
      return exact.test(printed) && accepts(printed) ? { start, end } : undefined
    },
    normalise,
  }
}

/** `401-023 2137` is `4010232137`. */
export function lettersAndDigits(match: string): string {
  return match.replace(/[^0-9A-Za-z]/g, '').toUpperCase()
}
