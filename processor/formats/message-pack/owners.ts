import type { PathNode } from '../../../rules/path-trie.ts'
import { type Batch, KIND, OWNER_KIND, type Owner } from '../batch.ts'

/**
 * The record, resource or scope that is being walked. An owner is made when the first row needs it: what holds nothing
 * that matters costs nothing.
 */
export class CurrentOwner {
  readonly #batch: Batch
  readonly #addsRows: boolean
  /** The tag of the message, if it has one, which each owner is given a row for, so that conditions find it. */
  readonly #tag: PathNode
  #tagStart = -1
  #tagEnd = -1
  #kind: Owner['kind'] = OWNER_KIND.RECORD
  #start = -1
  #end = -1
  #index = -1
  #placeStart = -1
  #placeEnd = -1
  /** Of the group that records are in; -1 where it has no rows. */
  #resource = -1
  #scope = -1

  constructor(batch: Batch) {
    this.#batch = batch
    this.#addsRows = batch.hasRows
    this.#tag = batch.trie.root('tag')
  }

  setTag(start: number, end: number): void {
    this.#tagStart = start
    this.#tagEnd = end
  }

  /** What is walked from here on belongs to another owner, whose attributes are the map in `[start, end)`. */
  enter(kind: Owner['kind'], start: number, end: number): void {
    this.#kind = kind
    this.#start = start
    this.#end = end
    this.#index = -1
  }

  /** Where the entry of the records that are entered from here on starts and ends; -1 where a record is the whole message. */
  setPlace(start: number, end: number): void {
    this.#placeStart = start
    this.#placeEnd = end
  }

  /** Goes back to the resource or scope of the group, which has been entered before. */
  resume(kind: 1 | 2, start: number, end: number): void {
    this.enter(kind, start, end)
    this.#index = kind === OWNER_KIND.RESOURCE ? this.#resource : this.#scope
    if (this.#index < 0 || start < 0) return
    const owner = this.#batch.owners[this.#index]!
    owner.start = start
    owner.end = end
  }

  /** The records from here on belong to no group, or to one whose beginning is being walked. */
  leaveGroup(): void {
    this.#resource = -1
    this.#scope = -1
  }

  /** The index of the owner; -1 where rows are not added. */
  index(): number {
    return this.#addsRows && this.#index < 0 ? this.#make() : this.#index
  }

  #make(): number {
    const batch = this.#batch
    const isRecord = this.#kind === OWNER_KIND.RECORD
    const index =
      batch.owners.push({
        kind: this.#kind,
        record: batch.records,
        resource: this.#kind === OWNER_KIND.RESOURCE ? -1 : this.#resource,
        scope: isRecord ? this.#scope : -1,
        start: this.#start,
        end: this.#end,
        sealedList: -1,
        attributesStart: -1,
        attributesEnd: -1,
        placeStart: isRecord ? this.#placeStart : -1,
        placeEnd: isRecord ? this.#placeEnd : -1,
      }) - 1
    this.#index = index
    if (this.#kind === OWNER_KIND.RESOURCE) this.#resource = index
    if (this.#kind === OWNER_KIND.SCOPE) this.#scope = index
    if (this.#tag.flags !== 0 && this.#tagStart >= 0)
      batch.add(KIND.TEXT, this.#tagStart, this.#tagEnd, this.#tag, index, this.#tagStart, this.#tagStart)
    return index
  }
}
