import type { PathNode } from '../../../rules/path-trie.ts'
import { NODE } from '../../../rules/plan.ts'
import { type Batch, KIND, OWNER_KIND } from '../batch.ts'
import { ForwardRecordWalk } from '../forward-record.ts'
import { CurrentOwner } from '../message-pack/owners.ts'
import { MessagePackWalk } from '../message-pack/walk.ts'
import { FIXEXT1_SIZE, hasMark, MARKED_ENTRY_SIZE, NATIVE, SYMBOL_NUMBER } from './native.ts'

/** How an extension of the writer is read; of a symbol its description. */
const KINDS: Readonly<Record<number, number>> = {
  [NATIVE.UNDEFINED]: KIND.NULL,
  [NATIVE.BIGINT]: KIND.NUMBER,
  [NATIVE.DATE]: KIND.TEXT,
  [NATIVE.URL]: KIND.TEXT,
  [NATIVE.REGEXP]: KIND.TEXT,
  [NATIVE.SYMBOL]: KIND.TEXT,
  [NATIVE.UINT8_ARRAY]: KIND.BYTES,
}

/** Walks over values that `ObjectWriter` has written: what stands for a native value is walked as the text that it is. */
export class NativeWalk extends MessagePackWalk {
  override pairs(start: number, count: number, parent: PathNode, depth: number, before?: PathNode): number {
    return count > 0 && hasMark(this.batch.bytes, start)
      ? super.pairs(start + MARKED_ENTRY_SIZE, count - 1, parent, depth, before)
      : super.pairs(start, count, parent, depth, before)
  }

  override elements(start: number, count: number, node: PathNode, depth: number): number {
    return count > 0 && hasMark(this.batch.bytes, start)
      ? super.elements(start + FIXEXT1_SIZE, count - 1, node, depth)
      : super.elements(start, count, node, depth)
  }

  override extension(at: number, next: number, node: PathNode, entry: number): number {
    const { extensionType, content } = this.reader
    const kind = KINDS[extensionType]
    if (kind === undefined) return super.extension(at, next, node, entry)
    if (kind === KIND.NULL && !this.batch.hasRows && node.flags === NODE.SCAN) return next
    const start = extensionType === NATIVE.SYMBOL ? content + SYMBOL_NUMBER : content
    this.add(kind, start, next, node, at, entry)
    return next
  }

  /** A date is the time that it would be as a text. */
  override fieldText(): string {
    const { extensionType, content, length } = this.reader
    if (extensionType !== NATIVE.DATE) return ''
    return `"${this.batch.bytes.toString('latin1', content, content + length)}"`
  }
}

/** What walks over the one record of a batch. */
export interface RecordWalk {
  /** @returns nothing: all of the batch is the record. */
  record(): void
}

/**
 * Walks over a record of a logger, and what belongs to it beside it: `[record]` or `[record, body, attributes]`.
 */
export class ObjectWalk implements RecordWalk {
  readonly #batch: Batch
  readonly #owner: CurrentOwner
  readonly #values: NativeWalk
  readonly #record: ForwardRecordWalk
  readonly #body: PathNode
  readonly #attributes: PathNode
  readonly #tag: PathNode

  constructor(batch: Batch) {
    this.#batch = batch
    this.#owner = new CurrentOwner(batch)
    this.#values = new NativeWalk(batch, this.#owner)
    this.#record = new ForwardRecordWalk(batch, this.#values)
    this.#body = batch.trie.root('body')
    this.#attributes = batch.trie.root('attributes')
    this.#tag = batch.trie.root('tag')
  }

  record(): void {
    const batch = this.#batch
    const { reader } = this.#values
    reader.end = batch.length
    const start = reader.read(0)
    const parts = reader.length
    if (batch.hasRows) this.#owner.enter(OWNER_KIND.RECORD, start, reader.endOf(start))
    let at = this.#record.walk(start)
    if (parts > 1) {
      at = this.#values.value(at, this.#body, at, 0)
      // Roots have no siblings: they stand before the first key of each kind of map.
      const pairs = reader.read(at)
      this.#values.pairs(pairs, reader.length, this.#attributes, 0, this.#tag)
    }
    batch.records = 1
  }
}
