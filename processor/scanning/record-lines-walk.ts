import type { PathNode } from '../../rules/path-trie.ts'
import { type Batch, KIND, OWNER_KIND } from '../formats/batch.ts'
import type { Format } from '../formats/format.ts'
import { FORMATS } from '../formats/index.ts'
import { isSealedObject } from '../formats/json-lines-walk.ts'
import { CHAR, hexValue, isSpace, type JsonScanner } from '../formats/json-scanner.ts'
import { JsonValueWalk } from '../formats/json-value-walk.ts'
import { ROLE, roleOf } from '../formats/member-roles.ts'
import { isFieldJson, SEVERITY_FIELD } from '../formats/record-fields.ts'

const NEWLINE = 0x0a
const CARRIAGE_RETURN = 0x0d
const BACKSLASH = 0x5c

/**
 * JSON lines, with the values, paths and refusals of `formats/json-lines-walk.ts`, for less: a scan is nearly nothing else. A
 * key is compared with the one that followed the last time before anybody looks for its end, four bytes of a text are
 * looked at together, and the body is read once. Nobody splices what it reports: all rows have one owner.
 */
export function walkRecordLines(batch: Batch): void {
  new RecordLinesWalk(batch).run()
}

/** JSON lines as a scan walks over them. */
export const recordLines: Format = { ...FORMATS['json-lines'], walk: walkRecordLines }

/** A member that may be the body. */
interface Candidate {
  readonly rank: number
  readonly node: PathNode
  readonly value: number
  readonly entry: number
}

class RecordLinesWalk {
  readonly #batch: Batch
  readonly #bytes: Buffer
  readonly #view: DataView
  readonly #values: JsonValueWalk
  readonly #scanner: JsonScanner
  readonly #attributes: PathNode
  readonly #body: PathNode
  readonly #severity: PathNode
  readonly #candidates: Candidate[] = []
  /** Where the line ends that is walked over. */
  #end = 0

  constructor(batch: Batch) {
    this.#batch = batch
    this.#bytes = batch.bytes
    this.#view = batch.view
    this.#values = new JsonValueWalk(batch)
    this.#scanner = this.#values.scanner
    this.#attributes = batch.trie.root('attributes')
    this.#body = batch.trie.root('body')
    this.#severity = batch.trie.root('severity')
    if (batch.hasRows) batch.owners.push(OWNER)
  }

  run(): void {
    const bytes = this.#bytes
    const { length } = bytes
    for (let start = 0; start < length; ) {
      const newline = bytes.indexOf(NEWLINE, start)
      const next = newline < 0 ? length : newline
      const end = next > start && bytes[next - 1] === CARRIAGE_RETURN ? next - 1 : next
      let content = bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf ? start + 3 : start
      while (content < end && isSpace(bytes[content]!)) content += 1
      if (content < end) {
        if (this.#batch.wantsRecord(start, end)) this.#line(start, end, content)
        this.#batch.records += 1
      }
      start = next + 1
    }
  }

  #line(start: number, end: number, content: number): void {
    if (this.#bytes[content] !== CHAR.OPEN_BRACE) this.#text(start, end)
    else if (isSealedObject(this.#batch, this.#bytes, content, end)) this.#text(content, end)
    else this.#record(content, end)
  }

  #text(start: number, end: number): void {
    if (this.#body.flags !== 0) this.#batch.add(KIND.LINE, start, end, this.#body, 0, start, start)
  }

  #record(start: number, end: number): void {
    const scanner = this.#scanner
    const bytes = this.#bytes
    scanner.record = this.#batch.records
    scanner.end = end
    this.#end = end
    let position = scanner.skipSpace(start + 1)
    let previous: PathNode | undefined
    if (scanner.peek(position) === CHAR.CLOSE_BRACE) {
      this.#close(position)
      return
    }
    for (;;) {
      const keyStart = scanner.expect(CHAR.QUOTE, position, 'a key')
      const guess = previous === undefined ? this.#attributes.first : previous.next
      let keyEnd = guess === undefined ? -1 : this.#endOfGuess(guess, keyStart)
      let node: PathNode
      if (keyEnd >= 0) node = guess!
      else {
        keyEnd = scanner.scanString(keyStart)
        node = this.#values.child(this.#attributes, previous, keyStart, keyEnd)
      }
      previous = node
      let value = keyEnd + 1
      if (bytes[value] === CHAR.COLON) value += 1
      else value = scanner.expect(CHAR.COLON, scanner.skipSpace(value), '":"')
      if (bytes[value]! <= 0x20) value = scanner.skipSpace(value)
      position = this.#member(node, value, keyStart - 1)
      if (position < end && bytes[position] === CHAR.COMMA) position += 1
      else {
        position = scanner.skipSpace(position)
        if (scanner.peek(position) === CHAR.CLOSE_BRACE) break
        position = scanner.expect(CHAR.COMMA, position, '"," or "}"')
      }
      if (bytes[position]! <= 0x20) position = scanner.skipSpace(position)
    }
    this.#close(position)
    if (this.#candidates.length > 0) this.#bodies()
  }

  #close(position: number): void {
    const after = this.#scanner.skipSpace(position + 1)
    if (after !== this.#end) throw this.#scanner.malformed('something follows the object', after)
  }

  /** Where the key ends, if it is that of the node; -1 where that has to be found out. */
  #endOfGuess(node: PathNode, start: number): number {
    const { keyLength, keyWords } = node
    const end = start + keyLength
    if (keyLength < 4 || end >= this.#end || this.#bytes[end] !== CHAR.QUOTE) return -1
    const view = this.#view
    for (let i = 0; i < keyWords.length; i += 1) {
      if (view.getInt32(start + 4 * i, true) !== keyWords[i]) return -1
    }
    if (view.getInt32(end - 4, true) !== node.keyTail) return -1
    // With an escape it is another key, and maybe goes on: what a key is was decoded.
    return isPlain(node) ? end : -1
  }

  #member(node: PathNode, value: number, entry: number): number {
    const role = roleOf(node, this.#batch.bodyKeys)
    if (role === ROLE.ATTRIBUTE) return this.#value(node, value, entry)
    if (role === ROLE.FIELD) return this.#field(node, value, entry)
    this.#candidates.push({ rank: role, node, value, entry })
    if (this.#bytes[value] === CHAR.QUOTE) {
      const end = this.#endOfText(value + 1)
      if (end >= 0) return end + 1
    }
    return this.#scanner.skipValue(value, 1)
  }

  #value(node: PathNode, start: number, entry: number): number {
    if (this.#bytes[start] === CHAR.QUOTE) {
      const end = this.#endOfText(start + 1)
      if (end >= 0) {
        if (node.flags !== 0) this.#batch.add(KIND.TEXT, start + 1, end, node, 0, start, entry)
        return end + 1
      }
    }
    return this.#values.value(start, node, 0, entry, 1)
  }

  #field(node: PathNode, value: number, entry: number): number {
    const digits = node.key === 'trace_id' ? 32 : node.key === 'span_id' ? 16 : 0
    if (digits > 0 && this.#isHexadecimal(value, digits)) return value + digits + 2
    const end = this.#scanner.skipValue(value, 1)
    if (!isFieldJson(node.key, this.#bytes, value, end)) return this.#values.value(value, node, 0, entry, 1)
    if (node.key === SEVERITY_FIELD && this.#severity.flags !== 0)
      this.#values.value(value, this.#severity, 0, entry, 1)
    return end
  }

  /** Whether a text of so many hexadecimal digits stands here, as nearly all ids of traces and spans are. */
  #isHexadecimal(start: number, digits: number): boolean {
    const end = start + digits + 1
    const bytes = this.#bytes
    if (end >= this.#end || bytes[start] !== CHAR.QUOTE || bytes[end] !== CHAR.QUOTE) return false
    for (let at = start + 1; at < end; at += 1) {
      if (hexValue(bytes[at]!) < 0) return false
    }
    return true
  }

  /** The first of `body_keys` that is there is the body, every time it occurs; the others are attributes. */
  #bodies(): void {
    let best = Number.POSITIVE_INFINITY
    for (const { rank } of this.#candidates) best = Math.min(best, rank)
    for (const { rank, node, value, entry } of this.#candidates)
      this.#value(rank === best ? this.#body : node, value, entry)
    this.#candidates.length = 0
  }

  /** The closing quote of a text without escapes; -1 where it has some, or is none. */
  #endOfText(start: number): number {
    const view = this.#view
    const last = this.#end - 4
    let at = start
    while (at <= last) {
      const word = view.getInt32(at, true)
      const quotes = word ^ 0x22222222
      const escapes = word ^ 0x5c5c5c5c
      // Bytes below 0x20, and those that are 0 now: a borrow may make others look so, and none of them be missed.
      const found =
        ((word - 0x20202020) & ~word) | ((quotes - 0x01010101) & ~quotes) | ((escapes - 0x01010101) & ~escapes)
      if ((found & 0x80808080) !== 0) break
      at += 4
    }
    for (; at < this.#end; at += 1) {
      const byte = this.#bytes[at]!
      if (byte === CHAR.QUOTE) return at
      if (byte === BACKSLASH || byte < 0x20) return -1
    }
    return -1
  }
}

const OWNER = {
  kind: OWNER_KIND.RECORD,
  record: 0,
  resource: -1,
  scope: -1,
  start: -1,
  end: -1,
  sealedList: -1,
  attributesStart: -1,
  attributesEnd: -1,
  placeStart: -1,
  placeEnd: -1,
}

/** By node: whether the key stands in JSON as it is. */
const plain = new WeakMap<PathNode, boolean>()

function isPlain(node: PathNode): boolean {
  let known = plain.get(node)
  if (known === undefined) {
    known = !node.keyBytes.includes(BACKSLASH) && !node.keyBytes.includes(CHAR.QUOTE)
    plain.set(node, known)
  }
  return known
}
