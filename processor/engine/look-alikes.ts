import type { Span } from '../../detectors/detector.ts'
import { detectorByName } from '../../detectors/index.ts'
import type { Claim } from './claims.ts'
import { firstEndingBehind } from './pieces.ts'

/**
 * Whether a claim was made by a detector of the catalogue. None of them finds anything in a placeholder or pseudonym
 * that a stage has written, except by a chance of less than one in a thousand million; a rule's own pattern may.
 */
export function isOfCatalogue({ detector }: Claim): boolean {
  return detector !== undefined && detectorByName(detector.name)?.confirm === detector.confirm
}

/**
 * What is left of spans that look like the work of an earlier stage, without those that were made to hide something:
 * `[sealed:4111111111111111:…/0]` has the form of a placeholder and a card number for its kind.
 *
 * @param taken - in order and apart from each other.
 */
export function withoutLookAlikes(taken: readonly Span[], claims: readonly Claim[]): readonly Span[] {
  const forged = new Set<Span>()
  for (const claim of claims) {
    const { found } = claim
    if (found === undefined || !isOfCatalogue(claim)) continue
    const around = taken[firstEndingBehind(taken, found.start)]
    if (around !== undefined && around.start <= found.start && found.end <= around.end) forged.add(around)
  }
  return forged.size === 0 ? taken : taken.filter((span) => !forged.has(span))
}
