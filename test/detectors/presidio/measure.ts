import type { Detector } from '../../../detectors/detector.ts'
import { detectorByName } from '../../../detectors/index.ts'
import { DetectorSet, type Finding } from '../../../detectors/set.ts'
import { IN_ORDINARY_LOGS } from '../findings.ts'
import type { Case, Wanted } from './cases.ts'
import { EXCLUDED_CASES } from './excluded-cases.ts'
import type { Row } from './rows.ts'

/** How many of how many, and which were wrong. */
export class Tally {
  readonly wrong: string[] = []
  total = 0

  add(id: string, isRight: boolean): void {
    this.total += 1
    if (!isRight) this.wrong.push(id)
  }

  merge(other: Tally): void {
    this.total += other.total
    this.wrong.push(...other.wrong)
  }

  /** 1 where there was nothing to be wrong about. */
  get share(): number {
    return this.total === 0 ? 1 : (this.total - this.wrong.length) / this.total
  }

  toString(): string {
    return `${this.total - this.wrong.length}/${this.total}`
  }
}

export interface Measured {
  /** Matches found as the text stands, by detectors that need nothing. */
  readonly found: Tally
  /** Texts without a match in which those found none. */
  readonly quiet: Tally
  /** Matches found under the key of the row. */
  readonly foundUnderKey: Tally
  /** Texts without a match in which nothing was found under the key. */
  readonly quietUnderKey: Tally
  /** Values of gated kinds, alone, in which no detector of the whole catalogue found anything. */
  readonly quietBare: Tally
}

export function detectorsOf({ detectors }: Row): readonly Detector[] {
  return detectors.flatMap((name) => detectorByName(name) ?? [])
}

export function missingDetectors({ detectors }: Row): readonly string[] {
  return detectors.filter((name) => detectorByName(name) === undefined)
}

const isGated = ({ activation }: Detector): boolean => activation === 'gated' || activation === 'key'

export function needsKey(row: Row): boolean {
  return detectorsOf(row).some(isGated)
}

type Find = (text: string, key: string) => Finding[]

function finder(detectors: readonly Detector[]): Find {
  const set = new DetectorSet(detectors)
  return (text, key) => set.find(Buffer.from(text), () => true, key)
}

const EVERYBODY = new DetectorSet(IN_ORDINARY_LOGS)

/** What anybody finds, but for those of `own` that need no key: to find is what they are for. */
function othersThan(own: readonly Detector[]): Find {
  const counts = IN_ORDINARY_LOGS.map((detector) => isGated(detector) || !own.includes(detector))
  return (text, key) => EVERYBODY.find(Buffer.from(text), (detector) => counts[detector]!, key)
}

/** At least half of it: Presidio counts the prefix length of a network, say, and a space before a number. */
function isFound({ start, end, isSomewhere }: Wanted, findings: readonly Finding[]): boolean {
  return findings.some(
    (finding) => isSomewhere || 2 * (Math.min(finding.end, end) - Math.max(finding.start, start)) >= end - start,
  )
}

/** The value alone; what was found of it, where nothing says where it is. */
function bareValue({ value, isSomewhere }: Wanted, findings: readonly Finding[]): string {
  const [first] = findings
  return isSomewhere && first !== undefined ? Buffer.from(value).toString('utf8', first.start, first.end) : value
}

/** @param excluded - ids of cases that are not counted. */
export function measure(
  row: Row,
  cases: readonly Case[],
  excluded: Readonly<Record<string, string>> = EXCLUDED_CASES,
): Measured {
  const own = detectorsOf(row)
  const standing = finder(own.filter((detector) => !isGated(detector)))
  const underKey = finder(own)
  const others = othersThan(own)
  const gated = needsKey(row)
  const tallies: Measured = {
    found: new Tally(),
    quiet: new Tally(),
    foundUnderKey: new Tally(),
    quietUnderKey: new Tally(),
    quietBare: new Tally(),
  }
  for (const { id, text, wanted } of cases) {
    if (wanted.length === 0 && excluded[id] === undefined) {
      tallies.quiet.add(id, standing(text, '').length === 0)
      if (gated) tallies.quietUnderKey.add(id, underKey(text, row.key).length === 0)
    }
    for (const match of wanted) {
      if (excluded[match.id] !== undefined) continue
      if (!gated) {
        tallies.found.add(match.id, isFound(match, standing(text, '')))
        continue
      }
      const findings = underKey(text, row.key)
      tallies.foundUnderKey.add(match.id, isFound(match, findings))
      tallies.quietBare.add(match.id, others(bareValue(match, findings), '').length === 0)
    }
  }
  return tallies
}
