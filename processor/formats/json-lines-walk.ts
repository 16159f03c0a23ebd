import { keyIs, type PathNode } from '../../rules/path-trie.ts'
import { FieldsealError } from '../errors.ts'
import { type Batch, KIND, OWNER_KIND } from './batch.ts'
import { CHAR, isSpace } from './json-scanner.ts'
import { JsonValueWalk } from './json-value-walk.ts'
import { ROLE, roleOf } from './member-roles.ts'
import { isFieldJson, SEVERITY_FIELD } from './record-fields.ts'

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
  const owner = newOwner(batch, -1, -1, [start, end])
  batch.add(KIND.LINE, start, end, node, owner, start, start)
}

/** @param line - where the line starts and ends, without its line end. */
function newOwner(batch: Batch, start: number, end: number, line: readonly [number, number]): number {
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
      placeStart: line[0],
      placeEnd: line[1],
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
  forEachLine(batch, batch.walkOf(makeJsonLineWalk).visit)
}

const makeJsonLineWalk = (batch: Batch) => new JsonLineWalk(batch)

/** A member that may be the body: rank in `body_keys`, node, where the value starts and ends, where the key starts. */
interface Candidate {
  readonly rank: number
  readonly node: PathNode
  readonly value: number
  readonly end: number
  /** Of a text. */
  readonly isEscaped: boolean
  readonly entry: number
}

class JsonLineWalk {
  readonly #batch: Batch
  readonly #values: JsonValueWalk
  readonly #attributes: PathNode
  readonly #body: PathNode
  readonly #severity: PathNode
  #owner = -1
  /** The member that may be the body; nearly no record has more of them. */
  #candidate: Candidate | undefined
  readonly #moreCandidates: Candidate[] = []

  constructor(batch: Batch) {
    this.#batch = batch
    this.#values = new JsonValueWalk(batch)
    this.#attributes = batch.trie.root('attributes')
    this.#body = batch.trie.root('body')
    this.#severity = batch.trie.root('severity')
  }

  /** A line: a function of its own, so that none is made for each. */
  readonly visit = (start: number, end: number, contentStart: number): void => {
    const batch = this.#batch
    const isObject = batch.bytes[contentStart] === CHAR.OPEN_BRACE
    const isSealedText = isObject && isSealedObject(batch, batch.bytes, contentStart, end)
    if (isObject && !isSealedText) this.#record(contentStart, end, start)
    else textLine(batch, isSealedText ? contentStart : start, end)
  }

  #record(start: number, end: number, line: number): void {
    const { scanner } = this.#values
    scanner.record = this.#batch.records
    scanner.end = end
    const rows = this.#batch.count
    this.#owner = newOwner(this.#batch, start, end, [line, end])
    const close = this.#members(start)
    if (scanner.skipSpace(close) !== end) throw scanner.malformed('something follows the object', close)
    if (this.#owner >= 0) this.#batch.owners[this.#owner]!.end = close
    if (this.#candidate !== undefined) this.#bodies(this.#candidate)
    this.#batch.forgetOwner(this.#owner, rows)
  }

  /**
   * As `JsonScanner.members`, for less: most walks are this one. A key is compared with the one that came here the last time
   * before anybody looks for its end.
   */
  #members(start: number): number {
    const { scanner } = this.#values
    const { bytes } = scanner
    let position = scanner.skipSpace(start + 1)
    if (scanner.peek(position) === CHAR.CLOSE_BRACE) return position + 1
    let previous: PathNode | undefined
    for (;;) {
      const keyStart = scanner.expect(CHAR.QUOTE, position, 'a key')
      const guess = previous === undefined ? this.#attributes.first : previous.next
      let keyEnd = guess === undefined ? -1 : this.#endOfKey(guess, keyStart)
      if (keyEnd >= 0) previous = guess!
      else {
        keyEnd = scanner.scanString(keyStart)
        previous = this.#values.child(this.#attributes, previous, keyStart, keyEnd)
      }
      let value = keyEnd + 1
      if (bytes[value] === CHAR.COLON) value += 1
      else value = scanner.expect(CHAR.COLON, scanner.skipSpace(value), '":"')
      position = this.#member(previous, scanner.skipSpace(value), keyStart - 1)
      if (scanner.peek(position) === CHAR.COMMA) position += 1
      else {
        position = scanner.skipSpace(position)
        if (scanner.peek(position) === CHAR.CLOSE_BRACE) return position + 1
        position = scanner.expect(CHAR.COMMA, position, '"," or "}"')
      }
      position = scanner.skipSpace(position)
    }
  }

  /** Where the key at `start` ends, if it is that of the node; -1 where that has to be found out. */
  #endOfKey(node: PathNode, start: number): number {
    const { scanner } = this.#values
    const end = start + node.keyLength
    if (end >= scanner.end || scanner.bytes[end] !== CHAR.QUOTE || !node.isPlainKey) return -1
    return keyIs(node, this.#batch.view, start, end) ? end : -1
  }

  #member(node: PathNode, value: number, entry: number): number {
    const role = roleOf(node, this.#batch.bodyKeys)
    if (role === ROLE.ATTRIBUTE) return this.#values.value(value, node, this.#owner, entry, 1)
    if (role === ROLE.FIELD) return this.#field(node, value, entry)
    const { scanner } = this.#values
    const end = scanner.skipValue(value, 1)
    const candidate = { rank: role, node, value, end, isEscaped: scanner.escaped, entry }
    if (this.#candidate === undefined) this.#candidate = candidate
    else this.#moreCandidates.push(candidate)
    return end
  }

  #field(node: PathNode, value: number, entry: number): number {
    const end = this.#values.scanner.skipValue(value, 1)
    if (!isFieldJson(node.key, this.#batch.bytes, value, end))
      return this.#values.value(value, node, this.#owner, entry, 1)
    if (node.key === SEVERITY_FIELD && this.#severity.flags !== 0)
      this.#values.value(value, this.#severity, this.#owner, entry, 1)
    return end
  }

  /** The first of `body_keys` that is there is the body, every time it occurs; the others are attributes. */
  #bodies(first: Candidate): void {
    this.#candidate = undefined
    if (this.#moreCandidates.length === 0) {
      this.#candidateAt(first, this.#body)
      return
    }
    const candidates = [first, ...this.#moreCandidates]
    this.#moreCandidates.length = 0
    const best = candidates.reduce((least, { rank }) => Math.min(least, rank), Number.POSITIVE_INFINITY)
    for (const candidate of candidates)
      this.#candidateAt(candidate, candidate.rank === best ? this.#body : candidate.node)
  }

  /** Most are texts, the longest of their records, and are not gone through for a second time. */
  #candidateAt({ value, end, isEscaped, entry }: Candidate, node: PathNode): void {
    if (this.#batch.bytes[value] === CHAR.QUOTE) this.#values.text(value, end - 1, isEscaped, node, this.#owner, entry)
    else this.#values.value(value, node, this.#owner, entry, 1)
  }
}
