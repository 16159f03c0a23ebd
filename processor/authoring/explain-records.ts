import type { Match, Miss, OwnerName } from '../engine/explain.ts'
import type { FormatName } from '../formats/index.ts'
import { recordLines } from './record-lines.ts'
import type { RulesInUse } from './rules-in-use.ts'
import { SampleReader } from './sample-reader.ts'
import { whatBecame } from './what-became.ts'
import { whyFound } from './why-found.ts'

/** One match, in plain words. */
export interface ExplainedMatch {
  readonly match: Match
  /** Names of those that it is sealed for. */
  readonly recipients: readonly string[]
  /** Why the rule is about it: a clause. */
  readonly because: string
  /** What became of it, and why: the rest of a sentence about the rule. */
  readonly outcome: string
}

/** What looks like something and does not count: the same text for the same reason, for several detectors. */
export interface ExplainedMiss {
  readonly path: string
  readonly text: string
  readonly reason: Miss['reason']
  readonly detectors: readonly string[]
  /** Rules that would have acted. */
  readonly rules: readonly string[]
}

/** A value with all that rules found in it. */
export interface ExplainedValue {
  readonly path: string
  /** Undefined for a map or an array. */
  readonly text: string | undefined
  readonly matches: readonly ExplainedMatch[]
}

/** What was found in a record, resource or scope, and why it is acted on or not. Values are in the clear. */
export interface ExplainedRecord {
  readonly of: 'record' | 'resource' | 'scope'
  /** Number of its line or request, from 1. */
  readonly line: number
  /** Number of the record in its request, from 1; undefined where each line is a record. */
  readonly recordOfRequest: number | undefined
  readonly values: readonly ExplainedValue[]
  readonly misses: readonly ExplainedMiss[]
}

/**
 * Explains one batch.
 *
 * @param number - of its first line, or of the request, from 1.
 * @returns every record, and each resource and scope in which something was found.
 * @throws FieldsealError as the engine's `seal` does.
 */
export function explainRecords(
  rules: RulesInUse,
  bytes: Buffer,
  format: FormatName,
  number: number,
): ExplainedRecord[] {
  const explained = rules.engine.explain(bytes, format)
  const lines = recordLines(bytes, format)
  const owners = new Map<OwnerName, { matches: Match[]; misses: Miss[] }>()
  const of = (owner: OwnerName) => {
    const found = owners.get(owner) ?? { matches: [], misses: [] }
    owners.set(owner, found)
    return found
  }
  for (const match of explained.matches) of(match.owner).matches.push(match)
  for (const miss of explained.misses) of(miss.owner).misses.push(miss)
  for (let record = 0; record < explained.records; record += 1) of(`record ${record}`)
  const teller = new Teller(rules, bytes, format, explained.matches)
  const inOrder = [...owners].toSorted(([a], [b]) => recordOf(a) - recordOf(b) || rank(a) - rank(b))
  return inOrder.map(([owner, { matches, misses }]) => ({
    of: owner.split(' ')[0] as ExplainedRecord['of'],
    line: lines === undefined ? number : number + lines[recordOf(owner)]!,
    recordOfRequest: lines === undefined ? recordOf(owner) + 1 : undefined,
    values: teller.values(matches),
    misses: teller.misses(misses),
  }))
}

function recordOf(owner: OwnerName): number {
  return Number(owner.split(' ')[1])
}

/** A resource comes before its scopes and records. */
function rank(owner: OwnerName): number {
  return ['resource', 'scope', 'record'].indexOf(owner.split(' ')[0]!)
}

/** Puts matches and misses into words. */
class Teller {
  readonly #rules: RulesInUse
  readonly #byId: ReadonlyMap<string, RulesInUse['rules'][number]['rule']>
  readonly #matches: readonly Match[]
  /** Texts of values, by where they start. */
  readonly #texts: ReadonlyMap<number, string | undefined>

  constructor(rules: RulesInUse, bytes: Buffer, format: FormatName, matches: readonly Match[]) {
    this.#rules = rules
    this.#byId = new Map(rules.rules.map(({ rule }) => [rule.id, rule]))
    this.#matches = matches
    const values = matches.length === 0 ? [] : new SampleReader(rules).read(bytes, format)
    this.#texts = new Map(values.map(({ start, text }) => [start, text]))
  }

  values(matches: readonly Match[]): ExplainedValue[] {
    const byValue = [...Map.groupBy(matches, ({ at }) => at.start)].toSorted(([a], [b]) => a - b)
    return byValue.map(([start, own]) => ({
      path: own[0]!.path,
      text: own[0]!.type === 'map' || own[0]!.type === 'array' ? undefined : this.#texts.get(start),
      matches: own.map((match) => this.#match(match, this.#texts.get(start))),
    }))
  }

  #match(match: Match, text: string | undefined): ExplainedMatch {
    const { nameOf, detectors } = this.#rules
    const rule = this.#byId.get(match.rule)!
    return {
      match,
      recipients: match.recipients.map(nameOf),
      because: whyFound(match, { rule, detectors, text }),
      outcome: whatBecame(match, { rules: this.#byId, matches: this.#matches, nameOf }),
    }
  }

  misses(misses: readonly Miss[]): ExplainedMiss[] {
    const alike = Map.groupBy(misses, ({ path, text, reason }) => JSON.stringify([path, text, reason]))
    return [...alike.values()].map((group) => {
      const detectors = [...new Set(group.map(({ detector }) => detector))]
      const rules = this.#rules.rules.filter(({ rule }) =>
        detectors.some((name) => name === rule.id || [rule.detect ?? []].flat().includes(name)),
      )
      const { path, text, reason } = group[0]!
      return { path, text, reason, detectors, rules: rules.map(({ rule }) => rule.id) }
    })
  }
}
