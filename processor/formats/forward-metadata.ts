import type { PathNode } from '../../rules/path-trie.ts'
import type { Batch } from './batch.ts'
import { hexValue } from './json-scanner.ts'
import { type HeaderReader, TYPE } from './message-pack/header.ts'
import type { MessagePackWalk } from './message-pack/walk.ts'

/** Under which Fluent Bit keeps what an OTLP record has beside its body. */
const OTLP = 'otlp'

/** What a field of an OTLP record must be to be taken for one: anything else is an attribute like any other. */
type Shape = (reader: HeaderReader) => boolean

const isInteger: Shape = ({ type }) => type === TYPE.UNSIGNED || type === TYPE.SIGNED
const isString: Shape = ({ type }) => type === TYPE.STRING
/** An id of so many bytes, as they are or as hexadecimal digits; or an empty one. */
const isId =
  (size: number): Shape =>
  ({ type, length, content, bytes }) =>
    (type === TYPE.BINARY && (length === 0 || length === size)) ||
    (type === TYPE.STRING && (length === 0 || length === 2 * size) && areHexDigits(bytes, content, content + length))

function areHexDigits(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    if (hexValue(bytes[at]!) < 0) return false
  }
  return true
}

/** Fields that rules may read, and never alter, as in OTLP; and those that no rule looks at. */
const FIELDS: ReadonlyMap<string, { readonly shape: Shape; readonly root?: 'severity' | 'event_name' }> = new Map([
  ['severity_number', { shape: isInteger, root: 'severity' }],
  ['severity_text', { shape: isString, root: 'severity' }],
  ['event_name', { shape: isString, root: 'event_name' }],
  ['timestamp', { shape: isInteger }],
  ['observed_timestamp', { shape: isInteger }],
  ['trace_flags', { shape: isInteger }],
  ['dropped_attributes_count', { shape: isInteger }],
  ['trace_id', { shape: isId(16) }],
  ['span_id', { shape: isId(8) }],
])

/**
 * Walks over the metadata of an entry (Forward Protocol v1.5). Attributes of OTLP in it are attributes of the record, and
 * so is whatever is not known: nothing that a record carries may be out of sight.
 */
export class ForwardMetadataWalk {
  readonly #values: MessagePackWalk
  readonly #reader: HeaderReader
  readonly #attributes: PathNode
  readonly #severity: PathNode
  readonly #eventName: PathNode
  readonly #tag: PathNode

  constructor(batch: Batch, values: MessagePackWalk) {
    this.#values = values
    this.#reader = values.reader
    this.#attributes = batch.trie.root('attributes')
    this.#severity = batch.trie.root('severity')
    this.#eventName = batch.trie.root('event_name')
    this.#tag = batch.trie.root('tag')
  }

  /** @returns where the map at `at` ends; it may be absent, as `nil`. */
  walk(at: number): number {
    const reader = this.#reader
    let position = reader.read(at)
    if (reader.type === TYPE.NIL) return position
    if (reader.type !== TYPE.MAP) throw reader.malformed('metadata is a map', at)
    const count = reader.length
    // Roots have no siblings: they stand before the first key of each kind of map.
    let previous = this.#tag
    for (let i = 0; i < count; i += 1) {
      previous = this.#values.child(this.#attributes, previous, position, 0)
      const { keyEnd } = this.#values
      position =
        previous.key === OTLP && this.#isMap(keyEnd)
          ? this.#otlp(keyEnd)
          : this.#values.value(keyEnd, previous, position, 0)
    }
    return position
  }

  #isMap(at: number): boolean {
    this.#reader.read(at)
    return this.#reader.type === TYPE.MAP
  }

  #otlp(at: number): number {
    let position = this.#reader.read(at)
    const count = this.#reader.length
    let previous = this.#severity
    for (let i = 0; i < count; i += 1) {
      previous = this.#values.child(this.#attributes, previous, position, 0)
      position = this.#field(previous, this.#values.keyEnd, position)
    }
    return position
  }

  #field(node: PathNode, at: number, entry: number): number {
    const reader = this.#reader
    const next = reader.read(at)
    if (node.key === 'attributes' && reader.type === TYPE.MAP)
      return this.#values.pairs(next, reader.length, this.#attributes, 0, this.#eventName)
    const field = FIELDS.get(node.key)
    if (field === undefined || !field.shape(reader)) return this.#values.value(at, node, entry, 0)
    if (field.root === undefined) return next
    return this.#values.value(at, field.root === 'severity' ? this.#severity : this.#eventName, entry, 0)
  }
}
