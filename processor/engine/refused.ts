import type { Batch, Owner } from '../formats/batch.ts'
import type { Edit } from '../formats/format.ts'

/** Places that must not leave, in order and none inside of another; undefined where that is the whole batch. */
export type RefusedPlaces = readonly Edit[] | undefined

/** What has to go with owners that must not be sent. */
export function refusedPlaces(batch: Batch, owners: Iterable<number>): RefusedPlaces {
  const refused = [...owners].map((index) => batch.owners[index]!)
  if (refused.some(({ placeStart }) => placeStart < 0)) return undefined
  const places: Owner[] = []
  for (const owner of refused.sort((a, b) => a.placeStart - b.placeStart || b.placeEnd - a.placeEnd)) {
    const last = places.at(-1)
    if (last === undefined || owner.placeEnd > last.placeEnd) places.push(owner)
  }
  return places.map(({ placeStart, placeEnd }) => ({ kind: 'remove', at: placeStart, end: placeEnd }))
}

/** Edits without those in places that go as a whole, and the places. */
export function withoutRefused(edits: readonly Edit[], places: readonly Edit[]): Edit[] {
  const isKept = (edit: Edit) =>
    !places.some((place) => place.kind === 'remove' && place.at <= edit.at && edit.at < place.end)
  return [...edits.filter(isKept), ...places]
}
