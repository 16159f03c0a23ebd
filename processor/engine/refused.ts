import type { Span } from '../../detectors/detector.ts'
import type { Batch, Owner } from '../formats/batch.ts'
import type { Edit } from '../formats/format.ts'
import { firstEndingBehind } from './pieces.ts'

/** What has to go with owners that must not be sent: in order, and apart from each other; undefined for the whole batch. */
export function refusedPlaces(batch: Batch, owners: Iterable<number>): readonly Span[] | undefined {
  const refused = [...owners].map((index) => batch.owners[index]!)
  if (refused.some(({ placeStart }) => placeStart < 0)) return undefined
  const places: Owner[] = []
  for (const owner of refused.sort((a, b) => a.placeStart - b.placeStart || b.placeEnd - a.placeEnd)) {
    const last = places.at(-1)
    if (last === undefined || owner.placeEnd > last.placeEnd) places.push(owner)
  }
  return places.map(({ placeStart, placeEnd }) => ({ start: placeStart, end: placeEnd }))
}

/** Edits that take out the places, and those that lie in none of them. */
export function withoutRefused(batch: Batch, edits: readonly Edit[], places: readonly Span[]): Edit[] {
  const isGone = (edit: Edit): boolean => {
    const at = batch.placeOf(edit.at)
    const place = places[firstEndingBehind(places, at)]
    return place !== undefined && place.start <= at
  }
  const removals = places.map(({ start, end }): Edit => ({ kind: 'remove', at: start, end }))
  return [...edits.filter((edit) => !isGone(edit)), ...removals]
}
