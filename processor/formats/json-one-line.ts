import { isUtf8 } from 'node:buffer'
import { isSpace } from './json-scanner.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c

/**
 * A JSON text without white space between its tokens (RFC 8259 section 2), and so on one line: inside of strings a line
 * break is always an escape. Numbers, escapes and the order of members stay as they are. Bytes that are not UTF-8
 * become U+FFFD, since JSON is UTF-8 (section 8.1).
 *
 * @param bytes - JSON text that has been checked.
 * @returns the same buffer where there is nothing to do.
 */
export function jsonOnOneLine(bytes: Buffer): Buffer {
  const text = withoutSpaceBehind(isUtf8(bytes) ? bytes : Buffer.from(bytes.toString('utf8')))
  const first = spaceFrom(text, 0)
  if (first === text.length) return text
  const line = Buffer.allocUnsafeSlow(text.length)
  text.copy(line, 0, 0, first)
  let at = first
  let position = first
  while (position < text.length) {
    while (position < text.length && isSpace(text[position])) position += 1
    // A token or several with no space between them.
    const end = spaceFrom(text, position)
    if (end - position > 32) {
      text.copy(line, at, position, end)
      at += end - position
      position = end
    } else {
      for (; position < end; position += 1, at += 1) line[at] = text[position]!
    }
  }
  return line.subarray(0, at)
}

/** Most often the one line break that ends the text is all there is: nothing is copied for that. */
function withoutSpaceBehind(text: Buffer): Buffer {
  let end = text.length
  while (end > 0 && isSpace(text[end - 1])) end -= 1
  return end === text.length ? text : text.subarray(0, end)
}

/** The first white space outside of strings; the length where there is none. */
function spaceFrom(text: Buffer, start: number): number {
  let position = start
  while (position < text.length) {
    const byte = text[position]!
    position += 1
    if (byte === QUOTE) {
      while (position < text.length && text[position] !== QUOTE) position += text[position] === BACKSLASH ? 2 : 1
      position += 1
    } else if (isSpace(byte)) {
      return position - 1
    }
  }
  return text.length
}
