import { FieldsealError } from '../errors.ts'
import type { FormatName } from '../formats/index.ts'
import { encodeVarint } from '../formats/protobuf-wire.ts'
import { ForwardMessages } from './forward-messages.ts'
import { type Frame, type Framing, type FramingLimits, NOTHING, Pending, tooLarge } from './frame.ts'

const NEWLINE = 0x0a
const LINE_END = Buffer.from('\n')

function countLines(bytes: Buffer): number {
  let lines = 0
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) lines += 1
  return lines
}

/**
 * The whole lines of each chunk, together: sealing many values at a time is what makes it fast, and a line that has
 * come is not held back for the next. A line over the limit is refused without being kept.
 */
class LineBatches implements Framing {
  readonly unit = 'line'
  readonly #limit: number
  /** The beginning of a line whose end has not come. */
  readonly #pending = new Pending()
  #number = 1
  #skipping = false

  constructor(limit: number) {
    this.#limit = limit
  }

  *push(chunk: Buffer): Iterable<Frame> {
    const lineStart = this.#skipping ? this.#skipLine(chunk) : 0
    if (lineStart < 0) return
    const end = chunk.lastIndexOf(NEWLINE) + 1
    if (end > lineStart) {
      this.#pending.add(chunk.subarray(lineStart, end))
      yield this.#frame()
    }
    const rest = chunk.subarray(Math.max(end, lineStart))
    if (this.#pending.length + rest.length <= this.#limit) {
      this.#pending.add(rest)
      return
    }
    this.#pending.take()
    this.#skipping = true
    yield { ...frameOf(Buffer.alloc(0), this.#number), refused: tooLarge('the line is over limits.record') }
  }

  /** Where the line after a refused one starts; -1 while the refused one goes on. */
  #skipLine(chunk: Buffer): number {
    const newline = chunk.indexOf(NEWLINE)
    if (newline < 0) return -1
    this.#skipping = false
    this.#number += 1
    return newline + 1
  }

  #frame(): Frame {
    const bytes = this.#pending.take()
    const frame = frameOf(bytes, this.#number)
    this.#number += countLines(bytes)
    return frame
  }

  *end(): Iterable<Frame> {
    if (this.#pending.length > 0) yield this.#frame()
  }
}

function frameOf(bytes: Buffer, number: number): Frame {
  return { bytes, before: () => NOTHING, after: NOTHING, number }
}

/** One request a line. */
class RequestLines implements Framing {
  readonly unit = 'line'
  readonly #limit: number
  readonly #pending = new Pending()
  #number = 1
  #skipping = false

  constructor(limit: number) {
    this.#limit = limit
  }

  *push(chunk: Buffer): Iterable<Frame> {
    let from = 0
    for (let newline = chunk.indexOf(NEWLINE); newline >= 0; newline = chunk.indexOf(NEWLINE, from)) {
      this.#add(chunk.subarray(from, newline))
      yield this.#frame(LINE_END)
      from = newline + 1
    }
    this.#add(chunk.subarray(from))
  }

  #add(part: Buffer): void {
    if (!this.#skipping && this.#pending.length + part.length > this.#limit) {
      this.#pending.take()
      this.#skipping = true
    }
    if (!this.#skipping) this.#pending.add(part)
  }

  #frame(after: Uint8Array): Frame {
    const refused = this.#skipping ? { refused: tooLarge('the request is over limits.batch') } : {}
    this.#skipping = false
    const frame = { bytes: this.#pending.take(), before: () => NOTHING, after, number: this.#number, ...refused }
    this.#number += 1
    return frame
  }

  *end(): Iterable<Frame> {
    if (this.#pending.length > 0 || this.#skipping) yield this.#frame(NOTHING)
  }
}

/** Requests, each behind its length as a varint, as protobuf's "delimited" streams have them. */
class DelimitedRequests implements Framing {
  readonly unit = 'request'
  readonly #limit: number
  readonly #pending = new Pending()
  #number = 1
  #expected = -1
  #toSkip = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  *push(chunk: Buffer): Iterable<Frame> {
    this.#pending.add(chunk)
    for (;;) {
      if (this.#toSkip > 0 && !this.#skip()) return
      if (this.#expected < 0 && !this.#readLength()) return
      if (this.#expected > this.#limit) {
        this.#toSkip = this.#expected
        yield this.#frame(Buffer.alloc(0), tooLarge('the request is over limits.batch'))
        continue
      }
      if (this.#pending.length < this.#expected) return
      const bytes = this.#pending.take()
      const end = this.#expected
      this.#pending.add(bytes.subarray(end))
      yield this.#frame(bytes.subarray(0, end))
    }
  }

  #skip(): boolean {
    const bytes = this.#pending.take()
    const skipped = Math.min(this.#toSkip, bytes.length)
    this.#toSkip -= skipped
    this.#pending.add(bytes.subarray(skipped))
    return this.#toSkip === 0
  }

  #readLength(): boolean {
    if (this.#pending.length === 0) return false
    const bytes = this.#pending.take()
    let length = 0
    for (let i = 0; i < bytes.length; i += 1) {
      // A length of more than five bytes is no length; where the next request starts cannot be known then.
      if (i >= 5) throw new FieldsealError('FIELDSEAL_INPUT_MALFORMED', 'the length of a request is no varint')
      length += (bytes[i]! & 0x7f) * 2 ** (7 * i)
      if (bytes[i]! < 0x80) {
        this.#expected = length
        this.#pending.add(bytes.subarray(i + 1))
        return true
      }
    }
    this.#pending.add(bytes)
    return false
  }

  #frame(bytes: Buffer, refused?: FieldsealError): Frame {
    this.#expected = -1
    const number = this.#number
    this.#number += 1
    return { bytes, before: encodeVarint, after: NOTHING, number, ...(refused === undefined ? {} : { refused }) }
  }

  *end(): Iterable<Frame> {
    if (this.#expected < 0 && this.#pending.length === 0 && this.#toSkip === 0) return
    const refused = new FieldsealError('FIELDSEAL_INPUT_MALFORMED', 'the last request is cut off')
    yield this.#frame(Buffer.alloc(0), refused)
  }
}

/** How a format is cut into frames on a stream. */
export function framingOf(format: FormatName, limits: FramingLimits): Framing {
  if (format === 'otlp-json') return new RequestLines(limits.batch)
  if (format === 'otlp-protobuf') return new DelimitedRequests(limits.batch)
  if (format === 'forward') return new ForwardMessages(limits.batch)
  return new LineBatches(limits.record)
}
