import { DETECTORS } from '../../detectors/index.ts'
import { DetectorSet } from '../../detectors/set.ts'
import { CANARIES } from '../../processor/transports/testing/canaries.ts'
import { KEYS } from '../../processor/transports/testing/keys.ts'

/** Detectors that count without being named in a rule. */
const ON = DETECTORS.filter(({ activation }) => activation !== 'off')
const SET = new DetectorSet(ON)

/** A value of the catalogue, in a field of its own. */
export interface PlantedLeak {
  readonly detector: string
  /** Under `planted`: the name of the detector, or one by which it knows the value. */
  readonly key: string
  readonly text: string
}

/** One for each detector that is on. */
export const PLANTED: readonly PlantedLeak[] = ON.map(({ name }) => ({
  detector: name,
  key: KEYS[name] ?? name,
  text: CANARIES[name]!,
}))

/**
 * What is in one value under a key, by detector: the detectors are asked about it alone, with no record around it, no scan and
 * no sealing. Many values are found by more than one: a number with a label is one of its kind without the label as well.
 */
export function findingsIn(text: string, key: string): ReadonlyMap<string, number> {
  const byValue = SET.find(Buffer.from(text), () => true, key).map(({ detector }) => ON[detector]!.name)
  const known = [...SET.openedBy(key)].map((detector) => ON[detector]!)
  const byKey = known.filter(({ activation }) => activation === 'key').map(({ name }) => name)
  const counts = new Map<string, number>()
  for (const name of [...byValue, ...byKey]) counts.set(name, (counts.get(name) ?? 0) + 1)
  return counts
}
