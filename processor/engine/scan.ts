import { isUtf8 } from 'node:buffer'
import type { DetectorSet, Finding } from '../../detectors/set.ts'
import { NODE } from '../../rules/plan.ts'
import { type Batch, FIELD, type Gathering, KIND } from '../formats/batch.ts'
import { Chunk } from '../formats/chunk.ts'
import { hasLoneSurrogate } from '../formats/json-string.ts'
import { isTextual } from '../formats/value-text.ts'

/** A confirmed match in the value of a row. */
export interface RowFinding extends Finding {
  readonly row: number
  /** True where only the whole value can be acted on: a number, bytes, a text that is not UTF-8. */
  readonly whole: boolean
}

/** A text with half of a surrogate pair: what is matched is not what is there, so that offsets would mislead. */
function hasNoUtf8Form(batch: Batch, row: number): boolean {
  return (
    batch.kind(row) === KIND.ESCAPED &&
    hasLoneSurrogate(batch.bytes, batch.get(row, FIELD.START), batch.get(row, FIELD.END))
  )
}

/**
 * Finds what the detectors in scope confirm in the values of a batch, chunk by chunk while the batch is walked. One for
 * each engine: it keeps its memory.
 */
export class Scan implements Gathering {
  readonly chunk = new Chunk()
  readonly #set: DetectorSet
  #batch!: Batch
  #findings: RowFinding[] = []

  constructor(set: DetectorSet) {
    this.#set = set
  }

  /** Forgets what was found, and what a walk that failed has left. */
  begin(): void {
    this.#findings = []
    this.chunk.clear()
  }

  get findings(): readonly RowFinding[] {
    return this.#findings
  }

  /** @throws MatchingError where the pattern engine gave up: nothing is known of the batch then. */
  take(batch: Batch): void {
    this.#batch = batch
    this.#match(this.chunk)
  }

  #match(chunk: Chunk): void {
    const all = chunk.values(0, chunk.count)
    // A separator is ASCII, so that the chunk is UTF-8 exactly if every value is.
    if (!isUtf8(all)) this.#matchOneByOne(chunk)
    else {
      const hits = new Set<number>()
      if (this.#set.test(all)) this.#narrow(chunk, 0, chunk.count, hits)
      this.#matchAnchored(chunk, hits)
      for (const index of hits) this.#find(chunk.rows[index]!, chunk.value(index), false)
    }
  }

  /** Which values the chunk's match is in, by halves: the range is known to match. */
  #narrow(chunk: Chunk, from: number, to: number, hits: Set<number>): void {
    if (to - from === 1) {
      hits.add(from)
      return
    }
    const middle = (from + to) >> 1
    const left = this.#set.test(chunk.values(from, middle))
    if (left) this.#narrow(chunk, from, middle, hits)
    // Where the left half has no match, the right one has it, or the match went across: then it is found to be none.
    if (!left || this.#set.test(chunk.values(middle, to))) this.#narrow(chunk, middle, to, hits)
  }

  #matchAnchored(chunk: Chunk, hits: Set<number>): void {
    for (let index = 0; index < chunk.count; index += 1) {
      if ((this.#batch.flags(chunk.rows[index]!) & NODE.ANCHORED) === 0) continue
      if (this.#set.testAnchored(chunk.value(index))) hits.add(index)
    }
  }

  /** RE2's `.` and `[^x]` do not cross bytes that are not UTF-8: such a value is matched as its replacement text. */
  #matchOneByOne(chunk: Chunk): void {
    for (let index = 0; index < chunk.count; index += 1) {
      const value = chunk.value(index)
      const isText = isUtf8(value)
      this.#find(chunk.rows[index]!, isText ? value : Buffer.from(value.toString('utf8')), !isText)
    }
  }

  #find(row: number, value: Buffer, isReplacement: boolean): void {
    const batch = this.#batch
    const node = batch.node(row)
    const { byDetector } = node.scope
    const whole = isReplacement || !isTextual(batch.kind(row)) || hasNoUtf8Form(batch, row)
    for (const finding of this.#set.find(value, (detector) => byDetector.has(detector), node.key)) {
      this.#findings.push({ ...finding, row, whole })
    }
  }
}
