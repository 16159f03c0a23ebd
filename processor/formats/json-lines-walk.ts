import type { PathNode } from '../../rules/path-trie.ts'
import { FieldsealError } from '../errors.ts'
import { type Batch, KIND, OWNER_KIND } from './batch.ts'
import { CHAR, isSpace } from './json-scanner.ts'
import { JsonValueWalk } from './json-value-walk.ts'
import { isFieldShape, LONGEST_FIELD, RECORD_FIELDS } from './record-fields.ts'

const NEWLINE = 0x0a
const CARRIAGE_RETURN = 0x0d
/**
 * Files may begin with it (RFC 8259 section 8.1), and so may any line where files have been joined; what follows is a
 * record like any other.
 */
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf])
const SEALED_START = Buffer.from('{"protected":"')

function startsWith(bytes: Uint8Array, prefix: Uint8Array, start: number, end: number): boolean {
  if (end - start < prefix.length) return false
  for (let i = 0; i < prefix.length; i += 1) {
    if (bytes[start + i] !== prefix[i]) return false
  }
  return true
}

/** Calls `visit` for every line that is not blank, without its line end. */
function forEachLine(batch: Batch, visit: (start: number, end: number, contentStart: number) => void): void {
  const { bytes, length } = batch
  let start = 0
  while (start < length) {
    const newline = bytes.indexOf(NEWLINE, start)
    const next = newline < 0 || newline > length ? length : newline
    const end = next > start && bytes[next - 1] === CARRIAGE_RETURN ? next - 1 : next
    let contentStart = startsWith(bytes, BYTE_ORDER_MARK, start, end) ? start + BYTE_ORDER_MARK.length : start
    while (contentStart < end && isSpace(bytes[contentStart]!)) contentStart += 1
    if (contentStart < end) {
      if (end - start > batch.limits.record) {
        throw new FieldsealError('FIELDSEAL_INPUT_TOO_LARGE', 'the record is over limits.record', {
          record: batch.records,
          offset: start,
        })
      }
      if (batch.wantsRecord(start, end)) visit(start, end, contentStart)
      batch.records += 1
    }
    start = next + 1
  }
}

function textLine(batch: Batch, start: number, end: number): void {
  const node = batch.trie.root('body')
  if (node.flags === 0) return
  const owner = newOwner(batch, -1, -1)
  batch.add(KIND.LINE, start, end, node, owner, start, start)
}

function newOwner(batch: Batch, start: number, end: number): number {
  if (!batch.hasRows) return -1
  const { records: record } = batch
  return (
    batch.owners.push({
      kind: OWNER_KIND.RECORD,
      record,
      resource: -1,
      scope: -1,
      start,
      end,
      sealedList: -1,
      attributesStart: -1,
      attributesEnd: -1,
    }) - 1
  )
}

/** Whether a JSON object is a sealed value: it is a text then, for all that is in it. */
export function isSealedObject(batch: Batch, bytes: Buffer, start: number, end: number): boolean {
  return startsWith(bytes, SEALED_START, start, end) && batch.isSealedLine(bytes.toString('latin1', start, end))
}

/** Every line is a text. */
export function walkTextLines(batch: Batch): void {
  forEachLine(batch, (start, end) => textLine(batch, start, end))
}

/** A line that is a JSON object is a record with members, any other line a text. */
export function walkJsonLines(batch: Batch): void {
  const walk = new JsonLineWalk(batch)
  forEachLine(batch, (start, end, contentStart) => {
    const isObject = batch.bytes[contentStart] === CHAR.OPEN_BRACE
    const isSealedText = isObject && isSealedObject(batch, batch.bytes, contentStart, end)
    if (isObject && !isSealedText) walk.record(contentStart, end)
    else textLine(batch, isSealedText ? contentStart : start, end)
  })
}

class JsonLineWalk {
  readonly #batch: Batch
  readonly #values: JsonValueWalk
  readonly #attributes: PathNode
  readonly #severity: PathNode
  #owner = -1
  /** Members that may be the body: rank in `body_keys`, node, where the value starts, where the key starts. */
  readonly #candidates: { rank: number; node: PathNode; value: number; entry: number }[] = []

  constructor(batch: Batch) {
    this.#batch = batch
    this.#values = new JsonValueWalk(batch)
    this.#attributes = batch.trie.root('attributes')
    this.#severity = batch.trie.root('severity')
  }

  record(start: number, end: number): void {
    const { scanner } = this.#values
    scanner.record = this.#batch.records
    scanner.end = end
    const rows = this.#batch.count
    this.#owner = newOwner(this.#batch, start, end)
    this.#candidates.length = 0
    let previous: PathNode | undefined
    const close = scanner.members(start, 0, (keyStart, keyEnd, value) => {
      previous = this.#values.child(this.#attributes, previous, keyStart, keyEnd)
      return this.#member(previous, value, keyStart - 1)
    })
    if (scanner.skipSpace(close) !== end) throw scanner.malformed('something follows the object', close)
    if (this.#owner >= 0) this.#batch.owners[this.#owner]!.end = close
    this.#bodies()
    this.#batch.forgetOwner(this.#owner, rows)
  }

  #member(node: PathNode, value: number, entry: number): number {
    const { scanner } = this.#values
    const rank = this.#batch.bodyKeys.indexOf(node.key)
    if (rank >= 0) {
      this.#candidates.push({ rank, node, value, entry })
      return scanner.skipValue(value, 1)
    }
    if (RECORD_FIELDS.has(node.key)) {
      const end = scanner.skipValue(value, 1)
      if (end - value <= LONGEST_FIELD && isFieldShape(node.key, this.#batch.bytes.toString('latin1', value, end))) {
        if (node.key === 'level' && this.#severity.flags !== 0)
          this.#values.value(value, this.#severity, this.#owner, entry, 1)
        return end
      }
    }
    return this.#values.value(value, node, this.#owner, entry, 1)
  }

  /** The first of `body_keys` that is there is the body, every time it occurs; the others are attributes. */
  #bodies(): void {
    const best = this.#candidates.reduce((least, { rank }) => Math.min(least, rank), Number.POSITIVE_INFINITY)
    for (const { rank, node, value, entry } of this.#candidates) {
      this.#values.value(value, rank === best ? this.#batch.trie.root('body') : node, this.#owner, entry, 1)
    }
  }
}
