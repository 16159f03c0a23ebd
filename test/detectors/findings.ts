import { DETECTORS } from '../../detectors/index.ts'
import { DetectorSet, type Finding } from '../../detectors/set.ts'
import type { Line } from '../corpora/ordinary/line.ts'

/** What rules that name no detector of its own look for: addresses of machines are off, and key names need keys. */
export const IN_ORDINARY_LOGS = DETECTORS.filter(({ activation }) => activation === 'always' || activation === 'gated')

const SET = new DetectorSet(IN_ORDINARY_LOGS)

export interface NamedFinding extends Finding {
  readonly name: string
  readonly text: string
}

export function findingsIn({ key, text }: Line): NamedFinding[] {
  const value = Buffer.from(text)
  return SET.find(value, () => true, key).map((finding) => ({
    ...finding,
    name: IN_ORDINARY_LOGS[finding.detector]!.name,
    text: value.toString('utf8', finding.start, finding.end),
  }))
}

/** A finding for people: what, where, and what opened its gate. */
export function said({ key, text }: Line, finding: NamedFinding): string {
  const opened = finding.opened === undefined ? '' : ` (by ${finding.opened})`
  return `${finding.name}${opened} ${JSON.stringify(finding.text)} in ${key === '' ? '' : `${key}: `}${JSON.stringify(text.slice(0, 300))}`
}
