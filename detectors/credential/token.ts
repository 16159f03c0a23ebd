import { afterEscape, EDGE_BEFORE, followsEscape, isAlphanumeric, isWord, MAYBE_ESCAPE } from '../boundary.ts'
import { entropy } from '../checksum/entropy.ts'
import type { Activation, Detector, Gate } from '../detector.ts'
import { isPartOfSealed } from './own-output.ts'

/** One shape of a vendor's tokens. */
export interface TokenShape {
  /** For RE2 and JavaScript alike, and bounded in length. */
  readonly shape: string
  /** For the first look, where the shape begins with what is in every text: a part of it that is not. */
  readonly wake?: string
  /** Whether a text of this shape is a token: its checksum, say. Without it, a text that repeats itself is none. */
  accept?(token: string): boolean
}

export interface TokenDescription {
  readonly name: string
  readonly title: string
  readonly finds: string
  readonly misses: string
  /** Where one begins like another, the longer one comes first. */
  readonly shapes: readonly TokenShape[]
  readonly examples: readonly string[]
  /**
   * Shapes begin with a literal where they are looked for in every value. True where they do not: an escape before the
   * token looks like a part of it then (`%3D0bad…`).
   */
  readonly beginsAnyhow?: true
  readonly activation?: Activation
  readonly gate?: Gate
}

/** `AIzaXXXX…` of a manual has less, random hexadecimal digits have more, in bits per character. */
const LEAST_ENTROPY = 3

export function isNoFiller(token: string): boolean {
  return entropy(token) >= LEAST_ENTROPY
}

/**
 * Counts beyond this are checked by the shape alone: for RE2, each is a copy of its piece, and all patterns share one
 * automaton.
 */
const MOST_COPIES = 12

/** A pattern that matches wherever a shape does, with fewer copies of its pieces. */
function loosened(shape: string): string {
  return shape.replace(/\{(\d+)(?:,(\d*))?\}/g, (count: string, least: string, most: string | undefined) =>
    Number(most ?? least) > MOST_COPIES ? `{${Math.min(Number(least), MOST_COPIES)},}` : count,
  )
}

/** A detector of tokens that a vendor made to be recognised: a prefix, an alphabet, a length, perhaps a checksum. */
export function tokenDetector(description: TokenDescription): Detector {
  const { shapes, gate, activation = 'always', beginsAnyhow, ...rest } = description
  const fixed = shapes.filter(({ wake }) => wake === undefined)
  const parts = shapes.flatMap(({ wake }) => wake ?? [])
  const whole = shapes.map(({ shape, accept = isNoFiller }) => ({ re: new RegExp(`^(?:${shape})$`), accept }))
  return {
    ...rest,
    group: 'credential',
    activation,
    ...(gate === undefined ? {} : { gate }),
    patterns: [`${beginsAnyhow ? MAYBE_ESCAPE : ''}(?:${shapes.map(({ shape }) => loosened(shape)).join('|')})`],
    wakes: [
      ...(fixed.length > 0 ? [`${EDGE_BEFORE}(?:${fixed.map(({ shape }) => loosened(shape)).join('|')})`] : []),
      ...parts,
    ],
    lowEntropy: false,
    confirm(text, candidate) {
      const start = beginsAnyhow ? afterEscape(text, candidate) : candidate.start
      const { end } = candidate
      if (end <= start || !standsAlone(text, start, end)) return undefined
      const token = text.slice(start, end)
      const shape = whole.find(({ re }) => re.test(token))
      // Sealed values look random, and at times like a token.
      return shape?.accept(token) === true && !isPartOfSealed(text, start) ? { start, end } : undefined
    },
    normalise: (match) => match,
  }
}

/** No letter or digit before, nor an underscore behind: `key_` may stand before a token, `_key` not behind it. */
export function standsAlone(text: string, start: number, end: number): boolean {
  if (isWord(text, end) && isWord(text, end - 1)) return false
  return !isAlphanumeric(text, start - 1) || followsEscape(text, start)
}
