import type { LineScanner } from './line-scanner.ts'
import { characterEnd } from './valid-text.ts'

const NEWLINE = 0x0a
/** Bytes of a part of a line that is too long to be scanned at once. */
const PIECE = 512 * 1024
/** What is on either side of the place where one part takes over from the other: no detector looks further. */
const CONTEXT = 32 * 1024

/**
 * Takes bytes and hands whole lines to a scanner. Its memory is bounded: a line over the limit goes on in parts, which
 * overlap.
 */
export class LineBuffer {
  readonly #scanner: LineScanner
  readonly #mostLine: number
  #bytes: Buffer
  #filled = 0
  /** Of the line that is scanned in parts: bytes that are gone already. */
  #gone = 0
  #inPieces = false
  /** Bytes in front that were counted with the part before. */
  #counted = 0
  /** Bytes up to which lines are scanned. */
  settled = 0

  /** @param mostLine - bytes of the longest line that is scanned at once. */
  constructor(scanner: LineScanner, size: number, mostLine: number) {
    this.#scanner = scanner
    this.#mostLine = mostLine
    this.#bytes = Buffer.allocUnsafeSlow(size)
  }

  /** Whether the beginning of a line has been scanned, and its end has not come. */
  get isInPieces(): boolean {
    return this.#inPieces
  }

  /** Where bytes may be put, before `take` is told how many. */
  get room(): Buffer {
    return this.#bytes.subarray(this.#filled)
  }

  push(part: Buffer): void {
    for (let at = 0; at < part.length; ) {
      const copied = part.copy(this.room, 0, at)
      at += copied
      this.take(copied)
    }
  }

  /** So many bytes were put into the room. */
  take(count: number): void {
    this.#filled += count
    if (this.#inPieces) this.#pieces()
    if (this.#inPieces || this.#filled < this.#bytes.length) return
    this.#lines()
  }

  #lines(): void {
    const end = this.#bytes.subarray(0, this.#filled).lastIndexOf(NEWLINE) + 1
    if (end > 0) {
      this.#scanner.scan(this.#bytes.subarray(0, end))
      this.#drop(end)
      this.settled += end
    }
    if (this.#filled < this.#bytes.length) return
    if (this.#bytes.length < this.#mostLine) {
      this.#grow()
      return
    }
    this.#inPieces = true
    this.#pieces()
  }

  #grow(): void {
    const bytes = Buffer.allocUnsafeSlow(
      Math.min(2 * this.#bytes.length, Math.max(this.#mostLine, PIECE + 4 * CONTEXT)),
    )
    this.#bytes.copy(bytes, 0, 0, this.#filled)
    this.#bytes = bytes
  }

  #drop(count: number): void {
    this.#bytes.copyWithin(0, count, this.#filled)
    this.#filled -= count
  }

  /** Scans parts as long as there is a whole one. */
  #pieces(): void {
    for (;;) {
      const newline = this.#bytes.subarray(0, this.#filled).indexOf(NEWLINE)
      const available = newline < 0 ? this.#filled : newline
      if (available > PIECE) {
        this.#piece()
        continue
      }
      if (newline >= 0) this.#lastPiece(newline, newline + 1)
      return
    }
  }

  #piece(): void {
    const end = characterEnd(this.#bytes, PIECE)
    const next = characterEnd(this.#bytes, end - 2 * CONTEXT)
    const to = next + CONTEXT
    this.#scanner.scanPiece(this.#bytes.subarray(0, end), this.#counted, to)
    this.#counted = CONTEXT
    this.#gone += next
    this.#drop(next)
  }

  #lastPiece(end: number, after: number): void {
    this.#scanner.scanPiece(this.#bytes.subarray(0, end), this.#counted, Number.POSITIVE_INFINITY)
    this.#scanner.endPieces(this.#gone + after)
    this.settled += this.#gone + after
    this.#gone = 0
    this.#counted = 0
    this.#inPieces = false
    this.#drop(after)
  }

  /** Scans the whole lines that are there, so that `settled` is as far as it can be. */
  flush(): void {
    if (this.#inPieces) return
    const end = this.#bytes.subarray(0, this.#filled).lastIndexOf(NEWLINE) + 1
    if (end === 0) return
    this.#scanner.scan(this.#bytes.subarray(0, end))
    this.#drop(end)
    this.settled += end
  }

  /** Scans what is left: a last line without a line break. Comes after `flush`. */
  end(): void {
    if (this.#inPieces) this.#lastPiece(this.#filled, this.#filled)
    else if (this.#filled > 0) {
      this.#scanner.scan(this.#bytes.subarray(0, this.#filled))
      this.#filled = 0
    }
  }
}
