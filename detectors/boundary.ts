import type { Span } from './detector.ts'

/**
 * Pattern piece for the left edge of a match: a word boundary, or an escape that ends in a letter or digit.
 *
 * Texts inside texts are common in logs: in `card%3D4111…` and in a quoted `"\n4111…"` the character before the number
 * is a letter, yet the number stands alone. The escape becomes part of the candidate; `afterEscape` skips it.
 */
export const LEFT_EDGE = String.raw`(?:\b|%[0-9A-Fa-f]{2}|\\(?:[bfnrt]|u[0-9A-Fa-f]{4}))`

/** Pattern piece like `LEFT_EDGE`, for values that may begin with any character, a slash say: an escape, or nothing. */
export const MAYBE_ESCAPE = String.raw`(?:%[0-9A-Fa-f]{2}|\\(?:[bfnrt]|u[0-9A-Fa-f]{4}))?`

/**
 * Pattern piece for the first look at many values: what may stand before a value that no letter or digit may touch. With it,
 * few places of a text begin a match; it takes the character before the value with it.
 */
export const EDGE_BEFORE = String.raw`(?:^|[^0-9A-Za-z]|%[0-9A-Fa-f]{2}|\\(?:[bfnrt]|u[0-9A-Fa-f]{4}))`

const ESCAPE_BEFORE = /(?:%[0-9A-Fa-f]{2}|\\(?:[bfnrt]|u[0-9A-Fa-f]{4}))$/

/** Longest escape: `\u003c`. */
const ESCAPE_BYTES = 6

/** Where the value begins in a candidate whose pattern began with `LEFT_EDGE`. */
export function afterEscape(text: string, candidate: Span): number {
  const first = text.charCodeAt(candidate.start)
  if (first === 0x25) return candidate.start + 3
  if (first !== 0x5c) return candidate.start
  return candidate.start + (text.charCodeAt(candidate.start + 1) === 0x75 ? 6 : 2)
}

/** An ASCII letter or digit at `index`; bytes of other scripts and positions outside the text are not. */
export function isAlphanumeric(text: string, index: number): boolean {
  const code = text.charCodeAt(index)
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122)
}

export function isDigit(text: string, index: number): boolean {
  const code = text.charCodeAt(index)
  return code >= 48 && code <= 57
}

/** `[0-9A-Za-z_]` at `index`. */
export function isWord(text: string, index: number): boolean {
  return isAlphanumeric(text, index) || text.charCodeAt(index) === 0x5f
}

/** True where an escape such as `%3D` or `\n` ends right before `index`: what follows it stands alone. */
export function followsEscape(text: string, index: number): boolean {
  return ESCAPE_BEFORE.test(text.slice(Math.max(0, index - ESCAPE_BYTES), index))
}

/** True where a letter, digit or underscore makes the byte at `index` the middle of a longer word. */
export function wordBefore(text: string, index: number): boolean {
  return isWord(text, index - 1) && !followsEscape(text, index)
}

/**
 * True where what begins at `index` is the tail of something longer: a word, `1.` of a version, `ab-` of a UUID.
 * A space never joins, and neither does the full stop of a sentence.
 */
export function joinedBefore(text: string, index: number): boolean {
  if (wordBefore(text, index)) return true
  return isDotOrHyphen(text, index - 1) && isAlphanumeric(text, index - 2)
}

/** The same on the right, where `index` is the first byte after the match. */
export function joinedAfter(text: string, index: number): boolean {
  if (isWord(text, index)) return true
  return isDotOrHyphen(text, index) && isAlphanumeric(text, index + 1)
}

function isDotOrHyphen(text: string, index: number): boolean {
  const code = text.charCodeAt(index)
  return code === 0x2e || code === 0x2d
}
