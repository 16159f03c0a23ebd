import type { PathNode } from '../../rules/path-trie.ts'
import { type Batch, OWNER_KIND } from './batch.ts'
import { isText } from './forward-message.ts'
import { type HeaderReader, TYPE } from './message-pack/header.ts'
import type { CurrentOwner } from './message-pack/owners.ts'
import type { MessagePackWalk } from './message-pack/walk.ts'

/** Options that the two ends of a connection need, and what they must be: they are left as they are. */
const KNOWN: ReadonlyMap<string, (reader: HeaderReader) => boolean> = new Map([
  ['chunk', isText],
  ['compressed', isText],
  ['size', ({ type }) => type === TYPE.UNSIGNED],
  ['fluent_signal', ({ type }) => type === TYPE.UNSIGNED],
])

/**
 * Walks over the option of a message (Forward Protocol v1, "Option"). What is not known in it belongs to the message, as
 * a resource does to its records: it goes on to whoever gets the message.
 */
export class ForwardOptionWalk {
  readonly #values: MessagePackWalk
  readonly #reader: HeaderReader
  readonly #owner: CurrentOwner
  readonly #resource: PathNode
  /** Metadata that is the record's own is none of the option's (Forward Protocol v1.5). */
  readonly #leavesMetadata: boolean

  constructor(batch: Batch, values: MessagePackWalk, owner: CurrentOwner, leavesMetadata: boolean) {
    this.#values = values
    this.#reader = values.reader
    this.#owner = owner
    this.#resource = batch.trie.root('resource')
    this.#leavesMetadata = leavesMetadata
  }

  /** @returns where the option at `at` ends. */
  walk(at: number): number {
    this.#owner.leaveGroup()
    this.#owner.enter(OWNER_KIND.RESOURCE, -1, -1)
    return this.#pairs(at, (node, value, entry) => {
      const next = this.#reader.read(value)
      if (this.#leavesMetadata && node.key === METADATA) return this.#reader.endOf(value)
      if (KNOWN.get(node.key)?.(this.#reader) !== true) return this.#values.value(value, node, entry, 0)
      if (node.key === 'compressed' && !this.#isPlain(next))
        throw this.#reader.malformed('a compressed message is not inflated here', value)
      return next
    })
  }

  /** Calls `visit` for each value under `metadata`. */
  metadata(at: number, visit: (value: number) => void): void {
    this.#pairs(at, (node, value) => {
      if (node.key === METADATA) visit(value)
      return this.#reader.endOf(value)
    })
  }

  #pairs(at: number, visit: (node: PathNode, value: number, entry: number) => number): number {
    return this.#values.mapOrNil(at, this.#resource, 'an option is a map', visit)
  }

  #isPlain(end: number): boolean {
    const { bytes, content } = this.#reader
    return Buffer.from(bytes.subarray(content, end)).toString('latin1') === 'text'
  }
}

const METADATA = 'metadata'
