import type { PlanRule } from '../../rules/plan.ts'
import { type Batch, FIELD } from '../formats/batch.ts'
import type { Edit, Format } from '../formats/format.ts'
import { isContainer, isTextual, textOf } from '../formats/value-text.ts'
import { type Claim, type Claims, isReport, matchedOf } from './claims.ts'
import { containerType } from './container-type.ts'
import type { DecisionLog } from './decision-log.ts'
import type { LeakCollector } from './leaks.ts'
import { Leaves } from './leaves.ts'
import { isOfCatalogue } from './look-alikes.ts'
import { editsOf, merge, NOTHING, type Outcome } from './outcome.ts'
import { PartsByOwner } from './parts.ts'
import { strongest, subtract } from './pieces.ts'
import { type Policy, sealedIn, staysInside } from './policy.ts'
import { entryAfter, Replacements } from './replacements.ts'
import { SealedLists } from './sealed-lists.ts'
import type { SealingRounds } from './sealing-rounds.ts'

/**
 * Decides what becomes of the values of one batch, and puts what is to be sealed into the sealing rounds.
 *
 * A rule that takes a whole value or container has what stronger rules leave of it: their edits inside are made first,
 * and what comes out is sealed. So a card code that is dropped is not in the sealed map around it, and a part that is
 * sealed for others stays sealed for them inside.
 */
export class Decision {
  readonly #batch: Batch
  readonly #format: Format
  readonly #claims: Claims
  readonly #parts: PartsByOwner
  readonly #policy: Policy
  /** Rows with claims, in order. */
  readonly #rows: readonly number[]
  readonly #lists: SealedLists
  readonly #replacements: Replacements
  readonly #leaves: Leaves
  readonly #log: DecisionLog | undefined
  readonly #found: LeakCollector
  /** Values acted on, by rule. */
  readonly counts = new Map<PlanRule, number>()

  constructor(
    batch: Batch,
    format: Format,
    claims: Claims,
    rounds: SealingRounds,
    policy: Policy,
    leaks: LeakCollector,
    log?: DecisionLog,
  ) {
    this.#batch = batch
    this.#format = format
    this.#claims = claims
    this.#parts = new PartsByOwner(rounds)
    this.#policy = policy
    this.#lists = new SealedLists(batch, format, policy.knownKids, policy.maxValueBytes)
    this.#replacements = new Replacements(batch, format, policy, rounds, this.#parts, claims.entries)
    this.#leaves = new Leaves(batch, format, policy, this.#lists, this.#replacements, this.counts, leaks, log)
    this.#found = leaks
    this.#log = log
    const rows = new Set([...claims.values.keys(), ...claims.entries.keys(), ...this.#lists.oddRows])
    this.#rows = [...rows].sort((a, b) => a - b)
  }

  /** Decides; when it returns, the rounds can be run and then `edits` be asked for. */
  run(): () => Edit[] {
    const outcome = this.#range(0, this.#batch.count, undefined)
    return () => [...editsOf(outcome), ...this.#lists.edits(this.#parts)]
  }

  /** Everything that is claimed in rows `[from, to)`, as far as the claim around it leaves it. */
  #range(from: number, to: number, around: Claim | undefined): Outcome {
    const outcomes: Outcome[] = []
    let index = firstAtLeast(this.#rows, from)
    while (index < this.#rows.length && this.#rows[index]! < to) {
      const row = this.#rows[index]!
      const { outcome, after } = this.#lists.isOdd(row) ? this.#oddList(row) : this.#row(row, around)
      outcomes.push(outcome)
      index = after === row + 1 ? index + 1 : firstAtLeast(this.#rows, after)
    }
    return merge(outcomes)
  }

  /** What stands under the name of the list of sealed parts and is none: what is in it is decided with it. */
  #oddList(row: number): { outcome: Outcome; after: number } {
    const after = this.#batch.get(row, FIELD.AFTER)
    const own = this.#row(row, undefined)
    this.#lists.decided(row, own.after >= after ? own.outcome : this.#range(own.after, after, undefined))
    return { outcome: NOTHING, after }
  }

  /** @returns the outcome, and the first row that it does not cover. */
  #row(row: number, around: Claim | undefined): { outcome: Outcome; after: number } {
    const claims = this.#left(this.#claims.entries.get(row), around)
    const byKey = strongest(claims)
    if (byKey === undefined || this.#isKeyDone(row, byKey, claims)) return this.#value(row, around)
    if (isReport(byKey)) {
      const result = this.#value(row, around)
      // Where the value is taken out its key goes, too.
      if (result.outcome.removes !== true) for (const claim of claims) this.#found.found(claim)
      return result
    }
    const after = entryAfter(this.#batch, row)
    return { outcome: this.#entry(row, this.#dropIn(row, after) ?? byKey, after), after }
  }

  /** Where a value of an entry is dropped the entry goes, whatever was to become of its key. */
  #dropIn(row: number, after: number): Claim | undefined {
    for (let at = row; at < after; at = this.#batch.get(at, FIELD.AFTER)) {
      const drop = this.#claims.values.get(at)?.find((claim) => claim.whole && claim.rule.action.rank === 0)
      if (drop !== undefined) return drop
    }
    return undefined
  }

  /** Whether a key is what this stage or an earlier one has made of it. */
  #isKeyDone(row: number, { rule: { action } }: Claim, claims: readonly Claim[]): boolean {
    const { key } = this.#batch.node(row)
    const id = /^sealed:([\w-]{8})$/.exec(key)?.[1]
    if (id !== undefined && isTextual(this.#batch.kind(row)))
      return sealedIn(textOf(this.#batch, row), this.#policy)?.id === id
    if (claims.some(isOfCatalogue)) return false
    const bytes = Buffer.from(key)
    const results = this.#policy.results.in(bytes)
    if (results.length > 0 && subtract({ start: 0, end: bytes.length }, results).length === 0) return true
    return !action.deferred && action.isResult(key)
  }

  #value(row: number, around: Claim | undefined): { outcome: Outcome; after: number } {
    const batch = this.#batch
    const claims = this.#left(this.#claims.values.get(row), around)
    if (claims.length === 0) return { outcome: NOTHING, after: row + 1 }
    if (!isContainer(batch.kind(row))) return { outcome: this.#leaves.decide(row, claims), after: row + 1 }
    const claim = strongest(claims)!
    const after = batch.get(row, FIELD.AFTER)
    this.#count(claim)
    if (!claim.rule.action.deferred) return { outcome: this.#replacements.removal(row), after }
    const inner = this.#range(row + 1, after, claim)
    const json = () => this.#format.containerJson(batch, row, editsOf(inner))
    return {
      outcome: this.#replacements.sealedValue(
        row,
        claim,
        containerType(batch, row, this.#format),
        inner.depth + 1,
        () => json().bytes,
      ),
      after,
    }
  }

  /** Claims that the claim around them does not take away. */
  #left(claims: readonly Claim[] | undefined, around: Claim | undefined): readonly Claim[] {
    if (claims === undefined) return []
    return around === undefined ? claims : claims.filter((claim) => staysInside(claim, around))
  }

  #count(claim: Claim): void {
    if (claim.rule.leakScan !== undefined) {
      this.#found.found(claim)
      return
    }
    this.#log?.won(claim)
    this.counts.set(claim.rule, (this.counts.get(claim.rule) ?? 0) + 1)
  }

  /** A key that holds personal data: the rule is about the whole entry. */
  #entry(row: number, claim: Claim, after: number): Outcome {
    const batch = this.#batch
    const format = this.#format
    const { action } = claim.rule
    this.#count(claim)
    if (!action.deferred) {
      if (action.removes) return this.#replacements.removal(row)
      const { key } = batch.node(row)
      const replaced = Buffer.from(action.replace(matchedOf(claim, key)))
      const inside = this.#valueAndBelow(row, after, claim)
      return { edits: [...inside.edits, () => [format.replaceKey(batch, row, replaced)]], depth: inside.depth }
    }
    const inner = this.#valueAndBelow(row, after, claim)
    const extended = containerType(batch, row, format) === 'otlp+json'
    const slot = this.#replacements.slot(
      row,
      claim,
      extended ? 'otlp-entry+json' : 'entry+json',
      inner.depth + 1,
      () => format.entryJson(batch, row, editsOf(inner)).bytes,
    )
    const edit = (): readonly Edit[] => {
      const { id, jwe } = slot.sealed
      const bytes = format.encodeEntry(batch, row, Buffer.from(`sealed:${id}`), {
        type: 'text',
        bytes: Buffer.from(jwe, 'latin1'),
      })
      return [{ kind: 'replace', at: batch.get(row, FIELD.ENTRY), end: format.entryEnd(batch, row), bytes }]
    }
    return { edits: [edit], depth: slot.depth }
  }

  /** What is claimed of an entry's value, where the entry itself is claimed: only a `seal` takes the value with it. */
  #valueAndBelow(row: number, after: number, claim: Claim): Outcome {
    const around = claim.rule.action.deferred ? claim : undefined
    const own = this.#value(row, around)
    return own.after >= after ? own.outcome : merge([own.outcome, this.#range(own.after, after, around)])
  }
}

/** The first index whose row is at least `row`. */
function firstAtLeast(rows: readonly number[], row: number): number {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (rows[middle]! < row) low = middle + 1
    else high = middle
  }
  return low
}
