import type { PathNode } from '../../rules/path-trie.ts'
import { type Batch, OWNER_KIND } from './batch.ts'
import { type HeaderReader, TYPE } from './message-pack/header.ts'
import type { CurrentOwner } from './message-pack/owners.ts'
import type { MessagePackWalk } from './message-pack/walk.ts'

/** Of a group's metadata, and of a resource or scope: what says something of the message, and nothing of anybody. */
const NUMBERS: ReadonlySet<string> = new Set(['resource_id', 'scope_id', 'dropped_attributes_count'])
const SCHEMA = 'schema'
const SCHEMAS: ReadonlySet<string> = new Set(['otlp'])

/**
 * Walks over the markers between which Fluent Bit puts records of the same resource and scope: metadata, and a map
 * `{resource: {attributes}, scope: {name, version, attributes}}`. What is not known in it is walked as part of the
 * resource, or of the scope that has it.
 */
export class ForwardGroupWalk {
  readonly #batch: Batch
  readonly #values: MessagePackWalk
  readonly #reader: HeaderReader
  readonly #owner: CurrentOwner
  readonly #resource: PathNode
  readonly #scope: PathNode
  readonly #scopeName: PathNode
  readonly #scopeVersion: PathNode

  constructor(batch: Batch, values: MessagePackWalk, owner: CurrentOwner) {
    this.#batch = batch
    this.#values = values
    this.#reader = values.reader
    this.#owner = owner
    this.#resource = batch.trie.root('resource')
    this.#scope = batch.trie.root('scope')
    this.#scopeName = batch.trie.root('scope.name')
    this.#scopeVersion = batch.trie.root('scope.version')
  }

  /** The metadata of a marker: `{schema, resource_id, scope_id}`. */
  metadata(at: number): number {
    return this.#map(at, (node, value, entry) => this.#inResource(node, value, entry))
  }

  /** The map of a marker; of one that ends a group it is empty. */
  body(at: number): number {
    return this.#map(at, (node, value, entry) => {
      if (node.key === 'resource' && this.#isMap(value))
        return this.#map(value, (field, content, place) => this.#resourceField(field, content, place))
      if (node.key === 'scope' && this.#isMap(value))
        return this.#map(value, (field, content, place) => this.#scopeField(field, content, place))
      return this.#inResource(node, value, entry)
    })
  }

  #map(at: number, visit: (node: PathNode, value: number, entry: number) => number): number {
    return this.#values.mapOrNil(at, this.#resource, 'a group is told of by maps', visit)
  }

  #isMap(at: number): boolean {
    this.#reader.read(at)
    return this.#reader.type === TYPE.MAP
  }

  #inResource(node: PathNode, value: number, entry: number): number {
    const next = this.#reader.read(value)
    if (this.#isOfMessage(node.key)) return next
    this.#owner.resume(OWNER_KIND.RESOURCE, -1, -1)
    return this.#values.value(value, node, entry, 0)
  }

  /** Of the value whose header has been read. */
  #isOfMessage(key: string): boolean {
    const { type, length, content, bytes } = this.#reader
    if (NUMBERS.has(key)) return type === TYPE.UNSIGNED || type === TYPE.SIGNED
    if (key !== SCHEMA || type !== TYPE.STRING) return false
    return SCHEMAS.has(Buffer.from(bytes.subarray(content, content + length)).toString('latin1'))
  }

  #resourceField(node: PathNode, value: number, entry: number): number {
    if (node.key !== 'attributes' || !this.#isMap(value)) return this.#inResource(node, value, entry)
    return this.#attributes(OWNER_KIND.RESOURCE, this.#resource, value)
  }

  #scopeField(node: PathNode, value: number, entry: number): number {
    if (node.key === 'attributes' && this.#isMap(value)) return this.#attributes(OWNER_KIND.SCOPE, this.#scope, value)
    const next = this.#reader.read(value)
    if (this.#isOfMessage(node.key)) return next
    this.#owner.resume(OWNER_KIND.SCOPE, -1, -1)
    const isText = this.#reader.type === TYPE.STRING
    if (isText && node.key === 'name') return this.#values.value(value, this.#scopeName, entry, 0)
    if (isText && node.key === 'version') return this.#values.value(value, this.#scopeVersion, entry, 0)
    // By its own name below the scope.
    const { keyEnd } = this.#values
    const inScope = this.#values.child(this.#scope, undefined, entry, 0)
    this.#values.keyEnd = keyEnd
    return this.#values.value(value, inScope, entry, 0)
  }

  #attributes(kind: 1 | 2, root: PathNode, at: number): number {
    const reader = this.#reader
    const end = this.#batch.hasRows ? reader.endOf(at) : -1
    const start = reader.read(at)
    const { length } = reader
    this.#owner.resume(kind, at, end)
    return this.#values.pairs(start, length, root, 0)
  }
}
