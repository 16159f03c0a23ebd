import { detectorByName } from '../../../detectors/index.ts'
import { DetectorSet } from '../../../detectors/set.ts'
import { VALIDATORS } from '../../../detectors/validators.ts'

/**
 * Whether a detector, with its gate open, takes a value from its first to its last letter or digit; or whether a
 * checksum for rule files accepts it.
 */
export function accepts(name: string, value: string): boolean {
  const bytes = Buffer.from(value.replace(/^[^0-9A-Za-z]+|[^0-9A-Za-z]+$/g, ''))
  if (bytes.length === 0) return false
  const detector = detectorByName(name)
  if (detector === undefined) return VALIDATORS.get(name)!(bytes.toString('latin1'), { start: 0, end: bytes.length })
  const { gate: _, ...open } = detector
  const found = new DetectorSet([{ ...open, activation: 'always' }]).find(bytes, () => true, '')
  return found.some(({ start, end }) => start === 0 && end >= bytes.length)
}
