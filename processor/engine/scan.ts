import { isUtf8 } from 'node:buffer'
import type { DetectorSet, Finding } from '../../detectors/set.ts'
import type { PathNode } from '../../rules/path-trie.ts'
import { NODE } from '../../rules/plan.ts'
import { FieldsealError } from '../errors.ts'
import { type Batch, FIELD, type Gathering, KIND } from '../formats/batch.ts'
import { Chunk, MOST_VALUES_PER_CHUNK, VALUES_PER_CHUNK } from '../formats/chunk.ts'
import { CleanValues } from '../formats/clean-values.ts'
import { hasLoneSurrogate } from '../formats/json-string.ts'
import { isTextual, textOf } from '../formats/value-text.ts'

/** A confirmed match in the value of a row. */
export interface RowFinding extends Finding {
  /** True where only the whole value can be acted on: a number, bytes, a text that is not UTF-8. */
  readonly whole: boolean
}

const NONE: readonly RowFinding[] = []

/**
 * How many values to match by one call, from what the batch before had. A call has its price, and so has looking for
 * the value in a chunk that matched, which grows with the chunk: the sum is least near the square root.
 */
function bestChunk(values: number, hits: number): number {
  if (values === 0) return VALUES_PER_CHUNK
  const best = Math.sqrt((6 * values) / Math.max(hits, 0.01))
  return Math.min(Math.max(Math.floor(best), 8), MOST_VALUES_PER_CHUNK)
}

/** Values in which something matches, in one batch: each takes some fifty bytes until its record is looked at. */
const MOST_HITS = 1 << 21

/**
 * Finds what the detectors in scope confirm in the values of a batch. One for each engine: it keeps its memory.
 *
 * During the first walk it matches chunk by chunk, and marks values in which a pattern matched: that may be too many,
 * never too few. For the rows of the second walk it then says what patterns, validators and gates agree on.
 */
export class Scan implements Gathering {
  readonly chunk = new Chunk()
  readonly #clean = new CleanValues()
  readonly #set: DetectorSet
  #batch!: Batch
  /** Where the values start in which a pattern matched. */
  readonly #hits = new Set<number>()
  /** Of the hits those that were expected, and cost no matching. */
  #expected = 0
  #values = 0

  constructor(set: DetectorSet) {
    this.#set = set
    this.chunk.leavesOutSmallNumbers = set.ignoresSmallNumbers
  }

  /** Forgets what was found before. */
  begin(batch: Batch): void {
    this.#batch = batch
    this.#clean.begin(batch.view)
    this.chunk.mostValues = bestChunk(this.#values, this.#hits.size - this.#expected)
    this.#hits.clear()
    this.#expected = 0
    this.#values = 0
  }

  /** Where a value is sure to match, or known to be clean, there is nothing to be matched. */
  skips(kind: number, start: number, end: number, node: PathNode): boolean {
    if (node.expectsMatch || (node.flags & NODE.OPEN) !== 0) {
      this.#expected += 1
      this.#hit(start)
      return true
    }
    node.countSeen()
    // Only where nothing but detectors looks at the value.
    return kind === KIND.TEXT && node.flags === NODE.SCAN && this.#clean.has(start, end, node)
  }

  /** @throws MatchingError where the pattern engine gave up: nothing is known of the batch then. */
  take(): void {
    const { chunk } = this
    this.#values += chunk.count
    const all = chunk.values(0, chunk.count)
    // A separator is ASCII, so that the chunk is UTF-8 exactly if every value is. Others cannot be matched as they are.
    const isText = isUtf8(all)
    if (isText && !this.#set.test(all)) {
      this.#clean.keep()
    } else {
      this.#clean.forget()
      if (isText) this.#narrow(0, chunk.count)
      else this.#hitAll(0, chunk.count)
    }
    if (chunk.alone.length === 0) return
    for (const index of chunk.alone) {
      if (this.#set.testAnchored(chunk.value(index))) this.#hitAll(index, index + 1)
    }
  }

  /** Which values the chunk's match is in, by halves: the range is known to match. */
  #narrow(from: number, to: number): void {
    if (to - from === 1) {
      this.#hitAll(from, to)
      return
    }
    const { chunk } = this
    const middle = (from + to) >> 1
    const left = this.#set.test(chunk.values(from, middle))
    if (left) this.#narrow(from, middle)
    // Where the left half has no match, the right one has it, or the match went across: then it is found to be none.
    if (!left || this.#set.test(chunk.values(middle, to))) this.#narrow(middle, to)
  }

  #hitAll(from: number, to: number): void {
    for (let index = from; index < to; index += 1) this.#hit(this.chunk.starts[index]!)
  }

  #hit(start: number): void {
    if (this.#hits.size >= MOST_HITS)
      throw new FieldsealError(
        'FIELDSEAL_INPUT_TOO_LARGE',
        'the batch has more than 2097152 values in which something matches',
      )
    this.#hits.add(start)
    this.#batch.mark(start)
  }

  /** What is confirmed in the value of a row. @throws MatchingError */
  findingsIn(row: number): readonly RowFinding[] {
    const batch = this.#batch
    if ((batch.flags(row) & NODE.SCAN) === 0 || !this.#hits.has(batch.get(row, FIELD.START))) return NONE
    const text = textOf(batch, row)
    const isText = isUtf8(text)
    // RE2's `.` and `[^x]` do not cross bytes that are not UTF-8: such a value is matched as its replacement text.
    const value = isText ? text : Buffer.from(text.toString('utf8'))
    const node = batch.node(row)
    const { byDetector } = node.scope
    const findings = this.#set.find(value, (detector) => byDetector.has(detector), node.key)
    node.countMatch(findings.length > 0)
    if (findings.length === 0) return NONE
    const whole = !isText || !isTextual(batch.kind(row)) || hasNoUtf8Form(batch, row)
    return findings.map((finding) => ({ ...finding, whole }))
  }
}

/** A text with half of a surrogate pair: what is matched is not what is there, so that offsets would mislead. */
function hasNoUtf8Form(batch: Batch, row: number): boolean {
  if (batch.kind(row) !== KIND.ESCAPED) return false
  return hasLoneSurrogate(batch.bytes, batch.get(row, FIELD.START), batch.get(row, FIELD.END))
}
