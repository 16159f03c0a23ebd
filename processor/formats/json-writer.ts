import { isUtf8 } from 'node:buffer'
import { encodeEscapes } from './json-string.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const MINUS = 0x2d
const COMMA = 0x2c
const OPEN_BRACE = 0x7b
const OPEN_BRACKET = 0x5b
const ZERO = 0x30
const BILLION = 1_000_000_000
const HEX = Buffer.from('0123456789abcdef')
/** What a number of 64 bits takes, with sign and quotes. */
const LONGEST_INTEGER = 24

/** JSON text that is written into a buffer which grows: bytes to bytes, with no string in between. */
export class JsonWriter {
  #target: Buffer
  #at = 0
  /** Texts in which something was no UTF-8. */
  replaced = 0

  /** @param expected - bytes that the text will take, more or less. */
  constructor(expected: number) {
    this.#target = Buffer.allocUnsafeSlow(expected)
  }

  /** Bytes that have been written. */
  get length(): number {
    return this.#at
  }

  /** What has been written; nothing is to be written any more. */
  finish(): Buffer {
    return this.#target.subarray(0, this.#at)
  }

  #room(bytes: number): void {
    const needed = this.#at + bytes
    if (needed <= this.#target.length) return
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, Math.ceil(this.#target.length * 1.5)))
    this.#target.copy(grown, 0, 0, this.#at)
    this.#target = grown
  }

  /** A brace or bracket. */
  mark(byte: number): void {
    this.#room(1)
    this.#target[this.#at] = byte
    this.#at += 1
  }

  /** The comma before a member or element, unless it is the first one. */
  separate(): void {
    const before = this.#target[this.#at - 1]
    if (before !== OPEN_BRACE && before !== OPEN_BRACKET) this.mark(COMMA)
  }

  /** JSON text as it is. */
  raw(json: Uint8Array): void {
    this.#room(json.length)
    let at = this.#at
    for (let i = 0; i < json.length; i += 1, at += 1) this.#target[at] = json[i]!
    this.#at = at
  }

  /** A text in quotes. What is not UTF-8 in it becomes U+FFFD: JSON is UTF-8 (RFC 8259 section 8.1). */
  text(bytes: Uint8Array, start: number, end: number): void {
    this.#room(end - start + 2)
    const target = this.#target
    let at = this.#at
    target[at] = QUOTE
    at += 1
    let position = start
    while (position < end) {
      const byte = bytes[position]!
      if (byte < 0x20 || byte >= 0x80 || byte === QUOTE || byte === BACKSLASH) break
      target[at] = byte
      at += 1
      position += 1
    }
    this.#at = at
    if (position < end) this.#unusualText(bytes.subarray(position, end))
    this.mark(QUOTE)
  }

  #unusualText(bytes: Uint8Array): void {
    const isValid = isUtf8(bytes)
    if (!isValid) this.replaced += 1
    const utf8 = isValid
      ? bytes
      : Buffer.from(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8'))
    const inside = encodeEscapes(utf8)
    this.#room(inside.length)
    this.#target.set(inside, this.#at)
    this.#at += inside.length
  }

  /** Bytes as hexadecimal digits in quotes. */
  hex(bytes: Uint8Array, start: number, end: number): void {
    this.#room((end - start) * 2 + 2)
    const target = this.#target
    let at = this.#at
    target[at] = QUOTE
    at += 1
    for (let position = start; position < end; position += 1, at += 2) {
      const byte = bytes[position]!
      target[at] = HEX[byte >> 4]!
      target[at + 1] = HEX[byte & 15]!
    }
    target[at] = QUOTE
    this.#at = at + 1
  }

  /** Bytes as base64 (RFC 4648 section 4) in quotes. */
  base64(bytes: Uint8Array, start: number, end: number): void {
    this.ascii(`"${Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('base64')}"`)
  }

  /** JSON text of ASCII characters. */
  ascii(json: string): void {
    this.#room(json.length)
    this.#at += this.#target.write(json, this.#at, 'latin1')
  }

  /** A number that is not negative and has at most 32 bits. */
  uint32(value: number): void {
    this.#room(LONGEST_INTEGER)
    if (value < BILLION) this.#digits(value, digitsOf(value))
    else this.#wide(Math.floor(value / BILLION), value % BILLION)
  }

  int32(value: number): void {
    if (value < 0) this.mark(MINUS)
    this.uint32(Math.abs(value))
  }

  /**
   * A number of 64 bits as decimal digits in quotes, as protobuf's JSON mapping has it.
   *
   * @param high - the upper 32 bits, from 0 to 2^32 - 1; `low` the others.
   */
  quotedUint64(high: number, low: number): void {
    this.#room(LONGEST_INTEGER)
    this.mark(QUOTE)
    this.#uint64(high, low)
    this.mark(QUOTE)
  }

  /** As `quotedUint64`, of a number in two's complement. */
  quotedInt64(high: number, low: number): void {
    this.#room(LONGEST_INTEGER)
    this.mark(QUOTE)
    if (high >= 0x8000_0000) {
      this.mark(MINUS)
      const negated = -low >>> 0
      this.#uint64((~high + (negated === 0 ? 1 : 0)) >>> 0, negated)
    } else {
      this.#uint64(high, low)
    }
    this.mark(QUOTE)
  }

  /** Divided by 10^9, twice at most: with 16 bits at a time, every step is exact in a double. */
  #uint64(high: number, low: number): void {
    if (high === 0) {
      this.uint32(low)
      return
    }
    const first = Math.floor(high / BILLION)
    let rest = (high % BILLION) * 0x10000 + (low >>> 16)
    const second = Math.floor(rest / BILLION)
    rest = (rest % BILLION) * 0x10000 + (low & 0xffff)
    const third = Math.floor(rest / BILLION)
    this.#wide(first * 0x1_0000_0000 + second * 0x10000 + third, rest % BILLION)
  }

  /** @param upper - the digits before the last nine, as a number below 2^53. */
  #wide(upper: number, lastNine: number): void {
    if (upper >= BILLION) {
      const top = Math.floor(upper / BILLION)
      this.#digits(top, digitsOf(top))
      this.#digits(upper % BILLION, 9)
    } else if (upper > 0) {
      this.#digits(upper, digitsOf(upper))
    }
    if (upper > 0) this.#digits(lastNine, 9)
    else this.#digits(lastNine, digitsOf(lastNine))
  }

  #digits(value: number, count: number): void {
    const target = this.#target
    let rest = value | 0
    for (let at = this.#at + count - 1; at >= this.#at; at -= 1) {
      const quotient = (rest / 10) | 0
      target[at] = ZERO + rest - quotient * 10
      rest = quotient
    }
    this.#at += count
  }

  /** A double: what JSON has no number for is a string, as protobuf's JSON mapping has it. */
  double(value: number): void {
    if (!Number.isFinite(value)) this.ascii(`"${value}"`)
    else this.ascii(Object.is(value, -0) ? '-0' : String(value))
  }
}

function digitsOf(value: number): number {
  let count = 1
  for (let limit = 10; value >= limit; limit *= 10) count += 1
  return count
}
