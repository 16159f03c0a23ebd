import { type PathStep, parsePath, pathMatches } from '../../rules/path.ts'
import type { LeakScanSettings } from '../config/leak-scan-settings.ts'
import type { ExplainingEngine } from '../engine.ts'
import { CANARIES } from '../transports/testing/canaries.ts'
import { KEYS } from '../transports/testing/keys.ts'
import { expectationOf } from './expected.ts'
import { CANARY_SERVICE, idMaker, type Planted, recordAt } from './planted.ts'

/** The canary in the clear: the detector that has to find it, and its record. */
export interface ClearCanary {
  readonly detector: string
  readonly path: string
  readonly planted: Planted
}

/**
 * A record with something that a detector of the leak scan finds and no rule acts on.
 *
 * @param path - where it has to stand; by default in an attribute.
 * @returns undefined where the rules leave nothing alone.
 */
export function clearCanary(
  engine: ExplainingEngine,
  scan: Pick<LeakScanSettings, 'detectors' | 'ignore'>,
  path: string | undefined,
): ClearCanary | undefined {
  const { run, next } = idMaker()
  const names = Object.entries(CANARIES).filter(([detector]) => scan.detectors?.includes(detector) ?? true)
  const candidates = names.map(([detector, text]): ClearCanary => {
    const place = path ?? `attributes.${KEYS[detector] ?? 'canary'}`
    const record = recordAt(place, text)
    const resource = { ...record.resource, 'service.name': CANARY_SERVICE }
    return {
      detector,
      path: place,
      planted: { id: next(), name: `${detector} in the clear`, record: { ...record, resource } },
    }
  })
  const planted = candidates.map((candidate) => candidate.planted)
  const { isLeftAlone } = expectationOf(engine, planted, run)
  // A shape says more than the name of a field, which a scan may read differently.
  const left = candidates.filter(
    (candidate) => isLeftAlone(candidate.planted.id) && !isIgnored(candidate.path, scan.ignore),
  )
  return left.find(({ detector }) => KEYS[detector] === undefined) ?? left[0]
}

/** Whether the leak scan is told not to look there. */
function isIgnored(path: string, ignore: readonly string[]): boolean {
  const place = parsePath(path)
  if (typeof place === 'string') return false
  const steps = place.segments.map((segment): PathStep => {
    if (segment.kind === 'element') return { kind: 'element' }
    if (segment.kind === 'name') return { kind: 'key', key: segment.name }
    return { kind: 'key', key: segment.kind === 'key' ? segment.key : 'canary' }
  })
  return ignore.some((pattern) => {
    const parsed = parsePath(pattern)
    return typeof parsed !== 'string' && pathMatches(parsed, steps)
  })
}
