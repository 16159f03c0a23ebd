import { hexValue } from './json-scanner.ts'

/**
 * The inside of a JSON string and the text that it stands for. Texts are UTF-8; a lone surrogate, which UTF-8 cannot
 * hold, becomes U+FFFD in the text.
 */

function codeUnit(bytes: Uint8Array, at: number): number {
  return (
    (hexValue(bytes[at]!) << 12) |
    (hexValue(bytes[at + 1]!) << 8) |
    (hexValue(bytes[at + 2]!) << 4) |
    hexValue(bytes[at + 3]!)
  )
}

const SIMPLE: Readonly<Record<number, number>> = {
  34: 0x22,
  92: 0x5c,
  47: 0x2f,
  98: 8,
  102: 12,
  110: 10,
  114: 13,
  116: 9,
}

/** One character of the inside of a string: where it ends, and what it is; -1 for a byte that stands for itself. */
function unescapeAt(bytes: Uint8Array, at: number, end: number): { readonly end: number; readonly code: number } {
  if (bytes[at] !== 0x5c) return { end: at + 1, code: -1 }
  if (bytes[at + 1] !== 0x75) return { end: at + 2, code: SIMPLE[bytes[at + 1]!]! }
  const unit = codeUnit(bytes, at + 2)
  if (unit < 0xd800 || unit > 0xdfff) return { end: at + 6, code: unit }
  if (unit < 0xdc00 && at + 12 <= end && bytes[at + 6] === 0x5c && bytes[at + 7] === 0x75) {
    const low = codeUnit(bytes, at + 8)
    if (low >= 0xdc00 && low <= 0xdfff)
      return { end: at + 12, code: 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00) }
  }
  return { end: at + 6, code: LONE_SURROGATE }
}

const LONE_SURROGATE = 0xfffd

/** Writes `code` as UTF-8 and returns the position behind it. */
function writeUtf8(target: Uint8Array, at: number, code: number): number {
  if (code < 0x80) {
    target[at] = code
    return at + 1
  }
  if (code < 0x800) {
    target[at] = 0xc0 | (code >> 6)
    target[at + 1] = 0x80 | (code & 0x3f)
    return at + 2
  }
  if (code < 0x10000) {
    target[at] = 0xe0 | (code >> 12)
    target[at + 1] = 0x80 | ((code >> 6) & 0x3f)
    target[at + 2] = 0x80 | (code & 0x3f)
    return at + 3
  }
  target[at] = 0xf0 | (code >> 18)
  target[at + 1] = 0x80 | ((code >> 12) & 0x3f)
  target[at + 2] = 0x80 | ((code >> 6) & 0x3f)
  target[at + 3] = 0x80 | (code & 0x3f)
  return at + 4
}

/** Decodes `bytes[start, end)` into `target` at `at`; it takes at most as many bytes as it had. */
export function decodeEscapes(bytes: Uint8Array, start: number, end: number, target: Uint8Array, at: number): number {
  let to = at
  let position = start
  while (position < end) {
    const byte = bytes[position]!
    if (byte !== 0x5c) {
      target[to] = byte
      to += 1
      position += 1
      continue
    }
    const character = unescapeAt(bytes, position, end)
    to = writeUtf8(target, to, character.code)
    position = character.end
  }
  return to
}

/** Whether the inside of a string holds a surrogate that has no partner: such a text has no UTF-8 form. */
export function hasLoneSurrogate(bytes: Uint8Array, start: number, end: number): boolean {
  let position = start
  while (position < end) {
    if (bytes[position] !== 0x5c) {
      position += 1
      continue
    }
    const character = unescapeAt(bytes, position, end)
    if (
      character.code === LONE_SURROGATE &&
      bytes[position + 1] === 0x75 &&
      codeUnit(bytes, position + 2) !== LONE_SURROGATE
    )
      return true
    position = character.end
  }
  return false
}

/**
 * Where offsets of the decoded text lie in the inside of the string.
 *
 * @param offsets - ascending.
 */
export function rawOffsets(bytes: Uint8Array, start: number, end: number, offsets: readonly number[]): number[] {
  const raw: number[] = []
  const scratch = new Uint8Array(4)
  let decoded = 0
  let position = start
  for (const offset of offsets) {
    while (decoded < offset && position < end) {
      const character = unescapeAt(bytes, position, end)
      decoded += character.code < 0 ? 1 : writeUtf8(scratch, 0, character.code)
      position = character.end
    }
    raw.push(position)
  }
  return raw
}

const ESCAPES: Readonly<Record<number, string>> = {
  8: '\\b',
  9: '\\t',
  10: '\\n',
  12: '\\f',
  13: '\\r',
  34: '\\"',
  92: '\\\\',
}

function escapeOf(byte: number): string | undefined {
  if (byte >= 0x20 && byte !== 0x22 && byte !== 0x5c) return undefined
  return ESCAPES[byte] ?? `\\u00${byte.toString(16).padStart(2, '0')}`
}

/** A text as the inside of a JSON string, with the escapes that JSON.stringify would write. */
export function encodeEscapes(text: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = []
  let copied = 0
  for (let position = 0; position < text.length; position += 1) {
    const sequence = escapeOf(text[position]!)
    if (sequence === undefined) continue
    parts.push(text.subarray(copied, position), Buffer.from(sequence, 'latin1'))
    copied = position + 1
  }
  if (parts.length === 0) return text
  parts.push(text.subarray(copied))
  return Buffer.concat(parts)
}
