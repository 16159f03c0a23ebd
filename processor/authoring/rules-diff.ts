import type { FormatName } from '../formats/index.ts'
import { type Difference, differencesBetween, textOfDifference } from './compare-protection.ts'
import { maskedText } from './masked-text.ts'
import { countUp } from './preview-tally.ts'
import { ProtectionReader } from './protection.ts'
import { recordLines } from './record-lines.ts'
import type { RulesInUse } from './rules-in-use.ts'
import { SampleReader, type SampleValue } from './sample-reader.ts'

/** Parts of values that two rule sets treat differently in the same way. */
export interface DifferenceGroup {
  readonly kind: Difference['kind']
  readonly before:
    | { readonly rule: string; readonly action: string; readonly recipients: readonly string[] }
    | undefined
  readonly after: { readonly rule: string; readonly action: string; readonly recipients: readonly string[] } | undefined
  count: number
  readonly paths: Map<string, number>
  /** The first ones, masked. */
  readonly examples: { readonly line: number; readonly path: string; readonly shape: string }[]
}

const MOST_EXAMPLES = 3

/** Compares two rule sets on a sample, batch by batch; what is kept is counts and some masked examples. */
export class RulesDiff {
  records = 0
  readonly #groups = new Map<string, DifferenceGroup>()
  readonly #before: RulesInUse
  readonly #after: RulesInUse
  readonly #protectedBefore: ProtectionReader
  readonly #protectedAfter: ProtectionReader
  readonly #format: FormatName
  readonly #reader: SampleReader

  constructor(before: RulesInUse, after: RulesInUse, format: FormatName) {
    this.#before = before
    this.#after = after
    this.#protectedBefore = new ProtectionReader(before)
    this.#protectedAfter = new ProtectionReader(after)
    this.#format = format
    this.#reader = new SampleReader(after)
  }

  /**
   * @param number - of the first line or request of the batch, from 1.
   * @throws FieldsealError as the engine's `seal` does.
   */
  take(bytes: Buffer, number: number): void {
    const old = this.#before.engine.explain(bytes, this.#format, { misses: false })
    const now = this.#after.engine.explain(bytes, this.#format, { misses: false })
    this.records += now.records
    if (this.#protectedBefore.fingerprint(old.matches) === this.#protectedAfter.fingerprint(now.matches)) return
    const values = this.#reader.read(bytes, this.#format)
    const found = [...old.matches, ...now.matches].filter(({ onKey }) => onKey)
    const names = new Map(found.map(({ at, key, owner }) => [at.entry, { text: key, owner }]))
    const entries = new Set(names.keys())
    const differences = differencesBetween(
      this.#protectedBefore.covers(old.matches, values, entries),
      this.#protectedAfter.covers(now.matches, values, entries),
    )
    const byStart = new Map(values.map((value) => [value.start, value]))
    const lines = recordLines(bytes, this.#format)
    for (const difference of differences) {
      const [unit, offset] = difference.unit.split(' ') as ['value' | 'name', string]
      const value = unit === 'value' ? byStart.get(Number(offset)) : names.get(Number(offset))
      this.#count(difference, value, lines === undefined ? number : number + lines[recordOf(value)]!)
    }
  }

  #count(difference: Difference, value: Pick<SampleValue, 'text'> | undefined, line: number): void {
    const { kind, before, after } = difference
    const text = textOfDifference(difference, value?.text ?? '')
    // An empty text is in the clear for nobody.
    if (text === '') return
    const key = JSON.stringify([kind, factsOf(before), factsOf(after)])
    const group = this.#groups.get(key) ?? {
      kind,
      before: factsOf(before),
      after: factsOf(after),
      count: 0,
      paths: new Map<string, number>(),
      examples: [],
    }
    this.#groups.set(key, group)
    const { path } = (after ?? before)!
    group.count += 1
    countUp(group.paths, path)
    if (group.examples.length < MOST_EXAMPLES) group.examples.push({ line, path, shape: maskedText(text) })
  }

  /** What was found, the most frequent first within each kind; what is newly in the clear comes first of all. */
  get groups(): readonly DifferenceGroup[] {
    const order: readonly Difference['kind'][] = ['clear', 'recipients', 'action', 'protected']
    return [...this.#groups.values()].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || b.count - a.count)
  }

  countOf(kind: Difference['kind']): number {
    return this.groups.filter((group) => group.kind === kind).reduce((sum, { count }) => sum + count, 0)
  }
}

function factsOf(protection: Difference['before']) {
  if (protection === undefined) return undefined
  const { rule, action, recipients } = protection
  return { rule, action, recipients }
}

function recordOf(value: Pick<SampleValue, 'owner'> | undefined): number {
  return Number(value?.owner.split(' ')[1] ?? 0)
}
