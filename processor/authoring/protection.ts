import type { Match } from '../engine/explain.ts'
import type { RulesInUse } from './rules-in-use.ts'
import type { SampleValue } from './sample-reader.ts'

/** What protects a part of a value: the strongest rule that acts there. */
export interface Protection {
  readonly rule: string
  /** `hash with the key pseudonyms`: two that differ give different results. */
  readonly action: string
  /** Names, sorted; empty where nobody can read it again. */
  readonly recipients: readonly string[]
  /** Keys with a finding as `*`; all that is in a map as `.**`. */
  readonly path: string
  /** Whether an earlier stage has protected it, so that there is nothing left to do. */
  readonly isDone: boolean
}

/** A part of a value that is protected, in bytes of its text. */
export interface Cover extends Protection {
  readonly start: number
  readonly end: number
  /** The stronger comes first: by action, then by the order of the rules. */
  readonly rank: number
}

/** What is protected in a batch, by value: `value <offset>`, or `name <offset of the entry>` for the names of fields. */
export type Covers = ReadonlyMap<string, readonly Cover[]>

const RANKS: readonly string[] = ['drop', 'seal', 'hash', 'mask']
/** More rules than a rule set has. */
const RANK_STEP = 1 << 20

/** Says of each value of a batch what protects it. */
export class ProtectionReader {
  readonly #rules: RulesInUse
  readonly #order: ReadonlyMap<string, number>
  readonly #actions: ReadonlyMap<string, string>

  constructor(rules: RulesInUse) {
    this.#rules = rules
    this.#order = new Map(rules.rules.map(({ rule }, index) => [rule.id, index]))
    this.#actions = new Map(
      rules.rules.map(({ rule: { id, hash, mask, seal } }) => {
        if (seal !== undefined) return [id, 'seal']
        if (hash !== undefined) return [id, `hash with the key ${hash.key}`]
        if (mask === undefined) return [id, 'drop']
        return [id, mask.keep_last > 0 ? `mask but for the last ${mask.keep_last}` : 'mask']
      }),
    )
  }

  /** What two batches must have in common for all their values to be protected alike. */
  fingerprint(matches: readonly Match[]): string {
    const facts = matches.filter(isProtecting).map(({ at, span, onKey, rule, recipients }) => {
      const names = recipients.map(this.#rules.nameOf).sort()
      return [at.start, onKey, span?.start, span?.end, this.#actions.get(rule), names]
    })
    return JSON.stringify(facts.map((fact) => JSON.stringify(fact)).sort())
  }

  /**
   * @param values - of the batch.
   * @param names - offsets of the entries in whose names something was found, by these rules or by others.
   */
  covers(matches: readonly Match[], values: readonly SampleValue[], names: ReadonlySet<number>): Covers {
    const covers = new Map<string, Cover[]>()
    const add = (unit: string, cover: Cover): void => {
      const known = covers.get(unit)
      if (known === undefined) covers.set(unit, [cover])
      else known.push(cover)
    }
    for (const match of matches.filter(isProtecting)) {
      const cover = this.#cover(match)
      const isContainer = match.type === 'map' || match.type === 'array'
      if (match.onKey) add(`name ${match.at.entry}`, cover)
      if (match.onKey && match.action !== 'seal' && match.action !== 'drop') continue
      if (!isContainer) {
        add(`value ${match.at.start}`, { ...cover, start: match.span?.start ?? 0, end: match.span?.end ?? WHOLE })
        continue
      }
      const isInside = (offset: number) => offset >= match.at.start && offset < match.at.end
      const inside = { ...cover, path: `${match.path}.**` }
      for (const { start } of values) if (isInside(start)) add(`value ${start}`, inside)
      for (const entry of names) if (isInside(entry)) add(`name ${entry}`, inside)
    }
    return covers
  }

  #cover({ rule, action, recipients, path, verdict }: Match): Cover {
    return {
      rule,
      action: this.#actions.get(rule)!,
      recipients: recipients.map(this.#rules.nameOf).sort(),
      path,
      isDone: verdict.is === 'done',
      start: 0,
      end: WHOLE,
      rank: RANKS.indexOf(action) * RANK_STEP + this.#order.get(rule)!,
    }
  }
}

/** The end of a value that is taken whole. */
export const WHOLE = Number.MAX_SAFE_INTEGER

function isProtecting({ verdict }: Match): boolean {
  return verdict.is === 'acts' || verdict.is === 'done'
}
