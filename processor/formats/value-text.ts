import { isUtf8 } from 'node:buffer'
import { type Batch, FIELD, KIND } from './batch.ts'
import { decodeEscapes } from './json-string.ts'
import { doubleText } from './otlp-value-json.ts'
import { decodeVarint64 } from './protobuf-wire.ts'

/** Most bytes that a number takes as text. */
export const LONGEST_NUMBER = 32

/** Kinds whose parts can be replaced in place. */
export function isTextual(kind: number): boolean {
  return kind === KIND.TEXT || kind === KIND.ESCAPED || kind === KIND.LINE
}

export function isContainer(kind: number): boolean {
  return kind === KIND.MAP || kind === KIND.ARRAY
}

/** Kinds that hold bytes, in whichever form. */
export function isBinary(kind: number): boolean {
  return kind === KIND.BYTES || kind === KIND.BASE64 || kind === KIND.EXTENSION
}

/**
 * Writes what detectors see of the value in `bytes[start, end)`: its text, a number's digits, bytes where they are UTF-8.
 *
 * @param target - has room for as many bytes as the value has, and for `LONGEST_NUMBER`.
 * @returns the position behind it; `at` where there is nothing to see.
 */
export function writeText(kind: number, bytes: Buffer, start: number, end: number, target: Buffer, at: number): number {
  switch (kind) {
    case KIND.TEXT:
    case KIND.LINE:
      return at + bytes.copy(target, at, start, end)
    case KIND.NUMBER:
    case KIND.REAL:
      return withoutZeroFraction(target, at, withoutExponent(target, at, at + bytes.copy(target, at, start, end)))
    case KIND.ESCAPED:
      return decodeEscapes(bytes, start, end, target, at)
    case KIND.VARINT:
      return writeVarint(bytes, start, end, target, at)
    case KIND.DOUBLE:
      return withoutZeroFraction(target, at, at + target.write(doubleText(bytes.readDoubleLE(start)), at, 'latin1'))
    case KIND.INTEGER:
      return writeInteger(bytes, start, end, target, at)
    case KIND.FLOAT:
      return withoutZeroFraction(target, at, at + target.write(doubleText(floatAt(bytes, start, end)), at, 'latin1'))
    case KIND.BYTES:
    case KIND.EXTENSION:
      return isUtf8(bytes.subarray(start, end)) ? at + bytes.copy(target, at, start, end) : at
    case KIND.BASE64: {
      const decoded = Buffer.from(bytes.toString('latin1', start, end), 'base64')
      return isUtf8(decoded) ? at + decoded.copy(target, at) : at
    }
    default:
      return at
  }
}

/** Writes `4.111111111111111E15`, as Java writes the number of a card that is a double, without its exponent. */
function withoutExponent(target: Buffer, start: number, end: number): number {
  let position = end
  // 0x45 and 0x65: in a number no other letter stands.
  while (position > start && (target[position - 1]! | 0x20) !== 0x65) position -= 1
  if (position === start) return end
  const value = Number(target.toString('latin1', start, end))
  return Number.isFinite(value) ? start + target.write(doubleText(value), start, 'latin1') : end
}

/** Where `4111111111111111.0` ends without its `.0`: a number of a card that somebody had made a double. */
function withoutZeroFraction(target: Buffer, start: number, end: number): number {
  let position = end
  while (position > start && target[position - 1] === 0x30) position -= 1
  return position > start && target[position - 1] === 0x2e ? position - 1 : end
}

/** The digits of a varint. Most integers in logs are small and positive: those need no BigInt and no float division. */
function writeVarint(bytes: Buffer, start: number, end: number, target: Buffer, at: number): number {
  if (end - start > 4) return at + target.write(decodeVarint64(bytes, start, end).toString(), at, 'latin1')
  let value = 0
  for (let position = end - 1; position >= start; position -= 1) value = (value << 7) | (bytes[position]! & 0x7f)
  return writeDigits(value, target, at)
}

/** The digits of an integer of MessagePack. Most are small and positive. */
function writeInteger(bytes: Buffer, start: number, end: number, target: Buffer, at: number): number {
  const first = bytes[start]!
  if (first < 0x80) return writeDigits(first, target, at)
  const signed = first >= 0xd0
  // A fixint has its value in the header.
  const content = first >= 0xe0 ? start : start + 1
  if (end - content === 8) {
    const value = signed ? bytes.readBigInt64BE(content) : bytes.readBigUInt64BE(content)
    return at + target.write(String(value), at, 'latin1')
  }
  const value = signed ? bytes.readIntBE(content, end - content) : bytes.readUIntBE(content, end - content)
  return value >= 0 && value < 2 ** 28 ? writeDigits(value, target, at) : at + target.write(String(value), at, 'latin1')
}

/** A big-endian number of 4 or 8 bytes. */
export function floatAt(bytes: Buffer, start: number, end: number): number {
  return end - start === 4 ? bytes.readFloatBE(start) : bytes.readDoubleBE(start)
}

/** @param value - not negative, and below 2^28. */
function writeDigits(number: number, target: Buffer, at: number): number {
  let value = number
  let digits = 1
  for (let limit = 10; value >= limit; limit *= 10) digits += 1
  for (let position = at + digits - 1; position >= at; position -= 1) {
    const rest = (value / 10) | 0
    target[position] = 0x30 + (value - rest * 10)
    value = rest
  }
  return at + digits
}

/** What detectors see of a value, on its own: to be read, not written, since it may be the batch's own bytes. */
export function textOf(batch: Batch, row: number): Buffer {
  const kind = batch.kind(row)
  const start = batch.get(row, FIELD.START)
  const end = batch.get(row, FIELD.END)
  if (kind === KIND.TEXT || kind === KIND.LINE) return batch.bytes.subarray(start, end)
  const target = Buffer.allocUnsafe(Math.max(LONGEST_NUMBER, end - start))
  return target.subarray(0, writeText(kind, batch.bytes, start, end, target, 0))
}

/** The value's own bytes: of a text its UTF-8, of bytes the bytes. */
export function contentOf(batch: Batch, row: number): Buffer {
  const start = batch.get(row, FIELD.START)
  const end = batch.get(row, FIELD.END)
  const kind = batch.kind(row)
  if (kind === KIND.BYTES || kind === KIND.EXTENSION) return batch.bytes.subarray(start, end)
  if (kind === KIND.BASE64) return Buffer.from(batch.bytes.toString('latin1', start, end), 'base64')
  return textOf(batch, row)
}
