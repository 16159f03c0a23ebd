import { FieldsealError } from '../errors.ts'

export interface ScanLimits {
  /** Containers that may be in each other. */
  readonly depth: number
  /** Values in all, those inside of containers included. */
  readonly elements: number
  readonly bytes: number
}

/** Top-level elements whose places are kept: an event of Forward has four at most, a PING six. */
const KEPT_PARTS = 6

/**
 * Finds where a MessagePack value ends that comes in chunks of any size. Nothing is kept of the chunks and no byte is
 * looked at twice. What a header claims is counted against the limits before anything of it has come.
 *
 * After an error the scanner is of no more use: nobody knows where the next value would begin.
 */
export class ValueScanner {
  readonly #limits: ScanLimits
  /** For each open container the elements that have not begun. */
  readonly #open: number[] = []
  #level = 0
  /** Sum of `#open`: each of them takes one byte at least. */
  #outstanding = 0
  /** Bytes to come of the value that has no elements. */
  #content = 0
  /** A header that is not whole yet. */
  readonly #head = new Uint8Array(5)
  #headLength = 0
  #elements = 0
  #length = 0
  #parts = 0
  readonly #partStarts = new Float64Array(KEPT_PARTS)

  constructor(limits: ScanLimits) {
    this.#limits = limits
  }

  /** Whether a value has begun and has not ended. */
  get started(): boolean {
    return this.#length > 0 || this.#headLength > 0
  }

  /** Fewest bytes that the value has that is being read, by all that is known so far. */
  get least(): number {
    return this.#length + this.#headLength + this.#content + this.#outstanding
  }

  /** Elements of the outermost container that have begun, of the value that is being read or that has just ended. */
  get parts(): number {
    return this.#parts
  }

  /** Where an element of the outermost container begins, from the start of the value; of the first six. */
  partStart(index: number): number {
    return this.#partStarts[index]!
  }

  /**
   * Goes on with a chunk.
   *
   * @returns where in the chunk the value ends; -1 where it goes beyond the chunk.
   * @throws FieldsealError `FIELDSEAL_INPUT_MALFORMED`, `FIELDSEAL_INPUT_TOO_DEEP` or `FIELDSEAL_INPUT_TOO_LARGE`.
   */
  advance(chunk: Uint8Array, start: number): number {
    if (!this.started) this.#begin()
    let at = start
    for (;;) {
      if (this.#content > 0) {
        const skipped = Math.min(this.#content, chunk.length - at)
        at += skipped
        this.#length += skipped
        this.#content -= skipped
        if (this.#content > 0) return -1
        if (this.#closed()) return this.#end(at)
      }
      if (at >= chunk.length) return -1
      const first = this.#headLength === 0 ? chunk[at]! : this.#head[0]!
      const size = HEADER_BYTES[first]!
      if (this.#headLength === 0 && at + size <= chunk.length) {
        this.#take(chunk, at, first, size)
        at += size
      } else {
        this.#head[this.#headLength] = chunk[at]!
        this.#headLength += 1
        at += 1
        if (this.#headLength < size) continue
        this.#headLength = 0
        this.#take(this.#head, 0, first, size)
      }
      if (this.#content === 0 && this.#closed()) return this.#end(at)
    }
  }

  #begin(): void {
    this.#level = 0
    this.#outstanding = 0
    this.#elements = 0
    this.#parts = 0
  }

  #end(at: number): number {
    this.#length = 0
    return at
  }

  /** A value that is no container, or an empty one, has ended: so may those have that it is in. */
  #closed(): boolean {
    const open = this.#open
    while (this.#level > 0 && open[this.#level - 1] === 0) this.#level -= 1
    return this.#level === 0
  }

  /** Takes a header that is whole. */
  #take(bytes: Uint8Array, at: number, first: number, size: number): void {
    const level = this.#level
    if (level > 0) {
      this.#open[level - 1]! -= 1
      this.#outstanding -= 1
      if (level === 1) {
        if (this.#parts < KEPT_PARTS) this.#partStarts[this.#parts] = this.#length
        this.#parts += 1
      }
    }
    this.#elements += 1
    this.#length += size
    const kind = KINDS[first]!
    if (kind === CONTENT) this.#content = FIXED_CONTENT[first]!
    else if (kind === SIZED) this.#content = sizeIn(bytes, at, size) + (first >= 0xc7 && first <= 0xc9 ? 1 : 0)
    else if (kind === CONTAINER) this.#enter(first, bytes, at, size)
    else throw new FieldsealError('FIELDSEAL_INPUT_MALFORMED', 'a value has no type of MessagePack')
    const { elements, bytes: most } = this.#limits
    if (this.#elements + this.#outstanding > elements)
      throw new FieldsealError('FIELDSEAL_INPUT_TOO_LARGE', `a message has more than ${elements} values`)
    if (this.#length + this.#content + this.#outstanding > most)
      throw new FieldsealError('FIELDSEAL_INPUT_TOO_LARGE', `a message is over ${most} bytes`)
  }

  #enter(first: number, bytes: Uint8Array, at: number, size: number): void {
    const count = size === 1 ? first & 0x0f : sizeIn(bytes, at, size)
    const elements = first <= 0x8f || first >= 0xde ? 2 * count : count
    if (elements === 0) return
    if (this.#level === this.#limits.depth)
      throw new FieldsealError('FIELDSEAL_INPUT_TOO_DEEP', `a message is nested deeper than ${this.#limits.depth}`)
    this.#open[this.#level] = elements
    this.#level += 1
    this.#outstanding += elements
  }
}

function sizeIn(bytes: Uint8Array, at: number, size: number): number {
  if (size === 2) return bytes[at + 1]!
  if (size === 3) return bytes[at + 1]! * 2 ** 8 + bytes[at + 2]!
  return bytes[at + 1]! * 2 ** 24 + bytes[at + 2]! * 2 ** 16 + bytes[at + 3]! * 2 ** 8 + bytes[at + 4]!
}

/** Of 0xc1, which is never used. */
const NONE = 0
/** The first byte says how many bytes follow. */
const CONTENT = 1
/** The header says it. An extension has its type in front, which is counted as content. */
const SIZED = 2
const CONTAINER = 3

/** Of each first byte (MessagePack specification, "Formats"). */
const HEADER_BYTES = new Uint8Array(256).fill(1)
const KINDS = new Uint8Array(256).fill(CONTENT)
const FIXED_CONTENT = new Uint8Array(256)

KINDS.fill(CONTAINER, 0x80, 0xa0)
for (let first = 0xa0; first <= 0xbf; first += 1) FIXED_CONTENT[first] = first & 0x1f
KINDS[0xc1] = NONE
// bin, ext and str of 8, 16 and 32 bits.
for (const of8Bits of [0xc4, 0xc7, 0xd9]) {
  for (let width = 0; width < 3; width += 1) {
    KINDS[of8Bits + width] = SIZED
    HEADER_BYTES[of8Bits + width] = 1 + 2 ** width
  }
}
FIXED_CONTENT.set([4, 8, 1, 2, 4, 8, 1, 2, 4, 8], 0xca)
// fixext, with the type.
FIXED_CONTENT.set([2, 3, 5, 9, 17], 0xd4)
KINDS.fill(CONTAINER, 0xdc)
KINDS.fill(CONTENT, 0xe0)
HEADER_BYTES.set([3, 5, 3, 5], 0xdc)
