import { FieldsealError } from '../errors.ts'
import type { Batch } from './batch.ts'
import type { Edit } from './format.ts'
import type { MessageType } from './otlp-schema.ts'
import { varintSize, WIRE, WireReader, writeVarint } from './protobuf-wire.ts'

/**
 * Carries out edits on protobuf bytes. It goes only into messages that hold an edit, copies everything else in long
 * stretches, and writes new lengths for the messages it went into.
 *
 * An edit's `at` is the tag of the field that it replaces or removes, so that it names exactly one place.
 */
class Rewrite {
  readonly #bytes: Buffer
  readonly #wire: WireReader
  readonly #edits: readonly Edit[]
  #next = 0
  /**
   * Pieces of the output, in order: ranges of the input as two numbers, bytes as they are, and lengths as numbers of
   * their own, which are put in when their message is done.
   */
  readonly #starts: number[] = []
  readonly #ends: number[] = []
  readonly #puts: (Uint8Array | undefined)[] = []

  constructor(bytes: Buffer, edits: readonly Edit[]) {
    this.#bytes = bytes
    this.#wire = new WireReader(bytes)
    this.#edits = inOrder(edits)
  }

  run(type: MessageType, start: number, end: number): Buffer {
    const output = Buffer.allocUnsafe(this.#message(type, start, end))
    let at = 0
    for (const [index, put] of this.#puts.entries()) {
      const from = this.#starts[index]!
      if (put !== undefined) {
        output.set(put, at)
        at += put.length
      } else if (from === LENGTH) {
        at = writeVarint(output, at, this.#ends[index]!)
      } else {
        at += this.#bytes.copy(output, at, from, this.#ends[index]!)
      }
    }
    return output
  }

  #piece(start: number, end: number, put: Uint8Array | undefined): void {
    this.#starts.push(start)
    this.#ends.push(end)
    this.#puts.push(put)
  }

  #copy(start: number, end: number): number {
    if (end > start) this.#piece(start, end, undefined)
    return end - start
  }

  #put(bytes: Uint8Array): number {
    this.#piece(0, 0, bytes)
    return bytes.length
  }

  /** The next edit where it lies in the message, and is not an addition to the message itself. */
  #editWithin(start: number, end: number): Edit | undefined {
    const edit = this.#edits[this.#next]
    if (edit === undefined || edit.at >= end) return undefined
    // A message may end where the one around it ends: what is added to the outer one is not in the inner one.
    return edit.kind === 'append' && edit.open <= start ? undefined : edit
  }

  #isAddition(edit: Edit | undefined, start: number): edit is Extract<Edit, { kind: 'append' }> {
    return edit?.kind === 'append' && edit.open === start
  }

  /** Rewrites one message and returns its new length. */
  #message(type: MessageType, start: number, end: number): number {
    const wire = this.#wire
    let length = 0
    let copied = start
    let position = start
    for (
      let edit = this.#editWithin(start, end);
      edit !== undefined && position < end;
      edit = this.#editWithin(start, end)
    ) {
      const field = position
      const tag = wire.varint31(position, end)
      const tagEnd = wire.at
      position = wire.skip(tag, tagEnd, end)
      if (edit.at >= position) continue
      length += this.#copy(copied, field)
      copied = position
      if (edit.at === field) {
        this.#next += 1
        if (edit.kind !== 'remove') length += this.#put(edit.bytes)
        continue
      }
      const inner = type.fields.get(tag)
      if (inner === undefined || (tag & 7) !== WIRE.LEN) {
        throw new FieldsealError('FIELDSEAL_INTERNAL', 'an edit lies outside of every value')
      }
      length += this.#copy(field, tagEnd) + this.#inner(inner, wire.at, position)
    }
    length += this.#copy(copied, end)
    for (let edit = this.#edits[this.#next]; this.#isAddition(edit, start); edit = this.#edits[this.#next]) {
      this.#next += 1
      length += this.#put(edit.bytes)
    }
    return length
  }

  /** A message behind its tag: a new length, and the content. */
  #inner(type: MessageType, start: number, end: number): number {
    const header = this.#puts.length
    this.#piece(LENGTH, 0, undefined)
    const length = this.#message(type, start, end)
    this.#ends[header] = length
    return varintSize(length) + length
  }
}

/** In place of a start: the piece is a length. */
const LENGTH = -1

/**
 * Edits in order. A value that is there twice has two edits of one entry: where the entry goes, whatever was to be done
 * in it goes too, and of two edits of the same place the last one counts, as in proto3.
 */
function inOrder(edits: readonly Edit[]): Edit[] {
  const kept: Edit[] = []
  for (const edit of [...edits].sort((a, b) => a.at - b.at || openOf(b) - openOf(a))) {
    const last = kept.at(-1)
    // An addition to a message that holds the last edit may lie in front of that one's end, where both end.
    const isApart = last === undefined || last.kind === 'append' || edit.at >= last.end
    if (isApart || (edit.kind === 'append' && edit.open <= last.at)) kept.push(edit)
    else if (edit.at === last.at) kept[kept.length - 1] = edit
  }
  return kept
}

/** Of messages that end at the same place the inner one is added to first. */
function openOf(edit: Edit): number {
  return edit.kind === 'append' ? edit.open : -1
}

/** A range of fields of a message of `type`, with edits carried out. */
export function spliceRange(
  batch: Batch,
  type: MessageType,
  start: number,
  end: number,
  edits: readonly Edit[],
): Buffer {
  return new Rewrite(batch.bytes, edits).run(type, start, end)
}
