import { FieldsealError } from '../../errors.ts'
import type { Edit } from '../format.ts'
import { HeaderReader, TYPE } from './header.ts'
import { mendedHeader } from './write.ts'

/**
 * Carries out edits on MessagePack, and mends what encloses them: the counts of maps and arrays that get or lose
 * elements, and the length of the string or binary, if any, that holds a stream of values. Everything else is copied.
 *
 * @param start - where values begin that stand one behind the other up to `end`.
 * @param stream - where the string or binary starts whose content is a stream of values; -1 where there is none.
 */
export function spliceMessagePack(
  bytes: Buffer,
  start: number,
  end: number,
  edits: readonly Edit[],
  stream = -1,
): Buffer {
  const ordered = inOrder(edits)
  const headers = new HeaderMending(bytes, ordered, stream).run(start, end)
  return carriedOut(bytes, start, end, headers.length === 0 ? ordered : inOrder([...ordered, ...headers]))
}

/** Of containers that end at the same place the inner one is added to first. */
function inOrder(edits: readonly Edit[]): readonly Edit[] {
  return [...edits].sort((a, b) => a.at - b.at || openOf(b) - openOf(a))
}

function openOf(edit: Edit): number {
  return edit.kind === 'append' ? edit.open : -1
}

function carriedOut(bytes: Buffer, start: number, end: number, edits: readonly Edit[]): Buffer {
  const pieces: Uint8Array[] = []
  let copied = start
  for (const edit of edits) {
    const at = edit.kind === 'append' ? edit.close : edit.at
    if (at > copied) pieces.push(bytes.subarray(copied, at))
    if (edit.kind !== 'remove') pieces.push(edit.bytes)
    copied = edit.kind === 'append' ? at : edit.end
  }
  pieces.push(bytes.subarray(copied, end))
  return Buffer.concat(pieces)
}

/**
 * Levels of which a value without edits is passed over as a whole: those of the message and of its entries, of which
 * most have none. Below, what is passed over is too little to look for its end first, and level after level that would add
 * up.
 */
const LEVELS_OF_ENTRIES = 3

/** Goes once over what has edits, and finds the headers that have to say something else. */
class HeaderMending {
  readonly #bytes: Buffer
  readonly #reader: HeaderReader
  readonly #edits: readonly Edit[]
  readonly #stream: number
  readonly #headers: Edit[] = []
  #next = 0
  /** Bytes by which everything grows that has been gone over. */
  #growth = 0

  /** @param edits - in order. */
  constructor(bytes: Buffer, edits: readonly Edit[], stream: number) {
    this.#bytes = bytes
    this.#reader = new HeaderReader(bytes)
    this.#edits = edits
    this.#stream = stream
  }

  run(start: number, end: number): readonly Edit[] {
    this.#values(start, end, 0)
    if (this.#isMore) throw new FieldsealError('FIELDSEAL_INTERNAL', 'an edit lies outside of every value')
    return this.#headers
  }

  get #isMore(): boolean {
    return this.#next < this.#edits.length
  }

  /** The edit that replaces or removes what starts at `at`, if there is one; it counts as done. */
  #editAt(at: number): Extract<Edit, { kind: 'replace' | 'remove' }> | undefined {
    const edit = this.#edits[this.#next]
    if (edit === undefined || edit.kind === 'append' || edit.at !== at) return undefined
    this.#next += 1
    this.#growth += (edit.kind === 'replace' ? edit.bytes.length : 0) - (edit.end - at)
    return edit
  }

  /** Once no edit is left, it goes no further. */
  #values(start: number, end: number, level: number): void {
    for (let at = start; at < end && this.#isMore; ) at = this.#value(at, level)
  }

  /** @returns where the value at `at` ends; anything where no edit is left. */
  #value(at: number, level: number): number {
    const edit = this.#editAt(at)
    if (edit !== undefined) return edit.end
    const reader = this.#reader
    if (level < LEVELS_OF_ENTRIES) {
      const end = reader.endOf(at)
      if (!this.#isMore || this.#edits[this.#next]!.at >= end) return end
    }
    const next = reader.read(at)
    const { type, length, content } = reader
    if (at === this.#stream) {
      this.#streamOf(at, content, next, level + 1)
      return next
    }
    if (type !== TYPE.ARRAY && type !== TYPE.MAP) return next
    return this.#container(at, type === TYPE.MAP, length, content, level + 1)
  }

  #streamOf(at: number, content: number, end: number, level: number): void {
    const before = this.#growth
    this.#values(content, end, level)
    if (this.#growth !== before) this.#mend(at, content, end - content, end - content + this.#growth - before)
  }

  #container(at: number, isMap: boolean, count: number, content: number, level: number): number {
    let left = count
    let position = content
    for (let i = 0; i < count && this.#isMore; i += 1) {
      const edit = this.#editAt(position)
      const keyEnd = isMap && (edit === undefined || edit.kind === 'replace') ? this.#reader.endOf(position) : position
      if (edit === undefined) {
        position = this.#value(keyEnd, level)
      } else {
        if (edit.kind === 'remove') left -= 1
        // It may be the key alone.
        position = isMap && edit.end === keyEnd ? this.#value(keyEnd, level) : edit.end
      }
    }
    left += this.#added(at, isMap)
    if (left !== count) this.#mend(at, content, count, left)
    return position
  }

  /** Elements, or pairs, that are added to the container at `open`. */
  #added(open: number, isMap: boolean): number {
    let values = 0
    for (let edit = this.#edits[this.#next]; edit?.kind === 'append' && edit.open === open; ) {
      values += valuesIn(edit.bytes)
      this.#growth += edit.bytes.length
      this.#next += 1
      edit = this.#edits[this.#next]
    }
    return isMap ? values / 2 : values
  }

  #mend(at: number, content: number, sizeBefore: number, size: number): void {
    const bytes = mendedHeader(this.#bytes[at]!, sizeBefore, size)
    this.#growth += bytes.length - (content - at)
    this.#headers.push({ kind: 'replace', at, end: content, bytes })
  }
}

function valuesIn(bytes: Uint8Array): number {
  const reader = new HeaderReader(bytes)
  let values = 0
  for (let at = 0; at < bytes.length; at = reader.endOf(at)) values += 1
  return values
}
