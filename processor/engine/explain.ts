import type { Activation, Detector } from '../../detectors/detector.ts'
import type { NearMiss } from '../../detectors/set.ts'
import type { ExceptionTest } from '../../rules/except.ts'
import { NODE, type Plan, type Scope } from '../../rules/plan.ts'
import type { WhereTest } from '../../rules/where.ts'
import { type Batch, FIELD, KIND, OWNER_KIND, type Owner } from '../formats/batch.ts'
import { contentOf, isContainer, isTextual, textOf } from '../formats/value-text.ts'
import type { Claim, Wanted } from './claims.ts'
import type { DecisionLog } from './decision-log.ts'
import { scalarText } from './source-text.ts'

/** A record, resource or scope of a batch; a resource or scope has the number of its first record, from 0. */
export type OwnerName = `${'record' | 'resource' | 'scope'} ${number}`

const OWNER_NAMES = {
  [OWNER_KIND.RECORD]: 'record',
  [OWNER_KIND.RESOURCE]: 'resource',
  [OWNER_KIND.SCOPE]: 'scope',
} as const

export function ownerName({ kind, record }: Owner): OwnerName {
  return `${OWNER_NAMES[kind]} ${record}`
}

/** Where in a batch something was found. */
export interface Place {
  /** What has it: a record, or the resource or scope of that record and maybe of others. */
  readonly owner: OwnerName
  /** Number of the record, from 0; undefined for what stands in a resource or scope. */
  readonly record: number | undefined
  /** Keys with a finding as `*`. */
  readonly path: string
}

/** Why a rule has a value, or has it not. */
export type Verdict =
  /** It acts on the value. */
  | { readonly is: 'acts' }
  /** It would act, were it not in audit. */
  | { readonly is: 'audits' }
  /** One of its exceptions takes the value away from it. */
  | { readonly is: 'excepted'; readonly exception: string }
  /** The field that its `where` names has another value. */
  | { readonly is: 'unmet'; readonly field: string }
  /** Another rule has the value. */
  | { readonly is: 'weaker'; readonly than: string }
  /** The value, or the part, is what this stage or an earlier one has made of it. */
  | { readonly is: 'done' }

export type ValueType = 'text' | 'number' | 'boolean' | 'bytes' | 'map' | 'array' | 'null'

/** What one rule wants of one value, and what becomes of that. */
export interface Match extends Place {
  /**
   * Bytes of the batch, whatever the rules are: where the value starts; of a map or array, where it ends as well.
   * `entry` is where the entry of a map starts that has the value.
   */
  readonly at: { readonly start: number; readonly end: number; readonly entry: number }
  readonly type: ValueType
  /** Whether it was found in the name of the field: the rule is about name and value together. */
  readonly onKey: boolean
  /** The key of the value, in the clear. */
  readonly key: string
  readonly rule: string
  readonly action: string
  /** The detector's name, or the rule's id. */
  readonly kind: string
  /** Undefined for a rule about whole values. */
  readonly detector: string | undefined
  /** When the detector counts; undefined where there is none. */
  readonly activation: Activation | undefined
  /** What opened the detector's gate: a word beside the match, or the key. */
  readonly opened: 'key' | 'word' | undefined
  /** The matched text, in the clear; undefined for a container. */
  readonly text: string | undefined
  /** Bytes of the value's text; undefined where the value is taken whole. */
  readonly span: { readonly start: number; readonly end: number } | undefined
  /** Key ids of those that it is sealed for. */
  readonly recipients: readonly string[]
  readonly verdict: Verdict
}

/** What looks like something that a rule is about and does not count. */
export interface Miss extends Place {
  readonly detector: string
  readonly reason: NearMiss['reason']
  /** In the clear. */
  readonly text: string
}

/** Everything that was found in a batch, and why it was acted on or not: for people who write rules. */
export interface Explanation {
  readonly matches: readonly Match[]
  readonly misses: readonly Miss[]
}

export interface ExplainOptions {
  /** Whether to look for what does not count; slow. Default: true. */
  readonly misses?: boolean
}

interface Entry {
  readonly wanted: Wanted | Claim
  /** Where it was decided before all claims were known. */
  readonly verdict?: Verdict
}

const TYPES: Readonly<Record<number, ValueType>> = {
  [KIND.TEXT]: 'text',
  [KIND.ESCAPED]: 'text',
  [KIND.LINE]: 'text',
  [KIND.NUMBER]: 'number',
  [KIND.VARINT]: 'number',
  [KIND.DOUBLE]: 'number',
  [KIND.REAL]: 'number',
  [KIND.INTEGER]: 'number',
  [KIND.FLOAT]: 'number',
  [KIND.BOOLEAN]: 'boolean',
  [KIND.BYTES]: 'bytes',
  [KIND.BASE64]: 'bytes',
  [KIND.EXTENSION]: 'bytes',
  [KIND.MAP]: 'map',
  [KIND.ARRAY]: 'array',
  [KIND.NULL]: 'null',
}

/** @param kind - a `KIND`. */
export function valueTypeOf(kind: number): ValueType {
  return TYPES[kind]!
}

/** Whether a rule of a file has the detector here, and not the leak scan alone. */
function isOfRules({ byDetector }: Scope, detector: number): boolean {
  return byDetector.get(detector)?.some(({ leakScan }) => leakScan === undefined) === true
}

/** Keeps what is decided of one batch. */
export class ExplanationLog implements DecisionLog {
  readonly #plan: Plan
  readonly #batch: Batch
  readonly #entries: Entry[] = []
  readonly #winners = new Map<number, Claim[]>()

  constructor(plan: Plan, batch: Batch) {
    this.#plan = plan
    this.#batch = batch
  }

  wanted(claim: Claim): void {
    this.#entries.push({ wanted: claim })
  }

  excepted(wanted: Wanted, { name }: ExceptionTest): void {
    this.#entries.push({ wanted, verdict: { is: 'excepted', exception: name } })
  }

  unmet(wanted: Wanted, { field }: WhereTest): void {
    this.#entries.push({ wanted, verdict: { is: 'unmet', field: this.#plan.whereFields[field]!.source } })
  }

  won(claim: Claim): void {
    const claims = this.#winners.get(claim.row)
    if (claims === undefined) this.#winners.set(claim.row, [claim])
    else claims.push(claim)
  }

  /** @param now - milliseconds since the epoch. */
  finish(now: number, { misses = true }: ExplainOptions): Explanation {
    return { matches: this.#entries.map((entry) => this.#match(entry, now)), misses: misses ? this.#misses() : [] }
  }

  #match({ wanted, verdict }: Entry, now: number): Match {
    const batch = this.#batch
    const { row, rule, onKey, detector } = wanted
    const to = 'to' in wanted ? wanted.to : undefined
    return {
      ...this.#place(row),
      at: { start: batch.get(row, FIELD.TOKEN), end: batch.get(row, FIELD.END), entry: batch.get(row, FIELD.ENTRY) },
      type: valueTypeOf(batch.kind(row)),
      onKey,
      key: batch.node(row).key,
      rule: rule.id,
      action: rule.action.name,
      kind: wanted.kind,
      detector: detector?.name,
      activation: detector?.activation,
      opened: wanted.opened,
      text: this.#text(wanted),
      span: wanted.whole ? undefined : { start: wanted.start, end: wanted.end },
      recipients: to?.recipients.map(({ kid }) => kid) ?? [],
      verdict: verdict ?? this.#verdict(wanted as Claim, now),
    }
  }

  #verdict(claim: Claim, now: number): Verdict {
    if (now < claim.rule.enforcedFrom) return { is: 'audits' }
    const winners = this.#winners.get(claim.row) ?? []
    if (winners.some((winner) => isSame(winner, claim))) return { is: 'acts' }
    const stronger = winners.find((winner) => winner.whole || claim.whole || overlap(winner, claim))
    if (stronger !== undefined) return { is: 'weaker', than: stronger.rule.id }
    const around = this.#around(claim.row)
    return around === undefined ? { is: 'done' } : { is: 'weaker', than: around.rule.id }
  }

  /** The claim that has a container, or an entry, with this row in it. */
  #around(row: number): Claim | undefined {
    const batch = this.#batch
    for (const [other, claims] of this.#winners) {
      if (other < row && batch.get(other, FIELD.AFTER) > row) return claims[0]
      if (other !== row && batch.get(other, FIELD.ENTRY) === batch.get(row, FIELD.ENTRY)) return claims[0]
    }
    return undefined
  }

  #text({ row, onKey, found }: Wanted): string | undefined {
    const batch = this.#batch
    if (onKey) return batch.node(row).key
    if (isContainer(batch.kind(row))) return undefined
    if (found === undefined) return wholeTextOf(batch, row)
    return textOf(batch, row).toString('utf8', found.start, found.end)
  }

  #place(row: number): Place {
    const owner = this.#batch.owners[this.#batch.get(row, FIELD.OWNER)]!
    return {
      owner: ownerName(owner),
      record: owner.kind === OWNER_KIND.RECORD ? owner.record : undefined,
      path: this.#batch.node(row).shown,
    }
  }

  #misses(): Miss[] {
    const batch = this.#batch
    const set = this.#plan.detectors
    const misses: Miss[] = []
    for (let row = 0; row < batch.count; row += 1) {
      if ((batch.flags(row) & NODE.SCAN) === 0 || !isTextual(batch.kind(row))) continue
      const node = batch.node(row)
      const text = textOf(batch, row)
      const value = Buffer.from(text.toString('utf8'))
      for (const miss of set.nearMisses(value, (index) => isOfRules(node.scope, index), node.key)) {
        const { name } = set.detectors[miss.detector] as Detector
        const shown = value.toString('utf8', miss.start, miss.end)
        misses.push({ ...this.#place(row), detector: name, reason: miss.reason, text: shown })
      }
    }
    return misses
  }
}

/** A value that is no map and no array, as people read it; bytes as UTF-8. */
export function wholeTextOf(batch: Batch, row: number): string {
  const kind = batch.kind(row)
  if (kind === KIND.NULL) return 'null'
  const type = valueTypeOf(kind)
  return type === 'number' || type === 'boolean' ? scalarText(batch, row) : contentOf(batch, row).toString('utf8')
}

function isSame(a: Claim, b: Claim): boolean {
  if (a.rule !== b.rule || a.kind !== b.kind || a.onKey !== b.onKey) return false
  return a.found === undefined || b.found === undefined
    ? a.found === b.found
    : a.found.start === b.found.start && a.found.end === b.found.end
}

function overlap(a: Claim, b: Claim): boolean {
  return a.start < b.end && b.start < a.end
}
