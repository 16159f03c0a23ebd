import { isUtf8 } from 'node:buffer'
import { FieldsealError } from '../errors.ts'
import type { Format } from '../formats/format.ts'
import { FORMATS } from '../formats/index.ts'
import { isRequest } from './content.ts'
import { maskedExample } from './masked-example.ts'
import type { Occurrence } from './occurrences.ts'
import type { Found, RecordScanner } from './record-scanner.ts'
import type { ScanFormat } from './scan-format.ts'
import type { Tally } from './tally.ts'
import { withoutInvalidBytes } from './valid-text.ts'

const NEWLINE = 0x0a

export interface LineScannerParts {
  readonly scanner: RecordScanner
  readonly format: ScanFormat
  /** Told of each finding, with the number of its line; absent where nobody asks, which saves counting lines. */
  readonly onOccurrence?: ((occurrence: Omit<Occurrence, 'file'>) => void) | undefined
}

/** Input that is not what it should be, and no fault of ours. */
function isRefusal(error: unknown): error is FieldsealError {
  return error instanceof FieldsealError && error.exit === 65
}

/**
 * Scans lines. What is not of the format is no reason to leave anything out: a line that cannot be read as a record is
 * scanned as a text.
 */
export class LineScanner {
  readonly #parts: LineScannerParts
  tally: Tally
  /** Lines before those that are scanned next, where they are counted. */
  line = 0

  constructor(parts: LineScannerParts, tally: Tally) {
    this.#parts = parts
    this.tally = tally
  }

  /** Scans whole lines, the last maybe without its end. */
  scan(lines: Buffer): void {
    this.tally.bytes += lines.length
    if (this.#parts.format === 'otlp-json') this.#requests(lines)
    else this.#lines(lines, this.#parts.format === 'text' ? FORMATS.text : FORMATS['json-lines'])
    if (this.#parts.onOccurrence !== undefined) this.line += linesIn(lines)
  }

  /**
   * Scans a part of a line that is too long to be scanned at once.
   *
   * @param from - findings that start before are those of the part before.
   * @param to - those that start here or later are those of the part that follows.
   */
  scanPiece(piece: Buffer, from: number, to: number): void {
    const bytes = isUtf8(piece) ? piece : withoutInvalidBytes(piece)
    this.#parts.scanner.scan(bytes, FORMATS.text, (found) => {
      const start = found.at + found.span.start
      if (start >= from && start < to) this.#count(found, this.line + 1)
    })
  }

  /** The end of a line that was scanned in pieces. */
  endPieces(length: number): void {
    this.tally.bytes += length
    this.tally.records += 1
    this.tally.inPieces += 1
    this.line += 1
  }

  #requests(lines: Buffer): void {
    for (let start = 0; start < lines.length; ) {
      const newline = lines.indexOf(NEWLINE, start)
      const end = newline < 0 ? lines.length : newline
      this.#request(lines, start, end)
      start = end + 1
    }
  }

  #request(lines: Buffer, start: number, end: number): void {
    const line = lines.subarray(start, end)
    const text = withoutMark(line)
    if (isBlank(text)) return
    try {
      if (!isRequest(text)) throw new FieldsealError('FIELDSEAL_INPUT_MALFORMED', 'the line is no request')
      this.#batch(text, FORMATS['otlp-json'], lines, start)
    } catch (error) {
      if (!isRefusal(error)) throw error
      this.tally.texts += 1
      this.#lines(line, FORMATS['json-lines'], lines, start, true)
    }
  }

  /**
   * Refused is always a batch as a whole. What stands before the line that is at fault, that line, and what follows it are
   * scanned by themselves.
   */
  #lines(lines: Buffer, format: Format, all = lines, offset = 0, isCounted = false): void {
    let rest = lines
    let at = offset
    while (rest.length > 0) {
      try {
        this.#batch(rest, format, all, at)
        return
      } catch (error) {
        if (!isRefusal(error)) throw error
        const { start, end } = faultyLine(rest, error)
        if (start > 0) this.#lines(rest.subarray(0, start), format, all, at, isCounted)
        this.#asText(rest.subarray(start, end), all, at + start, isCounted)
        rest = rest.subarray(end)
        at += end
      }
    }
  }

  #asText(line: Buffer, all: Buffer, offset: number, isCounted: boolean): void {
    if (!isCounted) this.tally.texts += 1
    this.#batch(line, FORMATS.text, all, offset)
  }

  /** @param offset - of the bytes, among the lines of one call. */
  #batch(bytes: Buffer, format: Format, all: Buffer, offset: number): void {
    const lines = new LineNumbers(all, this.line)
    this.tally.records += this.#parts.scanner.scan(bytes, format, (found) =>
      this.#count(found, this.#parts.onOccurrence === undefined ? 0 : lines.at(offset + found.at)),
    )
  }

  #count({ detector, path, text }: Found, line: number): void {
    this.tally.add(detector, path, () => maskedExample(text()))
    this.#parts.onOccurrence?.({ line, detector, path, example: maskedExample(text()) })
  }
}

/** Numbers of lines for places that come in order, or nearly so. */
class LineNumbers {
  readonly #bytes: Buffer
  readonly #before: number
  #at = 0
  #line = 0

  constructor(bytes: Buffer, before: number) {
    this.#bytes = bytes
    this.#before = before
  }

  at(place: number): number {
    if (place < this.#at) {
      this.#at = 0
      this.#line = 0
    }
    for (;;) {
      const newline = this.#bytes.indexOf(NEWLINE, this.#at)
      if (newline < 0 || newline >= place) return this.#before + this.#line + 1
      this.#line += 1
      this.#at = newline + 1
    }
  }
}

function linesIn(bytes: Buffer): number {
  let lines = 0
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) lines += 1
  return lines
}

/** Where the line stands that an error is about, with its end; of a batch that is refused as a whole, the first. */
function faultyLine(lines: Buffer, { place }: FieldsealError): { start: number; end: number } {
  const offset = Math.min(place.offset ?? 0, lines.length - 1)
  // A place may be that of the line end behind the line at fault.
  const start = offset === 0 ? 0 : lines.lastIndexOf(NEWLINE, offset - 1) + 1
  const newline = lines.indexOf(NEWLINE, start)
  return { start, end: newline < 0 ? lines.length : newline + 1 }
}

function withoutMark(line: Buffer): Buffer {
  return line[0] === 0xef && line[1] === 0xbb && line[2] === 0xbf ? line.subarray(3) : line
}

function isBlank(line: Buffer): boolean {
  return line.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d)
}
