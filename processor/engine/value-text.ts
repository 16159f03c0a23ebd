import { isUtf8 } from 'node:buffer'
import { type Batch, FIELD, KIND } from '../formats/batch.ts'
import { decodeEscapes } from '../formats/json-string.ts'
import { doubleText } from '../formats/otlp-value-json.ts'
import { decodeVarint64 } from '../formats/protobuf-wire.ts'

/** Most bytes that a number takes as text. */
export const LONGEST_NUMBER = 32

/** Kinds whose parts can be replaced in place. */
export function isTextual(kind: number): boolean {
  return kind === KIND.TEXT || kind === KIND.ESCAPED || kind === KIND.LINE
}

export function isContainer(kind: number): boolean {
  return kind === KIND.MAP || kind === KIND.ARRAY
}

/** Bytes of room that `writeText` may need. */
export function roomFor(batch: Batch, row: number): number {
  return Math.max(LONGEST_NUMBER, batch.get(row, FIELD.END) - batch.get(row, FIELD.START))
}

/**
 * Writes what detectors see of a value: its text, a number's digits, bytes where they are UTF-8.
 *
 * @returns the position behind it; `at` where there is nothing to see.
 */
export function writeText(batch: Batch, row: number, target: Buffer, at: number): number {
  const { bytes } = batch
  const start = batch.get(row, FIELD.START)
  const end = batch.get(row, FIELD.END)
  switch (batch.kind(row)) {
    case KIND.TEXT:
    case KIND.LINE:
    case KIND.NUMBER:
    case KIND.REAL:
      return at + bytes.copy(target, at, start, end)
    case KIND.ESCAPED:
      return decodeEscapes(bytes, start, end, target, at)
    case KIND.VARINT:
      return writeVarint(bytes, start, end, target, at)
    case KIND.DOUBLE:
      return at + target.write(doubleText(bytes.readDoubleLE(start)), at, 'latin1')
    case KIND.BYTES:
      return isUtf8(bytes.subarray(start, end)) ? at + bytes.copy(target, at, start, end) : at
    case KIND.BASE64: {
      const decoded = Buffer.from(bytes.toString('latin1', start, end), 'base64')
      return isUtf8(decoded) ? at + decoded.copy(target, at) : at
    }
    default:
      return at
  }
}

/** The digits of a varint. Most integers in logs are small and positive: those need no BigInt. */
function writeVarint(bytes: Buffer, start: number, end: number, target: Buffer, at: number): number {
  if (end - start > 7) return at + target.write(decodeVarint64(bytes, start, end).toString(), at, 'latin1')
  let value = 0
  for (let position = end - 1; position >= start; position -= 1) value = value * 128 + (bytes[position]! & 0x7f)
  let digits = 1
  for (let limit = 10; value >= limit; limit *= 10) digits += 1
  for (let position = at + digits - 1; position >= at; position -= 1) {
    const rest = Math.floor(value / 10)
    target[position] = 0x30 + (value - rest * 10)
    value = rest
  }
  return at + digits
}

/** What detectors see of a value, on its own. */
export function textOf(batch: Batch, row: number): Buffer {
  const target = Buffer.alloc(roomFor(batch, row))
  return target.subarray(0, writeText(batch, row, target, 0))
}

/** The value's own bytes: of a text its UTF-8, of bytes the bytes. */
export function contentOf(batch: Batch, row: number): Buffer {
  const start = batch.get(row, FIELD.START)
  const end = batch.get(row, FIELD.END)
  if (batch.kind(row) === KIND.BYTES) return batch.bytes.subarray(start, end)
  if (batch.kind(row) === KIND.BASE64) return Buffer.from(batch.bytes.toString('latin1', start, end), 'base64')
  return textOf(batch, row)
}
