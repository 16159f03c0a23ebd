import { formatOf, refuseEncoded } from './content.ts'
import { LineBuffer } from './line-buffer.ts'
import { LineScanner, type LineScannerParts } from './line-scanner.ts'
import type { ScanFormat } from './scan-format.ts'
import type { Tally } from './tally.ts'

/** Bytes that are scanned at once: they stay in the cache of one core between the walk and the patterns. */
export const BLOCK_BYTES = 512 * 1024
/** Bytes by which the format is told. */
const BEGINNING = 4096

export interface StreamScanParts extends Omit<LineScannerParts, 'format'> {
  /** Undefined: by the content. */
  readonly format: ScanFormat | undefined
  /** Bytes of the longest line that is scanned at once. */
  readonly mostLine: number
}

/** Scans one stream of bytes, already decompressed, from its beginning or from where an earlier run has stopped. */
export class StreamScan {
  readonly #parts: StreamScanParts
  readonly #tally: Tally
  readonly #start: { readonly offset: number; readonly line: number }
  #buffer: LineBuffer | undefined
  #scanner: LineScanner | undefined
  /** What came before the format was known. */
  #beginning = Buffer.alloc(0)
  #toSkip: number
  format: ScanFormat | undefined

  /** @param start - what was scanned before: as many bytes of what is pushed are passed over. */
  constructor(parts: StreamScanParts, tally: Tally, start: { offset: number; line: number; skip: boolean }) {
    this.#parts = parts
    this.#tally = tally
    this.#start = start
    this.#toSkip = start.skip ? start.offset : 0
    this.format = parts.format
  }

  push(part: Buffer): void {
    let bytes = part
    if (this.#toSkip > 0) {
      const skipped = Math.min(this.#toSkip, bytes.length)
      this.#toSkip -= skipped
      bytes = bytes.subarray(skipped)
    }
    if (this.#buffer !== undefined) {
      this.#buffer.push(bytes)
      return
    }
    this.#beginning = Buffer.concat([this.#beginning, bytes])
    if (this.#beginning.length >= BEGINNING) this.#begin()
  }

  #begin(): void {
    const beginning = this.#beginning
    if (this.#start.offset === 0) refuseEncoded(beginning)
    this.format ??= formatOf(beginning)
    this.#scanner = new LineScanner({ ...this.#parts, format: this.format }, this.#tally)
    this.#scanner.line = this.#start.line
    this.#buffer = new LineBuffer(this.#scanner, BLOCK_BYTES, this.#parts.mostLine)
    this.#beginning = Buffer.alloc(0)
    this.#buffer.push(beginning)
  }

  /** Where bytes of a file can be read to, once it has begun. */
  get buffer(): LineBuffer | undefined {
    return this.#buffer
  }

  /** Scans the whole lines that came. */
  flush(): void {
    if (this.#buffer === undefined && this.#beginning.length > 0) this.#begin()
    this.#buffer?.flush()
  }

  /** Whether what is counted ends where whole lines end; not while a long line is scanned in parts. */
  get isSettled(): boolean {
    return this.#buffer?.isInPieces !== true
  }

  /** How far whole lines are scanned. */
  get place(): { offset: number; line: number } {
    return {
      offset: this.#start.offset + (this.#buffer?.settled ?? 0),
      line: this.#scanner?.line ?? this.#start.line,
    }
  }

  /** Scans a last line that has no end, which counts into another tally: it may not be finished. */
  end(tally: Tally): void {
    if (this.#scanner !== undefined) this.#scanner.tally = tally
    this.#buffer?.end()
  }
}
