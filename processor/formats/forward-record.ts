import type { PathNode } from '../../rules/path-trie.ts'
import type { Batch } from './batch.ts'
import { ROLE, roleOf } from './member-roles.ts'
import { type HeaderReader, TYPE } from './message-pack/header.ts'
import type { MessagePackWalk } from './message-pack/walk.ts'
import { doubleText } from './otlp-value-json.ts'
import { isFieldShape, isIntegerField, isLevelName, LONGEST_FIELD, SEVERITY_FIELD } from './record-fields.ts'

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
  readonly #bodyKeys: readonly string[]
  /** Of pairs that may have the body: rank, where the value starts, where the key starts; and the nodes of their keys. */
  readonly #candidates: number[] = []
  readonly #nodes: PathNode[] = []
  /** How many of them are of this record: emptying an array each time would leave the compiled code. */
  #count = 0
  #best = Number.POSITIVE_INFINITY

  constructor(batch: Batch, values: MessagePackWalk) {
    this.#values = values
    this.#reader = values.reader
    this.#bytes = batch.bytes
    this.#body = batch.trie.root('body')
    this.#attributes = batch.trie.root('attributes')
    this.#severity = batch.trie.root('severity')
    this.#bodyKeys = batch.bodyKeys
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
      const role = roleOf(node, this.#bodyKeys)
      position =
        role === ROLE.ATTRIBUTE
          ? values.value(values.keyEnd, node, position, 0)
          : this.#special(role, node, values.keyEnd, position)
    }
    if (this.#count > 0) this.#bodies()
    return position
  }

  #special(role: number, node: PathNode, value: number, entry: number): number {
    if (role === ROLE.FIELD) return this.#field(node, value, entry)
    this.#best = Math.min(this.#best, role)
    // Nothing can come before the first of the keys.
    if (role === 0) return this.#values.value(value, this.#body, entry, 0)
    const at = 3 * this.#count
    this.#candidates[at] = role
    this.#candidates[at + 1] = value
    this.#candidates[at + 2] = entry
    this.#nodes[this.#count] = node
    this.#count += 1
    return this.#reader.endOf(value)
  }

  #field(node: PathNode, value: number, entry: number): number {
    const reader = this.#reader
    const isSeverity = node.key === SEVERITY_FIELD
    const end = reader.read(value)
    // Nearly all levels are names, and a text need not be made of them.
    const isName = isSeverity && reader.type === TYPE.STRING && isLevelName(reader.bytes, reader.content, end)
    // So are numbers below 128, and times without a sign.
    const isInteger =
      reader.type === TYPE.UNSIGNED && isIntegerField(node.key, reader.length === 1 && reader.content === value)
    if (!isName && !isInteger && !isFieldShape(node.key, this.#jsonText(end)))
      return this.#values.value(value, node, entry, 0)
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
      case TYPE.EXTENSION:
        return this.#values.fieldText()
      default:
        return ''
    }
  }

  /** The first of `body_keys` that is there is the body, every time it occurs; the others are attributes. */
  #bodies(): void {
    const candidates = this.#candidates
    const nodes = this.#nodes
    const count = this.#count
    this.#count = 0
    for (let i = 0, at = 0; i < count; i += 1, at += 3) {
      const node = candidates[at] === this.#best ? this.#body : nodes[i]!
      this.#values.value(candidates[at + 1]!, node, candidates[at + 2]!, 0)
    }
  }
}
