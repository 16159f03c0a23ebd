import RE2 from 're2'
import type { Detector, Span } from '../../detectors/detector.ts'

export interface Match extends Span {
  readonly text: string
}

const compiled = new Map<string, RE2>()

/** A pattern, compiled once: that takes longer than to match it. Where a match begins is said each time. */
function compiledPattern(pattern: string): RE2 {
  const known = compiled.get(pattern)
  if (known !== undefined) return known
  const made = new RE2(pattern, 'gu')
  compiled.set(pattern, made)
  return made
}

/**
 * What the contract of a detector says, as plainly as it can be written: every candidate of every pattern, then the
 * same candidate with shorter ends, then the next token. The detector set must agree with it.
 *
 * @returns confirmed spans in bytes, ordered by start, without overlaps.
 */
export function findAll(detector: Detector, text: string | Buffer): Match[] {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text
  const latin1 = bytes.toString('latin1')
  const spans = detector.patterns.flatMap((pattern) => spansOf(detector, compiledPattern(pattern), bytes, latin1))
  spans.sort((a, b) => a.start - b.start || b.end - a.end)
  const matches: Match[] = []
  for (const span of spans) {
    if (span.start < (matches.at(-1)?.end ?? 0)) continue
    matches.push({ ...span, text: bytes.toString('utf8', span.start, span.end) })
  }
  return matches
}

function spansOf(detector: Detector, pattern: RE2, bytes: Buffer, latin1: string): Span[] {
  const spans: Span[] = []
  let from = 0
  while (from < bytes.length) {
    pattern.lastIndex = from
    const match = pattern.exec(bytes)
    if (match === null) break
    const candidate = { start: match.index, end: match.index + match[0].length }
    const span = confirmShortening(detector, latin1, candidate)
    if (span !== undefined) spans.push(span)
    from = span?.end ?? nextTokenStart(latin1, candidate)
  }
  return spans
}

function confirmShortening(detector: Detector, text: string, candidate: Span): Span | undefined {
  const taken = text.slice(candidate.start, candidate.end)
  const ends = [...taken.matchAll(/[0-9A-Za-z]+/g)].map((token) => candidate.start + token.index + token[0].length)
  for (const end of new Set([candidate.end, ...ends.reverse()])) {
    const span = detector.confirm(text, { start: candidate.start, end })
    if (span === undefined) continue
    if (span.start < candidate.start || span.end > end || span.end <= span.start)
      throw new Error('span outside candidate')
    return span
  }
  return undefined
}

function nextTokenStart(text: string, { start, end }: Span): number {
  const next = [...text.slice(start, end).matchAll(/(?<![0-9A-Za-z])[0-9A-Za-z]/g)].find((token) => token.index > 0)
  return next === undefined ? end : start + next.index
}
