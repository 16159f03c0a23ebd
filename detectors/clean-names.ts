import { DEFAULT_DETECTORS } from './index.ts'
import { DetectorSet } from './set.ts'

/** All that counts without being named: made when it is first needed, and costly to make. */
let defaultSet: DetectorSet | undefined

/**
 * Whether the name of a service may stand in a metric: neither what a scan looks for is in it, nor what it might have looked
 * for.
 *
 * @param set - of the scan.
 * @throws MatchingError
 */
export function isCleanService(name: string, set: DetectorSet): boolean {
  return holdsNone(set, name, 'service.name') && isCleanPath(name, set, 'service.name')
}

/** The same of a path, in which keys with what the scan looks for are masked already. @throws MatchingError */
export function isCleanPath(path: string, set: DetectorSet, key = ''): boolean {
  const has = new Set(set.detectors)
  if (DEFAULT_DETECTORS.every((detector) => has.has(detector))) return true
  defaultSet ??= new DetectorSet(DEFAULT_DETECTORS)
  return holdsNone(defaultSet, path, key)
}

function holdsNone(set: DetectorSet, text: string, key: string): boolean {
  return set.find(Buffer.from(text), () => true, key).length === 0
}
