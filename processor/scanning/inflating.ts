import { FieldsealError } from '../errors.ts'
import { Decompression, LARGEST_WINDOW } from '../sources/inflation/decompression.ts'
import { ZstdFrames } from '../sources/inflation/zstd-frames.ts'

/**
 * Decompresses while it is read: parts of the output go on as they come, and none is kept. Several members or frames behind
 * each other are one output.
 */
export class Inflating {
  readonly #decompression: Decompression
  readonly #frames: ZstdFrames | undefined
  #failure: unknown

  /** @param output - takes a part; what it throws ends the work, and is thrown by `write`. */
  constructor(compression: 'gzip' | 'zstd', output: (part: Buffer) => void) {
    this.#frames = compression === 'zstd' ? new ZstdFrames() : undefined
    this.#decompression = new Decompression(compression, (part) => {
      try {
        output(part)
        return true
      } catch (error) {
        this.#failure = error
        return false
      }
    })
  }

  /** @throws FieldsealError `FIELDSEAL_INPUT_MALFORMED` where it is damaged. */
  async write(chunk: Buffer): Promise<void> {
    if (this.#frames === undefined) return this.#check(await this.#decompression.write(chunk))
    // Each frame by itself: what node:zlib makes of several in one chunk depends on its version.
    for (let at = 0; at < chunk.length; ) {
      const end = this.#frames.advance(chunk, at)
      if (end === undefined || this.#frames.window > LARGEST_WINDOW) throw damaged()
      this.#check(await this.#decompression.write(chunk.subarray(at, end)))
      at = end
    }
  }

  /** @throws FieldsealError `FIELDSEAL_INPUT_MALFORMED` where the end is missing. */
  async finish(): Promise<void> {
    if (this.#frames?.complete === false) throw damaged()
    this.#check(await this.#decompression.finish())
  }

  close(): void {
    this.#decompression.close()
  }

  #check(result: 'done' | 'damaged' | 'stopped'): void {
    if (this.#failure !== undefined) throw this.#failure
    if (result !== 'done') throw damaged()
  }
}

function damaged(): FieldsealError {
  return new FieldsealError(
    'FIELDSEAL_INPUT_MALFORMED',
    'its compressed data are damaged or cut off; what came before was scanned',
  )
}
