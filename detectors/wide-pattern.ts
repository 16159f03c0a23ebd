/** Copies of a piece of a pattern from which on it may need to be kept away from other patterns. */
const MANY_COPIES = 50

/** An escape, a class, a counted repetition, or any other character. */
const PIECE = /\\.|\[(?:\\.|[^\]])*\]|\{(\d+)(?:,(\d*))?\}|./gs

/** What stands for itself. */
const LITERAL = /^(?:[\w/:@=<>"'`~!#%&,; -]|\\[^\w])$/

/** Literal characters in a row that seldom stand in a text by chance. */
const FIXED_START = 3

/**
 * Whether a pattern repeats a piece many times by count, with nothing fixed before it: `.{0,100}x` is a hundred copies of
 * `.`, and each place of a text begins a match that may be at any of them. In a set such states multiply with those of
 * the other patterns, until the automaton is beyond its memory; in a set of its own the pattern costs what it costs alone.
 *
 * `dop_v1_[0-9a-f]{64}` is not one: few places of a text begin a match.
 */
export function isWide(source: string): boolean {
  let literals = 0
  for (const [piece, least, most] of source.matchAll(PIECE)) {
    if (least !== undefined) {
      if (Math.max(Number(least), Number(most ?? 0)) >= MANY_COPIES) return true
      literals = 0
    } else {
      literals = LITERAL.test(piece) ? literals + 1 : 0
      if (literals >= FIXED_START) return false
    }
  }
  return false
}
