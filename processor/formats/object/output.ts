import { FieldsealError } from '../../errors.ts'
import { FIXEXT1, NATIVE, SYMBOL_NUMBER } from './native.ts'

const FIRST_BYTES = 64 * 1024
/** A single large record must not keep its memory. */
const MOST_KEPT_BYTES = 1024 * 1024
/** Longest text that is written character by character: a call of Node costs as much as so many. */
const LONGEST_BY_HAND = 40
/** Bytes of the largest header, and of a number with it. */
const SLACK = 16

export function tooLarge(): FieldsealError {
  return new FieldsealError('FIELDSEAL_INPUT_TOO_LARGE', 'the record is over limits.record', { record: 0 })
}

/** Writes MessagePack into memory that is used again for the next record. */
export class ObjectOutput {
  bytes = Buffer.allocUnsafeSlow(FIRST_BYTES)
  #view = viewOf(this.bytes)
  /** Where the next byte goes. */
  at = 0
  #limit = 0

  /** @param limit - bytes of a record. */
  begin(limit: number): void {
    this.at = 0
    this.#limit = limit
    if (this.bytes.length > MOST_KEPT_BYTES) this.#replace(Buffer.allocUnsafeSlow(FIRST_BYTES))
  }

  /** @throws FieldsealError `FIELDSEAL_INPUT_TOO_LARGE` before the memory is spent. */
  reserve(size: number): void {
    if (this.at + size + SLACK > this.bytes.length) this.#grow(size)
  }

  #grow(size: number): void {
    const least = this.at + size + SLACK
    if (this.at > this.#limit) throw tooLarge()
    const bytes = Buffer.allocUnsafeSlow(Math.max(2 * this.bytes.length, least))
    this.bytes.copy(bytes, 0, 0, this.at)
    this.#replace(bytes)
  }

  #replace(bytes: Buffer<ArrayBuffer>): void {
    this.bytes = bytes
    this.#view = viewOf(bytes)
  }

  /** @throws FieldsealError `FIELDSEAL_INPUT_TOO_LARGE` where what was written is over the limit. */
  end(): void {
    if (this.at > this.#limit) throw tooLarge()
  }

  byte(byte: number): void {
    this.reserve(1)
    this.bytes[this.at] = byte
    this.at += 1
  }

  /** A number: an integer only where no digit of it can be wrong. */
  number(value: number): void {
    this.reserve(9)
    const { bytes, at } = this
    if ((value | 0) === value && (value !== 0 || Object.is(value, 0))) {
      if (value >= 0) this.#unsigned(value)
      else if (value >= -32) {
        bytes[at] = value + 256
        this.at = at + 1
      } else {
        bytes[at] = 0xd2
        this.#view.setInt32(at + 1, value)
        this.at = at + 5
      }
    } else if (Number.isSafeInteger(value) && value !== 0) {
      const high = Math.floor(value / 2 ** 32)
      bytes[at] = value < 0 ? 0xd3 : 0xcf
      this.#view.setInt32(at + 1, high)
      this.#view.setUint32(at + 5, value - high * 2 ** 32)
      this.at = at + 9
    } else {
      bytes[at] = 0xcb
      this.#view.setFloat64(at + 1, value)
      this.at = at + 9
    }
  }

  /** @param value - below 2^31. */
  #unsigned(value: number): void {
    const { bytes, at } = this
    if (value < 0x80) {
      bytes[at] = value
      this.at = at + 1
    } else if (value < 0x10000) {
      bytes[at] = 0xcd
      bytes[at + 1] = value >> 8
      bytes[at + 2] = value
      this.at = at + 3
    } else {
      bytes[at] = 0xce
      this.#view.setUint32(at + 1, value)
      this.at = at + 5
    }
  }

  text(text: string): void {
    const { length } = text
    if (length > LONGEST_BY_HAND) {
      this.#longText(text)
      return
    }
    // Of a character of UTF-16 at most three bytes of UTF-8.
    this.reserve(3 * length)
    const { bytes, at } = this
    const start = length < 32 ? at + 1 : at + 2
    for (let i = 0; i < length; i += 1) {
      const code = text.charCodeAt(i)
      if (code > 0x7f) {
        this.#longText(text)
        return
      }
      bytes[start + i] = code
    }
    if (length < 32) {
      bytes[at] = 0xa0 | length
    } else {
      bytes[at] = 0xd9
      bytes[at + 1] = length
    }
    this.at = start + length
  }

  /** The header is that of the longest that it may become, so that nothing has to be moved. */
  #longText(text: string): void {
    const { length } = text
    this.checkSize(length)
    this.reserve(3 * length)
    const width = 3 * length < 2 ** 8 ? 1 : 3 * length < 2 ** 16 ? 2 : 4
    const { bytes, at } = this
    const start = at + 1 + width
    const size = this.#utf8(text, start)
    if (width === 1) {
      bytes[at] = 0xd9
      bytes[at + 1] = size
    } else if (width === 2) {
      bytes[at] = 0xda
      this.#view.setUint16(at + 1, size)
    } else {
      bytes[at] = 0xdb
      this.#view.setUint32(at + 1, size)
    }
    this.at = start + size
  }

  /** @returns the bytes that were written at `start`: room has been reserved. */
  #utf8(text: string, start: number): number {
    const { bytes } = this
    const size = bytes.write(text, start)
    if (size === text.length || text.isWellFormed()) return size
    // Half of a surrogate pair has no UTF-8. Written as if it had one, it comes back as it was.
    let at = start
    for (let i = 0; i < text.length; i += 1) {
      const code = text.codePointAt(i)!
      if (code > 0xffff) i += 1
      if (code >= 0xd800 && code <= 0xdfff) {
        bytes[at] = 0xe0 | (code >> 12)
        bytes[at + 1] = 0x80 | ((code >> 6) & 0x3f)
        bytes[at + 2] = 0x80 | (code & 0x3f)
        at += 3
      } else {
        at += bytes.write(String.fromCodePoint(code), at)
      }
    }
    return at - start
  }

  binary(content: Uint8Array): void {
    const size = this.#room(content)
    this.#sized(0xc4, size, -1)
    this.#copy(content, size)
  }

  uint8Array(content: Uint8Array): void {
    const size = this.#room(content)
    this.#sized(0xc7, size, NATIVE.UINT8_ARRAY)
    this.#copy(content, size)
  }

  /** @throws FieldsealError `FIELDSEAL_INPUT_TOO_LARGE` where so many bytes are too much. */
  checkSize(size: number): void {
    if (size > this.#limit - this.at) throw tooLarge()
  }

  #room(content: Uint8Array): number {
    const size = content.byteLength
    this.checkSize(size)
    this.reserve(size)
    return size
  }

  #copy(content: Uint8Array, size: number): void {
    this.bytes.set(content, this.at)
    this.at += size
  }

  /** A header with 8, 16 or 32 bits; of an extension with its type. */
  #sized(first: number, size: number, type: number): void {
    const { bytes, at } = this
    const form = size < 2 ** 8 ? 0 : size < 2 ** 16 ? 1 : 2
    bytes[at] = first + form
    if (form === 0) bytes[at + 1] = size
    else if (form === 1) this.#view.setUint16(at + 1, size)
    else this.#view.setUint32(at + 1, size)
    this.at = at + 1 + 2 ** form
    if (type < 0) return
    bytes[this.at] = type
    this.at += 1
  }

  /** A value that is written as its text. */
  native(type: number, text: string): void {
    this.#extension(type, text, 0)
  }

  symbol(number: number, description: string): void {
    const content = this.#extension(NATIVE.SYMBOL, description, SYMBOL_NUMBER)
    this.#view.setUint32(content, number)
  }

  /** @returns where the content starts, of which the first `before` bytes are to be written yet. */
  #extension(type: number, text: string, before: number): number {
    this.checkSize(text.length)
    this.reserve(3 * text.length + before)
    const { bytes, at } = this
    const content = at + 6
    const size = before + this.#utf8(text, content + before)
    bytes[at] = 0xc9
    this.#view.setUint32(at + 1, size)
    bytes[at + 5] = type
    this.at = content + size
    return content
  }

  undefined(): void {
    this.#fixed(NATIVE.UNDEFINED, 0)
  }

  mark(mark: number): void {
    this.#fixed(NATIVE.MARK, mark)
  }

  #fixed(type: number, content: number): void {
    this.reserve(3)
    const { bytes, at } = this
    bytes[at] = FIXEXT1
    bytes[at + 1] = type
    bytes[at + 2] = content
    this.at = at + 3
  }

  /** @param count - pairs; each takes two bytes at least. */
  map(count: number): void {
    this.#container(0x80, 0xde, count)
  }

  array(count: number): void {
    this.#container(0x90, 0xdc, count)
  }

  #container(fixed: number, sized: number, count: number): void {
    this.checkSize(count)
    this.reserve(5)
    const { bytes, at } = this
    if (count < 16) {
      bytes[at] = fixed | count
      this.at = at + 1
    } else if (count < 2 ** 16) {
      bytes[at] = sized
      this.#view.setUint16(at + 1, count)
      this.at = at + 3
    } else {
      bytes[at] = sized + 1
      this.#view.setUint32(at + 1, count)
      this.at = at + 5
    }
  }
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
}
