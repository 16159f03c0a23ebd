import type { PathNode } from '../../../rules/path-trie.ts'
import { NODE } from '../../../rules/plan.ts'
import { FieldsealError } from '../../errors.ts'
import { type Batch, KIND } from '../batch.ts'
import { HeaderReader, TYPE } from './header.ts'
import { keyText } from './key-text.ts'
import type { CurrentOwner } from './owners.ts'

/** A container gets a row of its own only where something may be done with it as a whole. */
const CONTAINER_FLAGS = NODE.WHOLE | NODE.KEY | NODE.SEALED_LIST

/** Walks over values of MessagePack. Nothing is decoded: a value is a range of bytes and a path node. */
export class MessagePackWalk {
  readonly batch: Batch
  readonly reader: HeaderReader
  readonly #owner: CurrentOwner
  readonly #bytes: Buffer
  readonly #addsRows: boolean
  readonly #skipsSmallNumbers: boolean
  /** Where the key ends that `child` has read. */
  keyEnd = 0

  constructor(batch: Batch, owner: CurrentOwner) {
    this.batch = batch
    this.reader = new HeaderReader(batch.bytes, batch.length)
    this.#owner = owner
    this.#bytes = batch.bytes
    this.#addsRows = batch.hasRows
    this.#skipsSmallNumbers = batch.skipsSmallNumbers
  }

  /**
   * The pairs of a map, the first of them at `start`.
   *
   * @param before - in the place of a sibling before the first key, where maps of several kinds have the same parent:
   *   what is remembered of the one must not be looked for in the other.
   * @returns where the last pair ends.
   */
  pairs(start: number, count: number, parent: PathNode, depth: number, before?: PathNode): number {
    let previous = before
    let position = start
    for (let i = 0; i < count; i += 1) {
      previous = this.child(parent, previous, position, depth)
      position = this.value(this.keyEnd, previous, position, depth)
    }
    return position
  }

  /**
   * The pairs of a map of the protocol's own, whose keys are told apart one by one; nil is a map without any.
   *
   * @param visit - gets the node of a key below `parent`, where the value starts and where the key does; gives the
   *   value's end.
   * @throws FieldsealError `FIELDSEAL_INPUT_MALFORMED`, with `problem`, where it is something else.
   */
  mapOrNil(
    at: number,
    parent: PathNode,
    problem: string,
    visit: (node: PathNode, value: number, entry: number) => number,
  ): number {
    const { reader } = this
    let position = reader.read(at)
    if (reader.type === TYPE.NIL) return position
    if (reader.type !== TYPE.MAP) throw reader.malformed(problem, at)
    const count = reader.length
    let previous: PathNode | undefined
    for (let i = 0; i < count; i += 1) {
      previous = this.child(parent, previous, position, 0)
      position = visit(previous, this.keyEnd, position)
    }
    return position
  }

  /** The path node of the key at `at`, whose end is in `keyEnd` then. */
  child(parent: PathNode, previous: PathNode | undefined, at: number, depth: number): PathNode {
    const { batch } = this
    // Most keys are short texts.
    const first = at < this.reader.end ? this.#bytes[at]! : 0
    const end = at + 1 + (first & 0x1f)
    if ((first & 0xe0) === 0xa0 && end <= this.reader.end) {
      this.keyEnd = end
      return batch.trie.child(parent, previous, batch.view, at + 1, end)
    }
    return this.#unusualChild(parent, previous, at, depth)
  }

  #unusualChild(parent: PathNode, previous: PathNode | undefined, at: number, depth: number): PathNode {
    const { batch, reader } = this
    const next = reader.read(at)
    const { type, content } = reader
    if (type === TYPE.STRING || type === TYPE.BINARY || type === TYPE.EXTENSION) {
      this.keyEnd = next
      return batch.trie.child(parent, previous, batch.view, content, next)
    }
    this.keyEnd = reader.skip(at, batch.limits.depth - depth)
    const text = keyText(this.#bytes, at, this.keyEnd)
    const view = new DataView(text.buffer, text.byteOffset, text.length)
    return batch.trie.child(parent, previous, view, 0, text.length)
  }

  /** Reports the value at `at` and returns its end. */
  value(at: number, node: PathNode, entry: number, depth: number): number {
    const bytes = this.#bytes
    const { end } = this.reader
    const first = at < end ? bytes[at]! : 0xc1
    // Most values are texts: of less than 32 bytes, of less than 256, or of less than 65536.
    if ((first & 0xe0) === 0xa0) {
      const stop = at + 1 + (first & 0x1f)
      if (stop <= end) {
        if (node.flags !== 0) this.batch.add(KIND.TEXT, at + 1, stop, node, this.#owner.index(), at, entry)
        return stop
      }
    } else if (first === 0xd9 && at + 1 < end) {
      const stop = at + 2 + bytes[at + 1]!
      if (stop <= end) {
        if (node.flags !== 0) this.batch.add(KIND.TEXT, at + 2, stop, node, this.#owner.index(), at, entry)
        return stop
      }
    } else if (first === 0xda && at + 2 < end) {
      const stop = at + 3 + ((bytes[at + 1]! << 8) | bytes[at + 2]!)
      if (stop <= end) {
        if (node.flags !== 0) this.batch.add(KIND.TEXT, at + 3, stop, node, this.#owner.index(), at, entry)
        return stop
      }
    } else if (this.#skipsSmallNumbers && (node.flags & ~NODE.SCAN) === 0) {
      // Whole numbers that no detector needs to see.
      if (first < 0x80) return at + 1
      if (first === 0xcc && at + 2 <= end) return at + 2
      if (first === 0xcd && at + 3 <= end) return at + 3
    }
    return this.#other(at, node, entry, depth)
  }

  #other(at: number, node: PathNode, entry: number, depth: number): number {
    const { reader } = this
    const next = reader.read(at)
    const { type, content } = reader
    if (type === TYPE.MAP || type === TYPE.ARRAY) return this.#container(at, node, entry, depth)
    if (node.flags === 0) return next
    // Detectors see nothing in these.
    if (!this.#addsRows && node.flags === NODE.SCAN && (type === TYPE.BOOLEAN || type === TYPE.NIL)) return next
    if (type === TYPE.EXTENSION) return this.extension(at, next, node, entry)
    const kind = KINDS[type]!
    // The header tells integers of one byte apart, and is all that nil and booleans have.
    const hasContent = type >= TYPE.FLOAT32
    this.batch.add(kind, hasContent ? content : at, next, node, this.#owner.index(), at, entry)
    return next
  }

  /** The extension at `at` whose header has been read; it ends at `next`. */
  extension(at: number, next: number, node: PathNode, entry: number): number {
    this.add(KIND.EXTENSION, this.reader.content, next, node, at, entry)
    return next
  }

  /** Reports a value of the owner that is being walked. */
  add(kind: number, start: number, end: number, node: PathNode, token: number, entry: number): void {
    this.batch.add(kind, start, end, node, this.#owner.index(), token, entry)
  }

  /** The extension whose header has been read as JSON text, where a record's field may be one. */
  fieldText(): string {
    return ''
  }

  /** The container whose header has been read. */
  #container(at: number, node: PathNode, entry: number, depth: number): number {
    const { batch, reader } = this
    const { length, content } = reader
    const isMap = reader.type === TYPE.MAP
    if (depth >= batch.limits.depth) {
      throw new FieldsealError('FIELDSEAL_INPUT_TOO_DEEP', 'the record is nested deeper than limits.depth', {
        record: batch.records,
        offset: at,
      })
    }
    let row = -1
    if ((node.flags & CONTAINER_FLAGS) !== 0) {
      const owner = this.#owner.index()
      row = batch.add(isMap ? KIND.MAP : KIND.ARRAY, at, content, node, owner, at, entry)
      if (row >= 0 && !isMap && (node.flags & NODE.SEALED_LIST) !== 0) batch.owners[owner]!.sealedList = row
    }
    const end = isMap ? this.pairs(content, length, node, depth + 1) : this.elements(content, length, node, depth + 1)
    if (row >= 0) batch.closeContainer(row, end)
    return end
  }

  elements(start: number, count: number, node: PathNode, depth: number): number {
    const element = this.batch.trie.element(node)
    let position = start
    for (let i = 0; i < count; i += 1) position = this.value(position, element, position, depth)
    return position
  }
}

const KINDS: Readonly<Record<number, number>> = {
  [TYPE.NIL]: KIND.NULL,
  [TYPE.BOOLEAN]: KIND.BOOLEAN,
  [TYPE.UNSIGNED]: KIND.INTEGER,
  [TYPE.SIGNED]: KIND.INTEGER,
  [TYPE.FLOAT32]: KIND.FLOAT,
  [TYPE.FLOAT64]: KIND.FLOAT,
  [TYPE.STRING]: KIND.TEXT,
  [TYPE.BINARY]: KIND.BYTES,
}
