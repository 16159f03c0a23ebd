import { isUtf8 } from 'node:buffer'
import { type DetectorSet, SMALL_NUMBERS } from '../../../detectors/set.ts'
import { digitsOf } from './content.ts'
import { isCleanAtFirst, SEPARATOR } from './first-look.ts'
import type { Keys } from './keys.ts'
import { type Range, varint, WIRE } from './protobuf-fields.ts'

/** Records of more than this together are read into values. */
const MOST_BYTES = 1 << 20
/** Room for what is written of a byte: a double, which takes eleven with what is around it, is at most 24 characters. */
const ROOM_PER_BYTE = 3
const FIRST_BYTES = 16 * 1024
/** Up to so many bytes are copied one by one: a call costs more. */
const SHORT = 32
/** Containers in each other. */
const MOST_DEPTH = 8
/** Bytes of the id of a trace, and of a span. */
const TRACE_ID = 16
const SPAN_ID = 8
/** Bytes of a varint that is surely a safe integer, and of any. */
const SAFE_VARINT = 7
const LONGEST_VARINT = 10
/** Lengths of up to four bytes. */
const LARGEST_SHIFT = 21
/** Keys that are remembered. */
const MOST_KEYS = 256
const LONGEST_KEY = 256

/** Tags of a `KeyValue`, and of what a list of either holds. */
const KEY_TAG = 0x0a
const VALUE_TAG = 0x12
const ITEM_TAG = 0x0a
/** Tags of an `AnyValue`. */
const STRING_TAG = 0x0a
const BOOL_TAG = 0x10
const INT_TAG = 0x18
const DOUBLE_TAG = 0x21
const ARRAY_TAG = 0x2a
const KVLIST_TAG = 0x32
const BYTES_TAG = 0x3a

/**
 * Says of most records of OTLP's protobuf that nothing is to be found in them, and makes no object of any of their values:
 * the texts are written one behind the other, and the detectors have their first look at all of them.
 *
 * What is not as nearly all senders write it is not said to be clean, and neither is what is not understood without its key.
 */
export class ProtobufRecordLook {
  readonly #set: DetectorSet
  readonly #keys: Keys
  readonly #isPossible: boolean
  readonly #leavesOutSmallNumbers: boolean
  #source: Buffer = Buffer.alloc(0)
  #texts = Buffer.allocUnsafeSlow(FIRST_BYTES)
  #length = 0
  /** Of the field that `#next` has passed last, where its content starts. */
  #content = 0
  /** Keys of the record before, none of which says anything: senders repeat their keys in the same order. */
  readonly #silentKeys: Buffer[] = []
  #nextKey = 0

  constructor(set: DetectorSet, keys: Keys) {
    this.#set = set
    this.#keys = keys
    this.#isPossible = !set.anchored.includes(true)
    this.#leavesOutSmallNumbers = set.ignoresSmallNumbers
  }

  /** Whether surely nothing is in any of these `LogRecord`s. A call of RE2 costs as much as matching 150 bytes. */
  areClean(bytes: Buffer, records: readonly Range[]): boolean {
    let size = 0
    for (const [start, end] of records) size += end - start
    if (!this.#isPossible || size > MOST_BYTES) return false
    if (this.#texts.length < ROOM_PER_BYTE * size) this.#texts = Buffer.allocUnsafeSlow(ROOM_PER_BYTE * size)
    this.#source = bytes
    this.#length = 0
    for (const [start, end] of records) if (!this.#record(start, end)) return false
    const texts = this.#texts.subarray(0, this.#length)
    // What is not UTF-8 is looked at with replacement characters.
    return isUtf8(texts) && isCleanAtFirst(this.#set, texts)
  }

  #record(start: number, end: number): boolean {
    this.#nextKey = 0
    for (let at = start; at < end; ) {
      const tag = this.#source[at]!
      const next = this.#next(at, end)
      if (next < 0) return false
      if ((tag & 7) === WIRE.LENGTH && !this.#member(tag >> 3, this.#content, next)) return false
      at = next
    }
    return true
  }

  #member(number: number, start: number, end: number): boolean {
    switch (number) {
      case 3: // severity_text
      case 12: // event_name
        return this.#text(start, end)
      case 5: // body
        return this.#anyValue(start, end, 0)
      case 6: // attributes
        return this.#keyValue(start, end, 0)
      case 9: // trace_id
        return end - start === TRACE_ID
      case 10: // span_id
        return end - start === SPAN_ID
      default:
        return false
    }
  }

  /** @returns where the field at `at` ends; -1 where it is not as it nearly always is. */
  #next(at: number, end: number): number {
    const tag = this.#source[at]!
    const content = at + 1
    this.#content = content
    if (tag >= 0x80 || tag < 8) return -1
    switch (tag & 7) {
      case WIRE.LENGTH:
        return this.#endOfLong(content, end)
      case WIRE.VARINT:
        return this.#endOfVarint(content, end)
      case WIRE.FIXED64:
        return content + 8 > end ? -1 : content + 8
      case WIRE.FIXED32:
        return content + 4 > end ? -1 : content + 4
      default:
        return -1
    }
  }

  #endOfLong(start: number, end: number): number {
    let content = start
    let length = 0
    for (let shift = 0; ; shift += 7) {
      if (content >= end || shift > LARGEST_SHIFT) return -1
      const byte = this.#source[content]!
      content += 1
      length += (byte & 0x7f) << shift
      if (byte < 0x80) break
    }
    this.#content = content
    return length > end - content ? -1 : content + length
  }

  #endOfVarint(start: number, end: number): number {
    let last = start
    while (last < end && this.#source[last]! >= 0x80) last += 1
    return last < end && last - start < LONGEST_VARINT ? last + 1 : -1
  }

  /** One key, and then its value. */
  #keyValue(start: number, end: number, depth: number): boolean {
    if (start >= end || this.#source[start] !== KEY_TAG) return false
    const keyEnd = this.#next(start, end)
    if (keyEnd < 0 || !this.#isSilent(this.#content, keyEnd)) return false
    if (keyEnd === end) return true
    if (this.#source[keyEnd] !== VALUE_TAG) return false
    return this.#next(keyEnd, end) === end && this.#anyValue(this.#content, end, depth)
  }

  /** Whether the key says nothing of itself or of its value. */
  #isSilent(start: number, end: number): boolean {
    const index = this.#nextKey
    this.#nextKey += 1
    const known = this.#silentKeys[index]
    if (known !== undefined && known.length === end - start && this.#stands(known, start)) return true
    const key = Buffer.from(this.#source.subarray(start, end))
    if (this.#keys.factsOf(key.toString('utf8')).says) return false
    if (index <= this.#silentKeys.length && index < MOST_KEYS && key.length <= LONGEST_KEY)
      this.#silentKeys[index] = key
    return true
  }

  #stands(key: Buffer, start: number): boolean {
    for (let at = 0; at < key.length; at += 1) {
      if (this.#source[start + at] !== key[at]) return false
    }
    return true
  }

  /** One value, or none. */
  #anyValue(start: number, end: number, depth: number): boolean {
    if (start === end) return true
    if (this.#next(start, end) !== end) return false
    const content = this.#content
    switch (this.#source[start]) {
      case STRING_TAG:
      case BYTES_TAG:
        return this.#text(content, end)
      case BOOL_TAG:
        return true
      case INT_TAG:
        return this.#integer(content, end)
      case DOUBLE_TAG:
        return this.#number(digitsOf(String(this.#source.readDoubleLE(content))))
      case ARRAY_TAG:
        return depth < MOST_DEPTH && this.#items(content, end, depth + 1)
      case KVLIST_TAG:
        return depth < MOST_DEPTH && this.#entries(content, end, depth + 1)
      default:
        return false
    }
  }

  #items(start: number, end: number, depth: number): boolean {
    for (let at = start; at < end; ) {
      const next = this.#source[at] === ITEM_TAG ? this.#next(at, end) : -1
      if (next < 0 || !this.#anyValue(this.#content, next, depth)) return false
      at = next
    }
    return true
  }

  #entries(start: number, end: number, depth: number): boolean {
    for (let at = start; at < end; ) {
      const next = this.#source[at] === ITEM_TAG ? this.#next(at, end) : -1
      if (next < 0 || !this.#keyValue(this.#content, next, depth)) return false
      at = next
    }
    return true
  }

  #integer(start: number, end: number): boolean {
    if (end - start > SAFE_VARINT)
      return this.#number(BigInt.asIntN(64, varint(this.#source, start, end).value).toString())
    let value = 0
    for (let at = end - 1; at >= start; at -= 1) value = value * 128 + (this.#source[at]! & 0x7f)
    return (this.#leavesOutSmallNumbers && value < SMALL_NUMBERS) || this.#number(String(value))
  }

  #number(text: string): true {
    this.#length += this.#texts.write(text, this.#length, 'latin1')
    return this.#separate()
  }

  #text(start: number, end: number): true {
    if (end - start > SHORT) this.#source.copy(this.#texts, this.#length, start, end)
    else for (let at = start, to = this.#length; at < end; at += 1, to += 1) this.#texts[to] = this.#source[at]!
    this.#length += end - start
    return this.#separate()
  }

  #separate(): true {
    this.#texts[this.#length] = SEPARATOR
    this.#length += 1
    return true
  }
}
