import type { Detector } from '../../../detectors/detector.ts'
import { DEFAULT_DETECTORS, DETECTORS } from '../../../detectors/index.ts'
import { DetectorSet } from '../../../detectors/set.ts'
import { KEYS } from './keys.ts'

/** A value that stands for personal data or a secret, and what has to be logged so that it is known for one. */
export interface PlantedCanary {
  readonly name: string
  /** What is logged. */
  readonly text: string
  /** The part of it that must not come out. */
  readonly value: string
  /** The field that it has to stand in, where that alone says what it is. */
  readonly key?: string
}

/** Detectors that the default rules leave alone: special categories of data, and numbers of securities. */
export const NOT_BY_DEFAULT: readonly string[] = [
  'age',
  'gender',
  'ethnicity',
  'religion',
  'political_opinion',
  'trade_union',
  'sexual_orientation',
  'marital_status',
  'nationality',
  'isin',
  'cusip',
]

/**
 * What is logged for each detector that is not off, by its name. It is made up, or given out for tests: it comes from the
 * examples of the catalogue.
 */
export const CANARIES: Readonly<Record<string, string>> = Object.fromEntries(
  DEFAULT_DETECTORS.map((detector) => [detector.name, textOf(detector)]),
)

/** Those whose detectors the default rules have. */
export const DEFAULT_CANARIES: readonly string[] = Object.keys(CANARIES).filter(
  (name) => !NOT_BY_DEFAULT.includes(name),
)

/** @throws TypeError where there is none of that name. */
export function canaryOf(name: string): PlantedCanary {
  const detector = DETECTORS.find((other) => other.name === name)
  const text = CANARIES[name]
  if (detector === undefined || text === undefined)
    throw new TypeError(`there is no canary of that name: ${Object.keys(CANARIES).join(', ')}`)
  const key = KEYS[name]
  if (key !== undefined) return { name, text, value: text, key }
  const bytes = Buffer.from(text)
  const [found] = new DetectorSet([detector]).find(bytes, () => true, '')
  return { name, text, value: found === undefined ? text : bytes.toString('utf8', found.start, found.end) }
}

/** The longest: short values are found by chance. Where the key alone decides, any text will do. */
function textOf({ name, activation, examples }: Detector): string {
  if (activation === 'key') return `made up for ${name.replaceAll('_', ' ')}`
  return examples.reduce((longest, example) => (example.length > longest.length ? example : longest))
}
