import { isUtf8 } from 'node:buffer'
import { HeaderReader, TYPE } from '../message-pack/header.ts'
import { type Entry, makeOfElements, makeOfEntries, makePattern, makeUrl } from './made.ts'
import { FIXEXT1_SIZE, hasMark, MARKED_ENTRY_SIZE, NATIVE } from './native.ts'

const NO_MARK = -1
const REPLACEMENT = '\ufffd'

/** Makes JavaScript values of what `ObjectWriter` has written, and rules have altered since. */
export class ObjectReader {
  readonly bytes: Buffer
  readonly #reader: HeaderReader
  readonly #symbols: readonly symbol[]
  /** Where the next value starts. */
  at: number

  /** @param symbols - of the record, by number. */
  constructor(bytes: Buffer, symbols: readonly symbol[], at = 0) {
    this.bytes = bytes
    this.#reader = new HeaderReader(bytes)
    this.#symbols = symbols
    this.at = at
  }

  /** Passes the header of an array or map. @returns elements or pairs. */
  header(): number {
    this.at = this.#reader.read(this.at)
    return this.#reader.length
  }

  value(): unknown {
    const reader = this.#reader
    const end = reader.read(this.at)
    this.at = end
    const { type, content, length } = reader
    switch (type) {
      case TYPE.NIL:
        return null
      case TYPE.BOOLEAN:
        return this.bytes[content] === 0xc3
      case TYPE.STRING:
        return textIn(this.bytes, content, end)
      case TYPE.BINARY:
        return Buffer.from(this.bytes.subarray(content, end))
      case TYPE.ARRAY:
        return this.#array(length)
      case TYPE.MAP:
        return this.#map(length)
      case TYPE.EXTENSION:
        return this.#native(reader.extensionType, content, end)
      default:
        return reader.float()
    }
  }

  #native(type: number, start: number, end: number): unknown {
    const bytes = this.bytes
    switch (type) {
      case NATIVE.BIGINT:
        return BigInt(bytes.toString('latin1', start, end))
      case NATIVE.DATE:
        return new Date(bytes.toString('latin1', start, end))
      case NATIVE.URL:
        return makeUrl(textIn(bytes, start, end))
      case NATIVE.REGEXP:
        return makePattern(textIn(bytes, start, end))
      case NATIVE.SYMBOL:
        return this.#symbols[bytes.readUInt32BE(start)]
      case NATIVE.UINT8_ARRAY:
        return new Uint8Array(bytes.subarray(start, end))
      default:
        return undefined
    }
  }

  /** Passes the mark of a container that has one. */
  #mark(count: number, size: number): number {
    const at = this.at
    if (count === 0 || !hasMark(this.bytes, at)) return NO_MARK
    this.at = at + size
    return this.bytes[at + 2]!
  }

  #array(count: number): unknown {
    const mark = this.#mark(count, FIXEXT1_SIZE)
    const elements: unknown[] = []
    for (let i = mark === NO_MARK ? 0 : 1; i < count; i += 1) elements.push(this.value())
    return makeOfElements(mark, elements)
  }

  #map(count: number): unknown {
    const mark = this.#mark(count, MARKED_ENTRY_SIZE)
    const entries: Entry[] = []
    const seen = new Map<unknown, number>()
    for (let i = mark === NO_MARK ? 0 : 1; i < count; i += 1) entries.push([onceMore(seen, this.value()), this.value()])
    return makeOfEntries(mark, entries)
  }
}

/**
 * A key that an object can have beside those that it has: rules may have given the same name to several, by masking
 * them or beside a value (`amount.sealed`), and none of them may be lost.
 */
function onceMore(seen: Map<unknown, number>, key: unknown): unknown {
  let times = seen.get(key)
  if (times === undefined || typeof key !== 'string') {
    seen.set(key, 1)
    return key
  }
  let other: string
  do {
    times += 1
    other = `${key}#${times}`
  } while (seen.has(other))
  seen.set(key, times).set(other, 1)
  return other
}

function textIn(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString('utf8', start, end)
  return text.includes(REPLACEMENT) && !isUtf8(bytes.subarray(start, end)) ? withHalves(bytes, start, end) : text
}

/** A text with halves of surrogate pairs, each written as if it had a form in UTF-8. */
function withHalves(bytes: Buffer, start: number, end: number): string {
  let text = ''
  let from = start
  for (let at = start; at + 2 < end; at += 1) {
    if (bytes[at] !== 0xed || bytes[at + 1]! < 0xa0 || bytes[at + 1]! > 0xbf) continue
    text += bytes.toString('utf8', from, at)
    text += String.fromCharCode(0xd000 | ((bytes[at + 1]! & 0x3f) << 6) | (bytes[at + 2]! & 0x3f))
    from = at + 3
    at += 2
  }
  return text + bytes.toString('utf8', from, end)
}
