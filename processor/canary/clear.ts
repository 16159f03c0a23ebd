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
 * A record with something that a detector finds and no rule acts on.
 *
 * @param path - where it has to stand; by default in an attribute.
 * @returns undefined where the rules leave nothing alone.
 */
export function clearCanary(engine: ExplainingEngine, path: string | undefined): ClearCanary | undefined {
  const { run, next } = idMaker()
  const candidates = Object.entries(CANARIES).map(([detector, text]): ClearCanary => {
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
  const left = candidates.filter((candidate) => isLeftAlone(candidate.planted.id))
  return left.find(({ detector }) => KEYS[detector] === undefined) ?? left[0]
}
