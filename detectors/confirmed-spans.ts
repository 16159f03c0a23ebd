import type { Detector, Span } from './detector.ts'
import { MatchingError } from './pattern-group.ts'
import type { RE2 } from './re2.ts'

/** Rejected candidates of one value that are looked into again before the rest of a candidate is taken as it is. */
export const RETRY_BUDGET = 4096

/** Tokens are runs of ASCII letters and digits. */
function isTokenByte(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122)
}

/**
 * Runs one pattern over one value and lets the detector confirm.
 *
 * A greedy match may swallow a neighbour (`123 4111111111111111` is one run of 19 digits), so a rejected candidate is
 * tried again with each shorter end at a token boundary, and then the search starts again at the next token in it.
 */
export function confirmedSpans(
  re: RE2,
  value: Buffer,
  text: string,
  detector: Detector,
  budget: { left: number },
): Span[] {
  const spans: Span[] = []
  let from = 0
  while (from < value.length) {
    const candidate = matchFrom(re, value, from)
    if (candidate === undefined) break
    if (candidate.end === candidate.start) {
      // `\b[0-9]*` matches nothing at the beginning of each word.
      from = characterAfter(value, candidate.end)
      continue
    }
    if (budget.left <= 0) {
      // Fail closed: what there is no budget left to look into counts as found.
      spans.push(candidate)
      from = candidate.end
      continue
    }
    const span = confirmShortening(text, candidate, detector, budget)
    if (span !== undefined) {
      spans.push(wholeCharacters(value, span))
      from = Math.max(span.end, from + 1)
    } else {
      from = nextTokenStart(text, candidate)
    }
  }
  return spans
}

/** All matches of a pattern in a value. */
export function candidates(re: RE2, value: Buffer): Span[] {
  const spans: Span[] = []
  for (let from = 0; from < value.length; ) {
    const span = matchFrom(re, value, from)
    if (span === undefined) break
    if (span.end > span.start) spans.push(span)
    from = span.end > from ? span.end : characterAfter(value, from)
  }
  return spans
}

/**
 * A span that takes in whole characters: detectors see bytes, and where one cuts a character the rest of it would be
 * neither sealed nor text.
 */
function wholeCharacters(value: Buffer, { start, end }: Span): Span {
  let from = start
  let to = end
  while (from > 0 && isContinuation(value[from])) from -= 1
  while (to < value.length && isContinuation(value[to])) to += 1
  return from === start && to === end ? { start, end } : { start: from, end: to }
}

/** `10xxxxxx` (RFC 3629, section 3). */
function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80
}

/** The start of the next character of UTF-8. */
function characterAfter(value: Buffer, position: number): number {
  let next = position + 1
  while (next < value.length && (value[next]! & 0xc0) === 0x80) next += 1
  return next
}

/** The first match that starts at `from` or later. */
function matchFrom(re: RE2, value: Buffer, from: number): Span | undefined {
  try {
    re.lastIndex = from
    if (!re.test(value)) return undefined
    // `exec` makes objects that nobody needs, at ten times the price: `test` says where the match ends, and `search`
    // where the first one starts.
    if (from === 0) return { start: re.search(value), end: re.lastIndex }
    re.lastIndex = from
    const match: { index: number; 0: Buffer } | null = re.exec(value)
    return match === null ? undefined : { start: match.index, end: match.index + match[0].length }
  } catch {
    throw new MatchingError('a pattern could not be matched')
  }
}

function confirmShortening(
  text: string,
  candidate: Span,
  detector: Detector,
  budget: { left: number },
): Span | undefined {
  let end = candidate.end
  while (end > candidate.start && budget.left > 0) {
    budget.left -= 1
    const span = detector.confirm(text, { start: candidate.start, end })
    if (span !== undefined && span.end > span.start) return span
    end = previousTokenEnd(text, candidate.start, end)
  }
  return undefined
}

/** The end of the last token that ends before `end`; `start` where there is none. */
function previousTokenEnd(text: string, start: number, end: number): number {
  let position = end - 1
  while (position > start) {
    if (isTokenByte(text.charCodeAt(position - 1)) && !isTokenByte(text.charCodeAt(position))) return position
    position -= 1
  }
  return start
}

/** The start of the first token that starts inside the candidate, after its first byte; its end where there is none. */
function nextTokenStart(text: string, { start, end }: Span): number {
  for (let position = start + 1; position < end; position += 1) {
    if (isTokenByte(text.charCodeAt(position)) && !isTokenByte(text.charCodeAt(position - 1))) return position
  }
  return end
}
