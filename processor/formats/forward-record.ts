import type { PathNode } from '../../rules/path-trie.ts'
import type { Batch } from './batch.ts'
import { type HeaderReader, TYPE } from './message-pack/header.ts'
import type { MessagePackWalk } from './message-pack/walk.ts'
import { doubleText } from './otlp-value-json.ts'
import { isFieldShape, isLevelName, LONGEST_FIELD, RECORD_FIELDS, SEVERITY_FIELD } from './record-fields.ts'

/** What a key has instead of a rank among `body_keys` where it may be a field of the record. */
const FIELD = -1

/**
 * Walks over the map that is a record: a key of `body_keys` has its body, some are its fields where they look like it,
 * the others are attributes, as in a JSON line.
 */
export class ForwardRecordWalk {
  readonly #values: MessagePackWalk
  readonly #reader: HeaderReader
  readonly #bytes: Buffer
  readonly #body: PathNode
  readonly #attributes: PathNode
  readonly #severity: PathNode
  /** By key: its rank in `body_keys`, or `FIELD`. */
  readonly #roles: ReadonlyMap<string, number>
  /** Bit n: one of those keys has n bytes. Few keys are looked up by their text. */
  readonly #lengths: number
  /** Of pairs that may have the body: rank, where the value starts, where the key starts; and the nodes of their keys. */
  readonly #candidates: number[] = []
  readonly #nodes: PathNode[] = []
  #best = Number.POSITIVE_INFINITY

  constructor(batch: Batch, values: MessagePackWalk) {
    this.#values = values
    this.#reader = values.reader
    this.#bytes = batch.bytes
    this.#body = batch.trie.root('body')
    this.#attributes = batch.trie.root('attributes')
    this.#severity = batch.trie.root('severity')
    const roles = new Map([...RECORD_FIELDS].map((key) => [key, FIELD]))
    for (const [rank, key] of batch.bodyKeys.entries()) roles.set(key, rank)
    this.#roles = roles
    this.#lengths = [...roles.keys()].reduce((bits, key) => bits | lengthBit(Buffer.byteLength(key)), 0)
  }

  /** @returns where the map at `at` ends. */
  walk(at: number): number {
    const values = this.#values
    let position = this.#reader.read(at)
    if (this.#reader.type !== TYPE.MAP) throw this.#reader.malformed('a record is a map', at)
    const count = this.#reader.length
    this.#best = Number.POSITIVE_INFINITY
    let previous: PathNode | undefined
    for (let i = 0; i < count; i += 1) {
      const node = values.child(this.#attributes, previous, position, 0)
      previous = node
      const role = (this.#lengths & lengthBit(node.keyLength)) === 0 ? undefined : this.#roles.get(node.key)
      position =
        role === undefined
          ? values.value(values.keyEnd, node, position, 0)
          : this.#special(role, node, values.keyEnd, position)
    }
    if (this.#nodes.length > 0) this.#bodies()
    return position
  }

  #special(role: number, node: PathNode, value: number, entry: number): number {
    if (role === FIELD) return this.#field(node, value, entry)
    this.#best = Math.min(this.#best, role)
    // Nothing can come before the first of the keys.
    if (role === 0) return this.#values.value(value, this.#body, entry, 0)
    this.#candidates.push(role, value, entry)
    this.#nodes.push(node)
    return this.#reader.endOf(value)
  }

  #field(node: PathNode, value: number, entry: number): number {
    const reader = this.#reader
    const isSeverity = node.key === SEVERITY_FIELD
    const end = reader.read(value)
    // Nearly all levels are names, and a text need not be made of them.
    const isName = isSeverity && reader.type === TYPE.STRING && isLevelName(reader.bytes, reader.content, end)
    if (!isName && !isFieldShape(node.key, this.#jsonText(end))) return this.#values.value(value, node, entry, 0)
    return isSeverity ? this.#values.value(value, this.#severity, entry, 0) : end
  }

  /** The short text or number whose header has been read, as JSON; an empty text for what no field looks like. */
  #jsonText(end: number): string {
    const reader = this.#reader
    switch (reader.type) {
      case TYPE.STRING:
        return reader.length > LONGEST_FIELD ? '' : `"${this.#bytes.toString('latin1', reader.content, end)}"`
      case TYPE.UNSIGNED:
        return reader.integer().toString()
      case TYPE.FLOAT32:
      case TYPE.FLOAT64:
        return doubleText(reader.float())
      default:
        return ''
    }
  }

  /** The first of `body_keys` that is there is the body, every time it occurs; the others are attributes. */
  #bodies(): void {
    const candidates = this.#candidates
    const nodes = this.#nodes
    for (let i = 0, at = 0; i < nodes.length; i += 1, at += 3) {
      const node = candidates[at] === this.#best ? this.#body : nodes[i]!
      this.#values.value(candidates[at + 1]!, node, candidates[at + 2]!, 0)
    }
    candidates.length = 0
    nodes.length = 0
  }
}

/** Keys of 31 bytes and more share a bit. */
function lengthBit(length: number): number {
  return 1 << Math.min(length, 31)
}
