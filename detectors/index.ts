import { CONTACT } from './contact/index.ts'
import { CREDENTIAL } from './credential/index.ts'
import type { Detector } from './detector.ts'
import { FINANCIAL } from './financial/index.ts'
import { HEALTH } from './health/index.ts'
import { IDENTITY } from './identity/index.ts'
import { NATIONAL_ID } from './national-id/index.ts'
import { NETWORK } from './network/index.ts'

/** The catalogue, group by group. The order is that of the reference page and of reports. */
export const DETECTORS: readonly Detector[] = [
  ...CONTACT,
  ...IDENTITY,
  ...FINANCIAL,
  ...HEALTH,
  ...NATIONAL_ID,
  ...NETWORK,
  ...CREDENTIAL,
]

/** Those that count without being named in a rule. */
export const DEFAULT_DETECTORS: readonly Detector[] = DETECTORS.filter(({ activation }) => activation !== 'off')

const BY_NAME: ReadonlyMap<string, Detector> = new Map(DETECTORS.map((detector) => [detector.name, detector]))

export function detectorByName(name: string): Detector | undefined {
  return BY_NAME.get(name)
}
