import { endOfFirstLine, endOfLines } from '../lines/line-breaks.ts'

/** Bytes of a stream until there are whole lines of them. Its memory is reserved by whoever makes it, and does not grow. */
export class LineBuffer {
  readonly #bytes: Buffer
  #used = 0
  #offset = 0
  /** A line that is longer than all there is room for: its bytes so far, which are not kept. */
  #dropped = 0

  constructor(capacity: number) {
    this.#bytes = Buffer.allocUnsafeSlow(capacity)
  }

  /** Bytes that may be pushed. */
  get room(): number {
    return this.#bytes.length - this.#used
  }

  get used(): number {
    return this.#used
  }

  /** Where the kept bytes begin within the stream. */
  get offset(): number {
    return this.#offset
  }

  /** At most `room` bytes. */
  push(chunk: Uint8Array): void {
    this.#bytes.set(chunk, this.#used)
    this.#used += chunk.length
  }

  /** The whole lines; with `ended` what is left is one, too. Not to be used once anything is pushed or removed. */
  lines(ended: boolean): Buffer {
    const bytes = this.#bytes.subarray(0, this.#used)
    return ended ? bytes : bytes.subarray(0, endOfLines(bytes))
  }

  remove(bytes: number): void {
    this.#bytes.copyWithin(0, bytes, this.#used)
    this.#used -= bytes
    this.#offset += bytes
  }

  /** Drops bytes of a line that does not fit. */
  drop(): void {
    this.#dropped += this.#used
    this.remove(this.#used)
  }

  /**
   * Where a line is being dropped: drops what has come of it. @returns its place once its end is there, or `ended`.
   */
  dropOn(ended: boolean): { offset: number; bytes: number } | undefined {
    if (this.#dropped === 0) return undefined
    const bytes = this.#bytes.subarray(0, this.#used)
    const end = endOfFirstLine(bytes)
    const complete = ended || (end > 0 && bytes[end - 1] === 0x0a)
    this.#dropped += end
    this.remove(end)
    if (!complete) return undefined
    const place = { offset: this.#offset - this.#dropped, bytes: this.#dropped }
    this.#dropped = 0
    return place
  }

  get dropping(): boolean {
    return this.#dropped > 0
  }
}
