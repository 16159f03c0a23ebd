import type { Detector } from '../../detectors/detector.ts'
import { DEFAULT_DETECTORS, detectorByName } from '../../detectors/index.ts'
import { FieldsealError } from '../errors.ts'

/**
 * The detectors that a scan runs, in the order of the catalogue, own ones behind it.
 *
 * @param lists - names as they were given, `a,b`; none: all that are not off, and all own ones.
 * @throws FieldsealError `FIELDSEAL_USAGE` for a name that no detector has.
 */
export function scanDetectors(lists: readonly string[], own: ReadonlyMap<string, Detector>): readonly Detector[] {
  if (lists.length === 0) return [...DEFAULT_DETECTORS, ...own.values()]
  const wanted = new Set(namesIn(lists, '--detectors', (name) => (own.get(name) ?? detectorByName(name)) !== undefined))
  const all = [...wanted].map((name) => own.get(name) ?? detectorByName(name)!)
  const order = [...DEFAULT_DETECTORS]
  const place = (detector: Detector) => order.indexOf(detector) >>> 0
  return all.toSorted((a, b) => place(a) - place(b))
}

/** @throws FieldsealError `FIELDSEAL_USAGE` for a name that is none. */
export function namesIn(lists: readonly string[], option: string, isKnown: (name: string) => boolean): string[] {
  const names = lists.flatMap((list) => list.split(',').map((name) => name.trim())).filter((name) => name !== '')
  const unknown = names.find((name) => !isKnown(name))
  if (unknown !== undefined)
    throw new FieldsealError('FIELDSEAL_USAGE', `${option}: there is no detector ${unknown.slice(0, 64)} in this scan`)
  return names
}
