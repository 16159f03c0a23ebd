import { SMALL_NUMBERS } from '../../detectors/set.ts'
import { KIND } from './batch.ts'
import { writeText } from './value-text.ts'

/** Values that are matched by one call unless it is known how many match: a call costs as much as matching 150 bytes. */
export const VALUES_PER_CHUNK = 64
export const MOST_VALUES_PER_CHUNK = 256
const CHUNK_BYTES = 64 * 1024
/** No word character, so that `\b` means the same beside it as at the end of a value. */
const SEPARATOR = 0x0a
/** Room behind the last value: for a number, a separator, and what a copy writes too much. */
const SLACK = 64

/**
 * Texts of values, gathered one behind the other, each followed by a separator. The wire bytes themselves cannot be
 * matched: a length byte may be a word character, and hide the value behind it.
 */
export class Chunk {
  #bytes = Buffer.allocUnsafeSlow(2 * CHUNK_BYTES)
  #view = viewOf(this.#bytes)
  #capacity = this.#bytes.length
  #source: Buffer = this.#bytes
  #sourceView = this.#view
  /** Last end of a value behind which eight bytes can still be read. */
  #lastWideEnd = 0
  #length = 0
  count = 0
  /** Where the bytes of each value start in the batch. */
  readonly starts = new Int32Array(MOST_VALUES_PER_CHUNK)
  /** Indices of the values that are to be matched on their own as well. */
  readonly alone: number[] = []
  /** Where each text starts in the chunk. */
  readonly #offsets = new Int32Array(MOST_VALUES_PER_CHUNK + 1)

  /** Whole numbers below `SMALL_NUMBERS` are left out: it is known that no pattern matches one. */
  leavesOutSmallNumbers = false
  /** Values after which it is full; at most `MOST_VALUES_PER_CHUNK`. */
  mostValues = VALUES_PER_CHUNK

  get isFull(): boolean {
    return this.count >= this.mostValues || this.#length >= CHUNK_BYTES
  }

  clear(): void {
    this.#length = 0
    this.count = 0
    // Setting a length leaves the compiled code, even where it changes nothing.
    if (this.alone.length > 0) this.alone.length = 0
    // A single large value must not keep its memory.
    if (this.#bytes.length > 16 * CHUNK_BYTES) this.#replace(Buffer.allocUnsafeSlow(2 * CHUNK_BYTES))
  }

  /** One value, without its separator. */
  value(index: number): Buffer {
    return this.values(index, index + 1)
  }

  /** Values `[from, to)` with the separators between them. */
  values(from: number, to: number): Buffer {
    return this.#bytes.subarray(this.#offsets[from]!, this.#offsets[to]! - 1)
  }

  /** Says which batch the values come from. */
  begin(bytes: Buffer, view: DataView): void {
    this.clear()
    this.#source = bytes
    this.#sourceView = view
    this.#lastWideEnd = bytes.length - 8
  }

  /**
   * Adds the value in `[start, end)` of the batch.
   *
   * @param alone - it is to be matched on its own as well.
   */
  add(kind: number, start: number, end: number, alone: boolean): void {
    if (this.#length + (end - start) + SLACK > this.#capacity) this.#grow(end - start + SLACK)
    const isText = kind === KIND.TEXT && end <= this.#lastWideEnd
    const to = isText ? this.#copy(start, end) : this.#write(kind, start, end, alone)
    if (to < 0) return
    this.#bytes[to] = SEPARATOR
    const index = this.count
    this.starts[index] = start
    if (alone) this.alone.push(index)
    this.count = index + 1
    this.#length = to + 1
    this.#offsets[index + 1] = to + 1
  }

  /**
   * Eight bytes at a time, and so up to seven too many, which are written over by what comes next: twice as fast as byte
   * by byte, and for the length of a log line also faster than a call of `copy`.
   */
  #copy(start: number, end: number): number {
    const target = this.#view
    const source = this.#sourceView
    let to = this.#length
    for (let at = start; at < end; at += 8) {
      target.setBigInt64(to, source.getBigInt64(at, true), true)
      to += 8
    }
    return this.#length + (end - start)
  }

  /** @returns the position behind the text; -1 where there is nothing to be matched. */
  #write(kind: number, start: number, end: number, alone: boolean): number {
    if (this.leavesOutSmallNumbers && !alone && isSmallNumber(kind, this.#source, start, end)) return -1
    const to = writeText(kind, this.#source, start, end, this.#bytes, this.#length)
    return to === this.#length ? -1 : to
  }

  #grow(room: number): void {
    const bytes = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#length + room))
    this.#bytes.copy(bytes, 0, 0, this.#length)
    this.#replace(bytes)
  }

  #replace(bytes: Buffer<ArrayBuffer>): void {
    this.#bytes = bytes
    this.#view = viewOf(bytes)
    this.#capacity = bytes.length
  }
}

/** Whether a number is surely below `SMALL_NUMBERS`, by the bytes that it takes. */
function isSmallNumber(kind: number, bytes: Buffer, start: number, end: number): boolean {
  const size = end - start
  // Seven bits in each byte: 2^16 is 4 in the third.
  if (kind === KIND.VARINT) return size < 3 || (size === 3 && bytes[end - 1]! < SMALL_NUMBERS >> 14)
  // A fixint, or 8 or 16 bits without a sign.
  if (kind === KIND.INTEGER) return bytes[start]! < 0x80 || bytes[start] === 0xcc || bytes[start] === 0xcd
  if (kind !== KIND.NUMBER || size > 4) return false
  for (let at = start; at < end; at += 1) {
    if (bytes[at]! < 0x30 || bytes[at]! > 0x39) return false
  }
  // `007`, which JSON does not have, is not one of them as a text.
  return size === 1 || bytes[start] !== 0x30
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
}
