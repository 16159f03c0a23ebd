import { afterEscape, joinedAfter, joinedBefore, LEFT_EDGE } from '../boundary.ts'
import type { Detector, Gate } from '../detector.ts'
import { wholeMatch } from '../whole-match.ts'
import { loosenedDigits } from './loosened-digits.ts'

/**
 * What tells one country's number from another's; the rest is the same for all of them.
 *
 * Where a number needs no word in its printed form but needs one as bare digits, it is two detectors: `dk_cpr` finds
 * `070761-4285` anywhere, `dk_cpr_labelled` finds `0707614285` beside a word.
 */
export interface NationalNumber extends Pick<Detector, 'name' | 'title' | 'finds' | 'misses' | 'examples'> {
  /**
   * The whole number as it is written, without boundaries: sources that RE2 and JavaScript read alike, bounded in
   * length. Each becomes a pattern of its own.
   */
  readonly shapes: readonly string[]
  /** Where a shape begins with letters, which every text has: see `Detector.wakes`. */
  readonly wakes?: readonly string[]
  /** Present: `gated`. Absent: `always`, or as `activation` says. */
  readonly gate?: Gate
  readonly activation?: 'off'
  /** Default: true. */
  readonly lowEntropy?: boolean
  /** Default: `LEFT_EDGE`; another one where a number may begin with a letter outside of ASCII. */
  readonly leftEdge?: string
  /** Further characters that, right beside a number, make it a part of something else: `/` of paths. */
  readonly apartFrom?: string
  /**
   * @param compact - the number in upper case, without spaces, full stops, hyphens and slashes.
   * @param written - the number as it stands in the text.
   */
  isValid(compact: string, written: string): boolean
}

/** What a validator of the package `stdnum` looks like from here. */
type Validate = (value: string) => { readonly isValid: boolean }

const SEPARATORS = /[ ./-]/g

/** The number in upper case, without the separators that countries print in it. */
export function compact(written: string): string {
  return written.replace(SEPARATORS, '').toUpperCase()
}

/** Asks a validator that may throw on odd input: what it throws on is no number. */
export function acceptedBy(validate: Validate): (compact: string) => boolean {
  return (number) => {
    try {
      return validate(number).isValid
    } catch {
      return false
    }
  }
}

/** A detector of tokens that have one of the shapes of a number, stand alone, and pass its check. */
export function numbered(number: NationalNumber): Detector {
  const {
    name,
    title,
    finds,
    misses,
    examples,
    shapes,
    gate,
    lowEntropy = true,
    leftEdge = LEFT_EDGE,
    apartFrom = '',
    wakes,
  } = number
  const whole = wholeMatch(shapes, 'u')
  return {
    name,
    title,
    group: 'national_id',
    activation: number.activation ?? (gate === undefined ? 'always' : 'gated'),
    finds,
    misses,
    patterns: shapes.map((shape) => `${leftEdge}(?:${shape})\\b`),
    ...(gate === undefined
      ? { wakes: wakes?.map(loosenedDigits) ?? shapes.map((shape) => `${leftEdge}(?:${loosenedDigits(shape)})\\b`) }
      : {}),
    ...(gate === undefined ? {} : { gate }),
    lowEntropy,
    examples,
    confirm(text, candidate) {
      const start = afterEscape(text, candidate)
      const { end } = candidate
      if (start >= end || joinedBefore(text, start) || joinedAfter(text, end)) return undefined
      if (apartFrom.includes(text[start - 1] ?? ' ') || apartFrom.includes(text[end] ?? ' ')) return undefined
      const written = Buffer.from(text.slice(start, end), 'latin1').toString()
      if (!whole.test(written) || !number.isValid(compact(written), written)) return undefined
      return { start, end }
    },
    normalise: compact,
  }
}
