import { tooLarge } from './protobuf-writer.ts'

/** Bytes that are gathered in a buffer which grows up to a limit. */
export class ByteWriter {
  readonly #limit: number
  #bytes: Buffer
  #at = 0

  constructor(expected: number, limit: number) {
    this.#limit = limit
    this.#bytes = Buffer.allocUnsafeSlow(Math.max(64, Math.min(expected, limit)))
  }

  get length(): number {
    return this.#at
  }

  /** What has been written; nothing is to be written any more. */
  finish(): Buffer {
    return this.#bytes.subarray(0, this.#at)
  }

  put(bytes: Uint8Array, start = 0, end = bytes.length): void {
    const needed = this.#at + end - start
    if (needed > this.#limit) throw tooLarge(this.#limit)
    if (needed > this.#bytes.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(needed, Math.ceil(this.#bytes.length * 1.5)))
      this.#bytes.copy(grown, 0, 0, this.#at)
      this.#bytes = grown
    }
    for (let i = start; i < end && end - start <= 16; i += 1) this.#bytes[this.#at + i - start] = bytes[i]!
    if (end - start > 16) this.#bytes.set(bytes.subarray(start, end), this.#at)
    this.#at = needed
  }
}
