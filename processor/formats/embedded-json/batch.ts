import type { PathNode } from '../../../rules/path-trie.ts'
import { Batch, type BatchOptions, FIELD, ROW } from '../batch.ts'
import { JsonValueWalk } from '../json-value-walk.ts'
import { isTextual } from '../value-text.ts'
import type { EmbeddedText, EmbeddedTexts } from './texts.ts'

/**
 * A batch in which bodies that are JSON in a text are walked as the JSON that they are.
 *
 * Their values are rows like all others, at offsets in the decoded text that stands behind the batch. The text itself
 * keeps a row without flags, so that nothing is looked for in it twice, and its place is known when it is written back.
 */
export class EmbeddingBatch extends Batch {
  readonly #length: number
  readonly #texts: readonly EmbeddedText[]
  readonly #byPlace: ReadonlyMap<number, number>
  /** By text: the row of the outer text, once there are rows. */
  readonly #rowOf: number[] = []
  #walk: JsonValueWalk | undefined

  constructor({ bytes, length, texts }: EmbeddedTexts, options: BatchOptions) {
    super(bytes, options)
    this.#length = length
    this.#texts = texts
    this.#byPlace = new Map(texts.map(({ at }, index) => [at, index]))
  }

  override get length(): number {
    return this.#length
  }

  override isEmbedded(row: number): boolean {
    return this.get(row, FIELD.START) > this.#length
  }

  /** The text that holds the place; of a place in the batch itself, undefined. */
  textAt(place: number): EmbeddedText | undefined {
    return place > this.#length ? this.#texts[this.#indexAt(place)] : undefined
  }

  /** The row of the text around an embedded place. */
  rowAround(place: number): number {
    return this.#rowOf[this.#indexAt(place)]!
  }

  override add(
    kind: number,
    start: number,
    end: number,
    node: PathNode,
    owner: number,
    token: number,
    entry: number,
  ): number {
    const index = node.parent === undefined && isTextual(kind) ? this.#byPlace.get(start) : undefined
    if (index === undefined) return super.add(kind, start, end, node, owner, token, entry)
    if (this.hasRows) {
      const row = super.add(kind, start, end, node, owner, token, entry)
      this.rows[row * ROW + FIELD.KIND] = kind
      this.#rowOf[index] = row
    }
    this.#embedded(this.#texts[index]!, node, owner)
    return -1
  }

  /** What lies in a text stands where the text stands. */
  override placeOf(offset: number): number {
    return this.textAt(offset)?.at ?? offset
  }

  /** It makes the record around the text matter. */
  override mark(offset: number): void {
    super.mark(this.placeOf(offset))
  }

  #embedded({ start, end }: EmbeddedText, node: PathNode, owner: number): void {
    this.#walk ??= new JsonValueWalk(this)
    const { scanner } = this.#walk
    scanner.record = this.records
    scanner.end = end
    const value = scanner.skipSpace(start)
    const row = this.count
    this.#walk.value(value, node, owner, value, 1)
    // Who takes all of it takes the white space around it as well.
    if (this.count > row && this.node(row) === node) this.rows[row * ROW + FIELD.TOKEN] = start
  }

  /** Texts are in order, one behind the other. */
  #indexAt(place: number): number {
    let low = 0
    let high = this.#texts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (this.#texts[middle]!.start <= place) low = middle
      else high = middle - 1
    }
    return low
  }
}
