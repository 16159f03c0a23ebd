/** Copies of a piece of a pattern from which on it is kept away from other patterns. */
const MANY_COPIES = 50

const COUNTED = /\\.|\[(?:\\.|[^\]])*\]|\{(\d+)(?:,(\d*))?\}/g

/**
 * Whether a pattern repeats a piece many times by count: `.{0,100}` is a hundred copies of `.`, and each place of a text
 * may be at any of them. In a set such states multiply with those of the other patterns, until the automaton is beyond
 * its memory; in a set of its own the pattern costs what it costs alone.
 */
export function isWide(source: string): boolean {
  return [...source.matchAll(COUNTED)].some(
    ([, least, most]) => Math.max(Number(least ?? 0), Number(most ?? 0)) >= MANY_COPIES,
  )
}
