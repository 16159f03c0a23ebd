import { asciiLowerCase, type PathStep, parsePath, pathMatches } from '../../rules/path.ts'

/** Whether a path as people write it names a path as it is shown, where keys with a finding are `*`. */
export function isPlace(written: string, shown: string): boolean {
  if (asciiLowerCase(written) === asciiLowerCase(shown)) return true
  const pattern = parsePath(written)
  const steps = stepsOf(shown)
  return typeof pattern !== 'string' && steps !== undefined && pathMatches(pattern, steps)
}

/** Whether a path as people write it names a path as it is shown, or something in the map or array that stands there. */
export function isPlaceWithin(written: string, shown: string): boolean {
  if (isPlace(written, shown)) return true
  const pattern = parsePath(written)
  const steps = stepsOf(shown)
  if (typeof pattern === 'string' || steps === undefined) return false
  const { source, segments } = pattern
  return segments.some((_, end) => pathMatches({ source, segments: segments.slice(0, end) }, steps))
}

function stepsOf(shown: string): PathStep[] | undefined {
  const place = parsePath(shown)
  if (typeof place === 'string') return undefined
  return place.segments.map((segment): PathStep => {
    if (segment.kind === 'element') return { kind: 'element' }
    if (segment.kind === 'name') return { kind: 'key', key: segment.name }
    return { kind: 'key', key: segment.kind === 'key' ? segment.key : '*' }
  })
}
