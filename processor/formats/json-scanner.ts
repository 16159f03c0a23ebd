import { FieldsealError } from '../errors.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c
export const CHAR = {
  QUOTE,
  COMMA: 0x2c,
  COLON: 0x3a,
  OPEN_BRACKET: 0x5b,
  CLOSE_BRACKET: 0x5d,
  OPEN_BRACE: 0x7b,
  CLOSE_BRACE: 0x7d,
} as const

/** Four bytes as they are read at once: `true`, `null`, and what follows the first letter of `false`. */
const TRUE = wordOf('true')
const NULL = wordOf('null')
const ALSE = wordOf('alse')

function wordOf(letters: string): number {
  return Buffer.from(letters).readInt32LE()
}

export function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}

/**
 * Reads JSON text (RFC 8259) as ranges of bytes. Strict in structure, numbers and escapes; bytes that are not UTF-8
 * are passed on as they are.
 */
export class JsonScanner {
  readonly bytes: Uint8Array
  readonly #view: DataView
  /** No byte from here on is read. */
  end: number
  /** Of the string that was scanned last: whether it holds escapes. */
  escaped = false
  /** For errors. */
  record = 0
  readonly #depthLimit: number

  /** @param view - the same bytes, where there is one already. */
  constructor(bytes: Uint8Array, end: number, depthLimit: number, view?: DataView) {
    this.bytes = bytes
    this.#view = view ?? new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    this.end = end
    this.#depthLimit = depthLimit
  }

  malformed(what: string, offset: number): FieldsealError {
    return new FieldsealError('FIELDSEAL_INPUT_MALFORMED', `malformed JSON: ${what}`, { record: this.record, offset })
  }

  checkDepth(depth: number, offset: number): void {
    if (depth <= this.#depthLimit) return
    throw new FieldsealError('FIELDSEAL_INPUT_TOO_DEEP', 'the record is nested deeper than limits.depth', {
      record: this.record,
      offset,
    })
  }

  /** The first byte from `position` on that is no white space; -1 where there is none. */
  peek(position: number): number {
    return position < this.end ? this.bytes[position]! : -1
  }

  skipSpace(position: number): number {
    let at = position
    while (at < this.end && isSpace(this.bytes[at]!)) at += 1
    return at
  }

  expect(byte: number, position: number, what: string): number {
    if (position >= this.end || this.bytes[position] !== byte) throw this.malformed(`expected ${what}`, position)
    return position + 1
  }

  /** @param start - behind the opening quote. @returns the closing quote. */
  scanString(start: number): number {
    const { bytes, end } = this
    this.escaped = false
    for (let position = start; ; ) {
      position = this.#skipPlain(position)
      const byte = position < end ? bytes[position]! : -1
      if (byte === QUOTE) return position
      if (byte === BACKSLASH) {
        this.escaped = true
        position = this.#skipEscape(position)
      } else if (byte >= 0x20) {
        position += 1
      } else if (byte < 0) {
        throw this.malformed('a string is cut off', start)
      } else {
        throw this.malformed('a control character in a string', position)
      }
    }
  }

  /** Goes on to the next quote, backslash or control character, or to one of the last bytes: four at a time. */
  #skipPlain(start: number): number {
    const view = this.#view
    const last = this.end - 4
    let position = start
    for (; position <= last; position += 4) {
      const word = view.getInt32(position, true)
      const quotes = word ^ 0x22222222
      const backslashes = word ^ 0x5c5c5c5c
      // Bytes below 0x20, and those that are 0 now. A borrow may make one look so that stands above such a byte.
      const found =
        (((word - 0x20202020) & ~word) |
          ((quotes - 0x01010101) & ~quotes) |
          ((backslashes - 0x01010101) & ~backslashes)) &
        0x80808080
      // The lowest bit that is set is that of the first.
      if (found !== 0) return position + ((31 - Math.clz32(found & -found)) >> 3)
    }
    return position
  }

  #skipEscape(position: number): number {
    const kind = this.peek(position + 1)
    if (kind === 0x75) {
      for (let i = position + 2; i < position + 6; i += 1) {
        if (hexValue(this.peek(i)) < 0) throw this.malformed('a bad \\u escape', position)
      }
      return position + 6
    }
    // " \ / b f n r t
    if (
      kind === QUOTE ||
      kind === BACKSLASH ||
      kind === 0x2f ||
      kind === 0x62 ||
      kind === 0x66 ||
      kind === 0x6e ||
      kind === 0x72 ||
      kind === 0x74
    )
      return position + 2
    throw this.malformed('a bad escape', position)
  }

  /** The end of the number that starts at `start` (RFC 8259 section 6). */
  scanNumber(start: number): number {
    let position = this.peek(start) === 0x2d ? start + 1 : start
    if (this.peek(position) === 0x30) position += 1
    else position = this.#digits(position)
    if (this.peek(position) === 0x2e) position = this.#digits(position + 1)
    const exponent = this.peek(position)
    if (exponent === 0x65 || exponent === 0x45) {
      const sign = this.peek(position + 1)
      position = this.#digits(sign === 0x2b || sign === 0x2d ? position + 2 : position + 1)
    }
    return position
  }

  #digits(start: number): number {
    let position = start
    while (position < this.end && isDigit(this.bytes[position]!)) position += 1
    if (position === start) throw this.malformed('a digit is missing', start)
    return position
  }

  scanLiteral(start: number): number {
    const view = this.#view
    if (start + 4 <= this.end) {
      const word = view.getInt32(start, true)
      if (word === TRUE || word === NULL) return start + 4
      if (start + 5 <= this.end && this.bytes[start] === 0x66 && view.getInt32(start + 1, true) === ALSE)
        return start + 5
    }
    throw this.malformed('unexpected character', start)
  }

  /** The end of the value that starts at `start`, checked throughout. */
  skipValue(start: number, depth: number): number {
    const byte = this.peek(start)
    if (byte === QUOTE) return this.scanString(start + 1) + 1
    if (byte === CHAR.OPEN_BRACE)
      return this.members(start, depth, (_keyStart, _keyEnd, value) => this.skipValue(value, depth + 1))
    if (byte === CHAR.OPEN_BRACKET) return this.elements(start, depth, (value) => this.skipValue(value, depth + 1))
    if (byte === 0x2d || isDigit(byte)) return this.scanNumber(start)
    return this.scanLiteral(start)
  }

  /**
   * Goes through an object.
   *
   * @param visit - gets the key's content range and where the value starts; gives the value's end. Whether the key
   *   has escapes is in `escaped` when it is called.
   * @returns the position behind the closing brace.
   */
  members(start: number, depth: number, visit: (keyStart: number, keyEnd: number, value: number) => number): number {
    this.checkDepth(depth, start)
    let position = this.skipSpace(start + 1)
    if (this.peek(position) === CHAR.CLOSE_BRACE) return position + 1
    for (;;) {
      const keyStart = this.expect(QUOTE, position, 'a key')
      const keyEnd = this.scanString(keyStart)
      const escaped = this.escaped
      position = this.skipSpace(keyEnd + 1)
      position = this.skipSpace(this.expect(CHAR.COLON, position, '":"'))
      this.escaped = escaped
      position = this.skipSpace(visit(keyStart, keyEnd, position))
      if (this.peek(position) === CHAR.CLOSE_BRACE) return position + 1
      position = this.skipSpace(this.expect(CHAR.COMMA, position, '"," or "}"'))
    }
  }

  /** Goes through an array; `visit` gets where an element starts and gives its end. */
  elements(start: number, depth: number, visit: (value: number) => number): number {
    this.checkDepth(depth, start)
    let position = this.skipSpace(start + 1)
    if (this.peek(position) === CHAR.CLOSE_BRACKET) return position + 1
    for (;;) {
      position = this.skipSpace(visit(position))
      if (this.peek(position) === CHAR.CLOSE_BRACKET) return position + 1
      position = this.skipSpace(this.expect(CHAR.COMMA, position, '"," or "]"'))
    }
  }
}

/** By byte. Digits are as good as random, so that each comparison with a range would be guessed wrong half of the time. */
const HEX_VALUES = Int8Array.from({ length: 256 }, (_, byte) =>
  '0123456789abcdef'.indexOf(String.fromCharCode(byte).toLowerCase()),
)

/** The value of a hexadecimal digit; -1 for any other byte. */
export function hexValue(byte: number): number {
  return HEX_VALUES[byte] ?? -1
}
