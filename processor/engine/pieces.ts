import type { Span } from '../../detectors/detector.ts'
import { type Claim, precedes } from './claims.ts'

/** A part of a text that one claim has. */
export interface Piece extends Span {
  readonly claim: Claim
}

interface Boundary {
  readonly at: number
  readonly opens: boolean
  /** Undefined for what is taken. */
  readonly claim: Claim | undefined
}

/**
 * Shares a text out among claims that may overlap: the stronger takes its span whole, the weaker keeps what remains of
 * its own. What is `taken` already, such as the placeholder of another stage, nobody gets.
 *
 * One sweep over the boundaries: texts with very many findings must not cost more than linear time. How many claims
 * cover one place is bounded by the number of patterns, since matches of one pattern do not overlap.
 *
 * @returns pieces in order, apart from each other.
 */
export function shareOut(claims: readonly Claim[], taken: readonly Span[]): Piece[] {
  const [only] = claims
  if (only !== undefined && claims.length === 1 && taken.length === 0) {
    return only.end > only.start ? [{ start: only.start, end: only.end, claim: only }] : []
  }
  const boundaries: Boundary[] = [
    ...claims.map((claim) => ({ ...spanOf(claim), claim })),
    ...taken.map((span) => ({ ...spanOf(span), claim: undefined })),
  ]
    .flatMap(({ start, end, claim }) => [
      { at: start, opens: true, claim },
      { at: end, opens: false, claim },
    ])
    .sort((a, b) => a.at - b.at)
  const pieces: { start: number; end: number; claim: Claim }[] = []
  const open: Claim[] = []
  let takenDepth = 0
  let from = 0
  for (const { at, opens, claim } of boundaries) {
    const owner = takenDepth === 0 ? strongest(open) : undefined
    if (owner !== undefined && at > from) addPiece(pieces, from, at, owner)
    from = at
    if (claim === undefined) takenDepth += opens ? 1 : -1
    else if (opens) open.push(claim)
    else open.splice(open.indexOf(claim), 1)
  }
  return pieces
}

function spanOf({ start, end }: Span): Span {
  return { start, end }
}

function addPiece(
  pieces: { start: number; end: number; claim: Claim }[],
  start: number,
  end: number,
  claim: Claim,
): void {
  const last = pieces.at(-1)
  if (last?.claim === claim && last.end === start) last.end = end
  else pieces.push({ start, end, claim })
}

/** The claim that has a place which all of them cover; among equals the one that starts first. */
export function strongest(claims: readonly Claim[]): Claim | undefined {
  let best: Claim | undefined
  for (const claim of claims) {
    if (best === undefined || precedes(claim, best) || (!precedes(best, claim) && claim.start < best.start))
      best = claim
  }
  return best
}

/** What is left of a span when others, which are in order, are taken out of it. */
export function subtract(span: Span, others: readonly Span[]): Span[] {
  const left: Span[] = []
  let from = span.start
  for (const other of others) {
    if (other.end <= from) continue
    if (other.start >= span.end) break
    if (other.start > from) left.push({ start: from, end: other.start })
    from = other.end
  }
  if (from < span.end) left.push({ start: from, end: span.end })
  return left
}

/**
 * Whether nothing of a span is left beside others, which are in order and apart from each other. By halves: a text may
 * hold very many of them, and each of its findings is held against them.
 */
export function isCovered(span: Span, others: readonly Span[]): boolean {
  const first = firstEndingBehind(others, span.start)
  let last = first
  while (last < others.length && others[last]!.start < span.end) last += 1
  return subtract(span, others.slice(first, last)).length === 0
}

/** The index of the first span that ends behind `position`. */
export function firstEndingBehind(spans: readonly Span[], position: number): number {
  let low = 0
  let high = spans.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (spans[middle]!.end <= position) low = middle + 1
    else high = middle
  }
  return low
}
