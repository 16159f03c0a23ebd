import { type Batch, FIELD, KIND } from './batch.ts'
import type { Edit, TextPart } from './format.ts'
import { CHAR, isSpace } from './json-scanner.ts'
import { encodeEscapes, rawOffsets } from './json-string.ts'

const COMMA = Buffer.from(',')

/** The removed entry that ends last so far, and whether an entry of the same container stays before it. */
interface Removal {
  readonly end: number
  readonly entryStaysBefore: boolean
}

/**
 * Carries out edits on JSON text. What is not edited is copied, white space included; a removed entry takes one comma
 * with it.
 */
class Splice {
  readonly #bytes: Uint8Array
  readonly #pieces: Uint8Array[] = []
  #copied: number
  #removal: Removal | undefined

  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes
    this.#copied = start
  }

  replace(start: number, end: number, bytes: Uint8Array): void {
    this.#copyTo(start)
    this.#pieces.push(bytes)
    this.#copied = end
  }

  /** The first entries of a container go with the comma behind them, later ones with the comma before them. */
  remove(start: number, end: number): void {
    const before = this.#entryEndBefore(start)
    const entryStaysBefore = before >= 0 && (this.#removal?.end !== before || this.#removal.entryStaysBefore)
    if (entryStaysBefore) {
      this.#copyTo(before)
      this.#copied = end
    } else {
      this.#copyTo(start)
      this.#copied = this.#nextEntry(end)
    }
    this.#removal = { end, entryStaysBefore }
  }

  add(addition: Extract<Edit, { kind: 'append' }>): void {
    if (addition.first) {
      this.#copyTo(addition.open + 1)
      this.#pieces.push(addition.bytes)
      if (this.#spaceEnd(addition.open + 1) !== addition.close) this.#pieces.push(COMMA)
      return
    }
    const before = this.#entryEndBefore(addition.close, true)
    const isEmpty = before < 0 || (this.#removal?.end === before && !this.#removal.entryStaysBefore)
    this.#copyTo(before < 0 ? addition.open + 1 : before)
    if (!isEmpty) this.#pieces.push(COMMA)
    this.#pieces.push(addition.bytes)
  }

  finish(end: number): Buffer {
    this.#copyTo(end)
    return Buffer.concat(this.#pieces)
  }

  #copyTo(position: number): void {
    if (position <= this.#copied) return
    this.#pieces.push(this.#bytes.subarray(this.#copied, position))
    this.#copied = position
  }

  /**
   * Where the entry before `position` ends; -1 where there is none.
   *
   * @param atClose - `position` is the closing brace or bracket, which no comma precedes.
   */
  #entryEndBefore(position: number, atClose = false): number {
    let at = this.#spaceStart(position)
    const byte = this.#bytes[at - 1]
    if (byte === CHAR.COMMA) at = this.#spaceStart(at - 1)
    else if (!atClose || byte === CHAR.OPEN_BRACE || byte === CHAR.OPEN_BRACKET) return -1
    return at
  }

  #spaceStart(position: number): number {
    let at = position
    while (isSpace(this.#bytes[at - 1])) at -= 1
    return at
  }

  #spaceEnd(position: number): number {
    let at = position
    while (isSpace(this.#bytes[at])) at += 1
    return at
  }

  /** Where the entry behind the one that ends at `end` starts; `end` where that is the last one. */
  #nextEntry(end: number): number {
    const at = this.#spaceEnd(end)
    return this.#bytes[at] === CHAR.COMMA ? this.#spaceEnd(at + 1) : end
  }
}

/** The range with edits carried out; all of them lie inside it. */
export function spliceJson(bytes: Uint8Array, start: number, end: number, edits: readonly Edit[]): Buffer {
  const splice = new Splice(bytes, start)
  for (const edit of [...edits].sort((a, b) => a.at - b.at)) {
    if (edit.kind === 'remove') splice.remove(edit.at, edit.end)
    else if (edit.kind === 'append') splice.add(edit)
    else splice.replace(edit.at, edit.end, edit.bytes)
  }
  return splice.finish(end)
}

/** Parts of a text become edits of their own, so that the rest of the string keeps its escapes. */
export function replaceJsonParts(batch: Batch, row: number, parts: readonly TextPart[]): Edit[] {
  const start = batch.get(row, FIELD.START)
  const kind = batch.kind(row)
  const offsets = parts.flatMap((part) => [part.start, part.end])
  const raw =
    kind === KIND.ESCAPED
      ? rawOffsets(batch.bytes, start, batch.get(row, FIELD.END), offsets)
      : offsets.map((offset) => start + offset)
  return parts.map((part, index) => ({
    kind: 'replace',
    at: raw[2 * index]!,
    end: raw[2 * index + 1]!,
    bytes: kind === KIND.LINE || part.escaped === true ? part.bytes : encodeEscapes(part.bytes),
  }))
}
