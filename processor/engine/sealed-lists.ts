import { NODE, SEALED_LIST_KEY } from '../../rules/plan.ts'
import { type Batch, FIELD, KIND } from '../formats/batch.ts'
import type { Edit, Format } from '../formats/format.ts'
import { contentOf, isBinary, isContainer, isTextual, textOf } from '../formats/value-text.ts'
import { recogniseSealed } from '../jwe/sealed-value.ts'
import { editsOf, type Outcome } from './outcome.ts'
import type { PartsByOwner } from './parts.ts'
import { scalarText } from './source-text.ts'

const LIST_KEY = Buffer.from(SEALED_LIST_KEY)

/** The lists of sealed parts of a batch (`fieldseal.sealed`), as they arrived and as they leave. */
export class SealedLists {
  readonly #batch: Batch
  readonly #format: Format
  readonly #knownKids: ReadonlySet<string>
  readonly #maxValueBytes: number
  readonly #verifiedIds = new Map<number, ReadonlySet<string>>()
  /** By owner: the row of its list. */
  readonly #lists = new Map<number, number>()
  /** By owner: the row under the list's name that is no list. Of several the last, which is what readers of JSON take. */
  readonly #oddRows = new Map<number, number>()
  readonly #oddOutcomes = new Map<number, Outcome>()

  constructor(batch: Batch, format: Format, knownKids: ReadonlySet<string>, maxValueBytes: number) {
    this.#batch = batch
    this.#format = format
    this.#knownKids = knownKids
    this.#maxValueBytes = maxValueBytes
    for (const [row] of this.#entries().filter((rows) => rows.length === 1)) {
      const owner = batch.get(row!, FIELD.OWNER)
      const found = batch.kind(row!) === KIND.ARRAY ? this.#lists : this.#oddRows
      found.set(owner, row!)
    }
    for (const owner of this.#lists.keys()) this.#oddRows.delete(owner)
  }

  /**
   * Rows under the list's name, by entry. In protobuf an entry may have several values: where a rule takes one of them
   * the whole entry may go, so that nothing can be added to it.
   */
  #entries(): number[][] {
    const batch = this.#batch
    const byEntry = new Map<number, number[]>()
    for (let row = 0; row < batch.count; row += 1) {
      if ((batch.flags(row) & NODE.SEALED_LIST) === 0) continue
      const entry = batch.get(row, FIELD.ENTRY)
      const rows = byEntry.get(entry)
      if (rows === undefined) byEntry.set(entry, [row])
      else rows.push(row)
    }
    return [...byEntry.values()]
  }

  get oddRows(): Iterable<number> {
    return this.#oddRows.values()
  }

  isOdd(row: number): boolean {
    return this.#oddRows.get(this.#batch.get(row, FIELD.OWNER)) === row
  }

  /** What was decided for an odd row, all that is in it included: it is carried out here. */
  decided(row: number, outcome: Outcome): void {
    this.#oddOutcomes.set(this.#batch.get(row, FIELD.OWNER), outcome)
  }

  /** Ids of the JWEs in an owner's list that are ours, as far as their form tells. */
  idsOf(owner: number): ReadonlySet<string> {
    const known = this.#verifiedIds.get(owner)
    if (known !== undefined) return known
    const ids = new Set<string>()
    this.#verifiedIds.set(owner, ids)
    const batch = this.#batch
    const list = this.#lists.get(owner)
    if (list === undefined) return ids
    for (let row = list + 1; row < batch.get(list, FIELD.AFTER); row += 1) {
      if (!isTextual(batch.kind(row))) continue
      const text = textOf(batch, row).toString('latin1')
      const element = recogniseSealed(text, this.#knownKids, this.#maxValueBytes)
      if (element !== undefined) ids.add(element.id)
    }
    return ids
  }

  /** Lists that are extended, newly made, or, where something else stood there, made around it. */
  edits(parts: PartsByOwner): Edit[] {
    const format = this.#format
    const edits: Edit[] = []
    for (const { owner, jwes } of parts.sealed()) {
      const list = this.#lists.get(owner)
      const odd = this.#oddRows.get(owner)
      if (list !== undefined) edits.push(format.extendList(this.#batch, list, jwes))
      else if (odd !== undefined) edits.push(this.#listAround(odd, this.#oddOutcomes.get(owner)!, jwes))
      else edits.push(format.newAttribute(this.#batch, owner, LIST_KEY, { type: 'strings', items: jwes }))
    }
    const odd = [...this.#oddOutcomes].filter(([owner]) => !parts.has(owner))
    return edits.concat(odd.flatMap(([, outcome]) => editsOf(outcome)))
  }

  #listAround(row: number, outcome: Outcome, jwes: readonly Uint8Array[]): Edit {
    const batch = this.#batch
    const before = this.#textAfter(row, outcome)
    const items = before === undefined ? jwes : [before, ...jwes]
    return {
      kind: 'replace',
      at: batch.get(row, FIELD.TOKEN),
      end: this.#format.tokenEnd(batch, row),
      bytes: this.#format.encodeValue(batch, row, { type: 'strings', items }),
    }
  }

  /** What stood under the list's name, as a text, with what was decided for it carried out. */
  #textAfter(row: number, outcome: Outcome): Uint8Array | undefined {
    const batch = this.#batch
    const kind = batch.kind(row)
    if (outcome.removes === true || kind === KIND.NULL) return undefined
    if (outcome.text !== undefined) return outcome.text()
    if (isContainer(kind)) return this.#format.containerJson(batch, row, editsOf(outcome)).bytes
    if (isBinary(kind)) return Buffer.from(contentOf(batch, row).toString('base64'))
    return isTextual(kind) ? textOf(batch, row) : Buffer.from(scalarText(batch, row))
  }
}
