import type { PathNode } from '../../../rules/path-trie.ts'
import { type Batch, OWNER_KIND, type Owner } from '../batch.ts'
import { TYPE } from '../message-pack/header.ts'
import { CurrentOwner } from '../message-pack/owners.ts'
import { LOG_RECORD } from './log-record-fields.ts'
import { NATIVE } from './native.ts'
import { NativeWalk, type RecordWalk } from './walk.ts'

/** Walks over a log record of OpenTelemetry: `LogRecordWriter` says what stands where. */
export class LogRecordWalk implements RecordWalk {
  readonly #batch: Batch
  readonly #owner: CurrentOwner
  readonly #values: NativeWalk
  readonly #resource: PathNode
  readonly #scope: PathNode
  readonly #attributes: PathNode
  readonly #body: PathNode
  readonly #fields: Readonly<Record<string, PathNode>>

  constructor(batch: Batch) {
    const { trie } = batch
    this.#batch = batch
    this.#owner = new CurrentOwner(batch)
    this.#values = new NativeWalk(batch, this.#owner)
    this.#resource = trie.root('resource')
    this.#scope = trie.root('scope')
    this.#attributes = trie.root('attributes')
    this.#body = trie.root('body')
    this.#fields = {
      severity_number: trie.root('severity'),
      severity_text: trie.root('severity'),
      event_name: trie.root('event_name'),
      name: trie.root('scope.name'),
      version: trie.root('scope.version'),
    }
  }

  record(): void {
    const { reader } = this.#values
    reader.end = this.#batch.length
    let at = reader.read(0)
    at = this.#part(at, OWNER_KIND.RESOURCE, LOG_RECORD.resource, this.#resource)
    at = this.#part(at, OWNER_KIND.SCOPE, LOG_RECORD.scope, this.#scope)
    this.#part(at, OWNER_KIND.RECORD, LOG_RECORD.record, this.#attributes)
    this.#batch.records = 1
  }

  /** A map of fields, the last of them the attributes, which the owner's list would be added to. */
  #part(start: number, kind: Owner['kind'], fields: readonly string[], attributes: PathNode): number {
    const { reader } = this.#values
    let at = reader.read(start)
    if (this.#batch.hasRows) {
      const [from, to] = this.#attributesOf(at, fields.length)
      this.#owner.enter(kind, from, to)
    }
    for (const name of fields) {
      const entry = at
      // Names are short texts, the writer's own.
      const value = entry + 1 + name.length
      if (name === 'attributes') {
        const pairs = reader.read(value)
        at = this.#values.pairs(pairs, reader.length, attributes, 0)
      } else {
        at = name === 'body' ? this.#values.value(value, this.#body, entry, 0) : this.#field(name, value, entry, kind)
      }
    }
    return at
  }

  #attributesOf(start: number, fields: number): readonly [from: number, to: number] {
    const { reader } = this.#values
    let at = start
    for (let i = 1; i < fields; i += 1) at = reader.endOf(reader.endOf(at))
    const from = reader.endOf(at)
    return [from, reader.endOf(from)]
  }

  /** Read and never altered where it is of its type; else an attribute like any other, by its own name. */
  #field(name: string, at: number, entry: number, kind: Owner['kind']): number {
    const { reader } = this.#values
    const next = reader.read(at)
    const isNumber = name === 'severity_number'
    const fits = isNumber ? reader.type === TYPE.UNSIGNED : reader.type === TYPE.STRING
    if (fits) return this.#values.value(at, this.#fields[name]!, entry, 0)
    if (reader.type === TYPE.EXTENSION && reader.extensionType === NATIVE.UNDEFINED) return next
    const parent = kind === OWNER_KIND.SCOPE ? this.#scope : this.#attributes
    const node = this.#values.child(parent, this.#fields[name]!, entry, 0)
    return this.#values.value(at, node, entry, 0)
  }
}
