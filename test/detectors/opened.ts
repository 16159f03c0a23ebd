import type { Detector } from '../../detectors/detector.ts'
import { DetectorSet } from '../../detectors/set.ts'

/** Whether the gate of a detector is opened by a key, as it stands in a record. */
export function opens(detector: Detector, key: string): boolean {
  return new DetectorSet([detector]).openedBy(key).has(0)
}

/** What a detector finds in a text, words and key considered. */
export function foundIn(detector: Detector, text: string, key = 'message'): string[] {
  const value = Buffer.from(text)
  const findings = new DetectorSet([detector]).find(value, () => true, key)
  return findings.map(({ start, end }) => value.toString('utf8', start, end))
}
