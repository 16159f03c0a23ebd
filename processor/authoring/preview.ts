import type { FormatName } from '../formats/index.ts'
import { AbsentPaths } from './absent-paths.ts'
import { PreviewTally } from './preview-tally.ts'
import { type PreviewWarning, previewWarnings } from './preview-warnings.ts'
import { recordLines } from './record-lines.ts'
import type { RulesInUse } from './rules-in-use.ts'
import { changesOf, type RecordChange } from './sample-changes.ts'
import { SampleReader } from './sample-reader.ts'

/** A changed record, and where it stands in the sample. */
export interface ShownChange extends Omit<RecordChange, 'record'> {
  /** Number of its line, or of its request, from 1. */
  readonly line: number
  /** Number of the record in its request, from 1; undefined where each line is a record. */
  readonly recordOfRequest: number | undefined
}

/**
 * Tries rules out on a sample, batch by batch. What is kept of a batch is counts; the changed records of the first
 * batches are shown as they come.
 */
export class Preview {
  readonly tally: PreviewTally
  readonly #rules: RulesInUse
  readonly #format: FormatName
  readonly #absent: AbsentPaths
  readonly #reader: SampleReader
  #left: number
  /** Whether changed records were left out of what is shown. */
  leftOut = false

  /** @param most - changed records to show. */
  constructor(rules: RulesInUse, format: FormatName, most: number) {
    const all = rules.rules.map(({ rule }) => rule)
    this.#rules = rules
    this.#format = format
    this.#left = most
    this.#absent = new AbsentPaths(all)
    this.#reader = new SampleReader({
      settings: rules.settings,
      knownKids: rules.knownKids,
      onPath: (steps) => this.#absent.see(steps),
    })
    this.tally = new PreviewTally(all.map(({ id }) => id))
  }

  /**
   * @param number - of the first line or request of the batch, from 1.
   * @returns what became of the records that are to be shown.
   * @throws FieldsealError as the engine's `seal` does.
   */
  take(bytes: Buffer, number: number): ShownChange[] {
    const sealed = this.#rules.engine.explain(bytes, this.#format, { misses: false })
    this.tally.add(sealed.records, bytes, sealed.bytes, sealed.matches)
    const acts = sealed.matches.some(({ verdict }) => verdict.is === 'acts')
    if (this.#left === 0 || !acts) {
      this.leftOut ||= acts
      this.#reader.visit(bytes, this.#format)
      return []
    }
    const before = this.#reader.read(bytes, this.#format)
    const after = new SampleReader(this.#rules).read(sealed.bytes, this.#format)
    const all = changesOf(before, after, sealed.matches, this.#rules)
    const changes = all.slice(0, this.#left)
    this.#left -= changes.length
    this.leftOut ||= changes.length < all.length
    const lines = recordLines(bytes, this.#format)
    return changes.map(({ record, ...change }) =>
      lines === undefined
        ? { ...change, line: number, recordOfRequest: record + 1 }
        : { ...change, line: number + lines[record]!, recordOfRequest: undefined },
    )
  }

  get warnings(): PreviewWarning[] {
    const rules = this.#rules.rules.map(({ rule }) => rule)
    return previewWarnings(rules, this.tally, this.#absent.absent)
  }
}
