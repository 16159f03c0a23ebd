import type { Match } from '../engine/explain.ts'

/** Paths that are counted one by one for a rule; what is found at others is counted together. */
const MOST_PATHS = 200

/** Values at other paths than those that are counted one by one. */
export const OTHER_PATHS = 'other paths'

/** What one rule did over a sample. */
export interface RuleTally {
  /** Values that it acts on, by path. */
  readonly acted: Map<string, number>
  /** Values that it would act on, were it not in audit, by path. */
  readonly audited: Map<string, number>
  /** Values that an exception keeps, by the exception's name. */
  readonly excepted: Map<string, number>
  /** Values in records for which its condition does not hold. */
  unmet: number
  /** Values that another rule has, by that rule. */
  readonly weaker: Map<string, number>
  /** Values that an earlier stage has made so. */
  done: number
  /** Numbers and booleans that it makes texts of, by path. */
  readonly retyped: Map<string, number>
}

/** What rules did over a sample: counts alone, so that a long sample takes no more memory than a short one. */
export class PreviewTally {
  records = 0
  changedRecords = 0
  bytesBefore = 0
  bytesAfter = 0
  /** By the rule's id; every rule has an entry. */
  readonly rules: ReadonlyMap<string, RuleTally>

  /** @param ids - of all rules, in order. */
  constructor(ids: readonly string[]) {
    this.rules = new Map(ids.map((id) => [id, newTally()]))
  }

  /**
   * @param records - in the batch.
   * @param before - the bytes that came in, and those that go out.
   */
  add(records: number, before: Uint8Array, after: Uint8Array, matches: readonly Match[]): void {
    this.records += records
    this.bytesBefore += before.length
    this.bytesAfter += after.length
    const changed = new Set<number>()
    for (const match of matches) {
      this.#count(match)
      if (match.verdict.is === 'acts' && match.record !== undefined) changed.add(match.record)
    }
    this.changedRecords += changed.size
  }

  #count({ rule, path, verdict, action, type, onKey }: Match): void {
    const tally = this.rules.get(rule)!
    switch (verdict.is) {
      case 'acts':
        countUp(tally.acted, path)
        if (!onKey && action !== 'drop' && (type === 'number' || type === 'boolean')) countUp(tally.retyped, path)
        break
      case 'audits':
        countUp(tally.audited, path)
        break
      case 'excepted':
        countUp(tally.excepted, verdict.exception)
        break
      case 'unmet':
        tally.unmet += 1
        break
      case 'weaker':
        countUp(tally.weaker, verdict.than)
        break
      case 'done':
        tally.done += 1
        break
    }
  }
}

export function sumOf(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0)
}

/** Everything that a rule found, whatever became of it. */
export function foundBy({ acted, audited, excepted, unmet, weaker, done }: RuleTally): number {
  return sumOf(acted) + sumOf(audited) + sumOf(excepted) + unmet + sumOf(weaker) + done
}

export function countUp(counts: Map<string, number>, name: string): void {
  const key = counts.has(name) || counts.size < MOST_PATHS ? name : OTHER_PATHS
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

function newTally(): RuleTally {
  return {
    acted: new Map(),
    audited: new Map(),
    excepted: new Map(),
    unmet: 0,
    weaker: new Map(),
    done: 0,
    retyped: new Map(),
  }
}
