import { isUtf8 } from 'node:buffer'
import { type DetectorSet, type Finding, MatchingError } from '../../detectors/set.ts'
import { NODE } from '../../rules/plan.ts'
import { FieldsealError } from '../errors.ts'
import { type Batch, FIELD, KIND, ROW } from '../formats/batch.ts'
import { hasLoneSurrogate } from '../formats/json-string.ts'
import { isTextual, roomFor, writeText } from './value-text.ts'

/** A confirmed match in the value of a row. */
export interface RowFinding extends Finding {
  readonly row: number
  /** True where only the whole value can be acted on: a number, bytes, a text that is not UTF-8. */
  readonly whole: boolean
}

/** Values that are matched by one call: a call costs as much as matching some 200 bytes. */
export const VALUES_PER_CHUNK = 64
const CHUNK_BYTES = 64 * 1024
/** No word character, so that `\b` means the same beside it as at the end of a value. */
const SEPARATOR = 0x0a
/** Up to here a loop is faster than a call of `copy`. */
const SHORT_COPY = 40

/** Values gathered one behind the other, each followed by a separator. */
class Chunk {
  bytes = Buffer.allocUnsafeSlow(2 * CHUNK_BYTES)
  length = 0
  count = 0
  readonly rows = new Int32Array(VALUES_PER_CHUNK)
  readonly starts = new Int32Array(VALUES_PER_CHUNK + 1)

  get isFull(): boolean {
    return this.count === VALUES_PER_CHUNK || this.length >= CHUNK_BYTES
  }

  clear(): void {
    this.length = 0
    this.count = 0
    // A single large value must not keep its memory.
    if (this.bytes.length > 16 * CHUNK_BYTES) this.bytes = Buffer.allocUnsafeSlow(2 * CHUNK_BYTES)
  }

  /** One value, without its separator. */
  value(index: number): Buffer {
    return this.bytes.subarray(this.starts[index]!, this.starts[index + 1]! - 1)
  }

  /** Values `[from, to)` with the separators between them. */
  values(from: number, to: number): Buffer {
    return this.bytes.subarray(this.starts[from]!, this.starts[to]! - 1)
  }

  add(batch: Batch, row: number): void {
    const rows = batch.rows
    const at = row * ROW
    const start = rows[at + FIELD.START]!
    const size = rows[at + FIELD.END]! - start
    if (this.length + size + 64 > this.bytes.length) this.#grow(roomFor(batch, row) + 64)
    const target = this.bytes
    const from = this.length
    let to: number
    if ((rows[at]! & 0xff) === KIND.TEXT) {
      to = from + size
      if (size <= SHORT_COPY) {
        const source = batch.bytes
        for (let i = 0; i < size; i += 1) target[from + i] = source[start + i]!
      } else {
        batch.bytes.copy(target, from, start, start + size)
      }
    } else {
      to = writeText(batch, row, target, from)
    }
    if (to === from) return
    target[to] = SEPARATOR
    this.rows[this.count] = row
    this.count += 1
    this.length = to + 1
    this.starts[this.count] = to + 1
  }

  #grow(room: number): void {
    const bytes = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.length + room))
    this.bytes.copy(bytes, 0, 0, this.length)
    this.bytes = bytes
  }
}

/** A text with half of a surrogate pair: what is matched is not what is there, so that offsets would mislead. */
function hasNoUtf8Form(batch: Batch, row: number): boolean {
  return (
    batch.kind(row) === KIND.ESCAPED &&
    hasLoneSurrogate(batch.bytes, batch.get(row, FIELD.START), batch.get(row, FIELD.END))
  )
}

/** Finds what the detectors in scope confirm in the values of a batch. One for each engine: it keeps its memory. */
export class Scan {
  readonly #set: DetectorSet
  readonly #chunk = new Chunk()
  #batch!: Batch
  #findings: RowFinding[] = []

  constructor(set: DetectorSet) {
    this.#set = set
  }

  /**
   * @throws FieldsealError `FIELDSEAL_DETECTION_FAILED` where the pattern engine gave up: nothing is known of the batch
   *   then, and it must not be let through.
   */
  run(batch: Batch): RowFinding[] {
    this.#batch = batch
    this.#findings = []
    this.#chunk.clear()
    try {
      this.#gather((chunk) => this.#match(chunk))
    } catch (error) {
      if (error instanceof MatchingError)
        throw new FieldsealError('FIELDSEAL_DETECTION_FAILED', 'a pattern could not be matched')
      throw error
    }
    return this.#findings
  }

  /** The chunks that `run` would match, for measuring what matching alone costs. */
  chunks(batch: Batch): Buffer[] {
    this.#batch = batch
    const chunks: Buffer[] = []
    this.#gather((chunk) => chunks.push(Buffer.from(chunk.values(0, chunk.count))))
    return chunks
  }

  #gather(flush: (chunk: Chunk) => void): void {
    const batch = this.#batch
    const chunk = this.#chunk
    const { rows, count } = batch
    for (let row = 0; row < count; row += 1) {
      if ((rows[row * ROW]! & (NODE.SCAN << 8)) === 0) continue
      chunk.add(batch, row)
      if (chunk.isFull) {
        flush(chunk)
        chunk.clear()
      }
    }
    if (chunk.count > 0) {
      flush(chunk)
      chunk.clear()
    }
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
