import { type Compression, type Decompressed, Decompression, LARGEST_WINDOW, WORKING_BYTES } from './decompression.ts'
import { Segments } from './segments.ts'
import { ZstdFrames } from './zstd-frames.ts'

/** Frames of one input; a client that makes one of each write has some hundred. */
const MOST_FRAMES = 4096

export type InflationProblem = 'damaged' | 'wide window' | 'many frames' | 'too large' | 'no room'

/** Faults of the input itself, as a client is told of them. */
export function describeDamage(
  problem: Exclude<InflationProblem, 'too large' | 'no room'>,
  compression: Compression,
): string {
  if (problem === 'wide window') return 'the zstd window is over 8 MiB (RFC 8878 section 3.1.1.1.2)'
  if (problem === 'many frames') return `more than ${MOST_FRAMES} zstd frames`
  return `the body is not ${compression}, or damaged`
}

/**
 * Inflates what comes in chunks while it counts: nothing is kept that is not reserved, and nothing beyond the limit. Each
 * chunk is needed no longer than `write` lasts. To be closed, whatever happens.
 */
export class Inflation {
  readonly #compression: Compression
  readonly #reserve: (bytes: number) => boolean
  readonly #segments: Segments
  readonly #decompression: Decompression
  readonly #frames: ZstdFrames | undefined
  /** Why the output stopped. */
  #stopped: InflationProblem = 'damaged'
  #reserved = false

  /**
   * @param limit - bytes of output.
   * @param reserve - asks for memory; false where there is none.
   */
  constructor(compression: Compression, limit: number, reserve: (bytes: number) => boolean) {
    this.#compression = compression
    this.#reserve = reserve
    this.#segments = new Segments(reserve)
    this.#frames = compression === 'zstd' ? new ZstdFrames() : undefined
    this.#decompression = new Decompression(compression, (part) => {
      if (this.#segments.length + part.length > limit) this.#stopped = 'too large'
      else if (this.#segments.add(part)) return true
      else this.#stopped = 'no room'
      return false
    })
  }

  /** One at a time. @returns undefined where all is well. */
  async write(chunk: Buffer): Promise<InflationProblem | undefined> {
    if (!this.#reserved && !this.#reserve(WORKING_BYTES[this.#compression])) return 'no room'
    this.#reserved = true
    return this.#frames === undefined
      ? this.#problem(await this.#decompression.write(chunk))
      : this.#writeFrames(this.#frames, chunk)
  }

  /** @returns `damaged`, too, where something is missing. */
  async finish(): Promise<InflationProblem | undefined> {
    if (this.#frames?.complete === false) return 'damaged'
    return this.#problem(await this.#decompression.finish())
  }

  /** Bytes of output so far. */
  get length(): number {
    return this.#segments.length
  }

  /** All of the output, once it is finished, between what is to stand before and behind it. */
  join(before?: Uint8Array, behind?: Uint8Array): Buffer {
    return this.#segments.join(before, behind)
  }

  close(): void {
    this.#decompression.close()
  }

  #problem(result: Decompressed): InflationProblem | undefined {
    if (result === 'done') return undefined
    return result === 'damaged' ? 'damaged' : this.#stopped
  }

  /** Each frame by itself, and none whose window is not reserved. */
  async #writeFrames(frames: ZstdFrames, chunk: Buffer): Promise<InflationProblem | undefined> {
    for (let at = 0; at < chunk.length; ) {
      const { window } = frames
      const end = frames.advance(chunk, at)
      if (end === undefined) return 'damaged'
      if (frames.window > LARGEST_WINDOW) return 'wide window'
      // Each costs a turn of a thread, however small it is.
      if (frames.count > MOST_FRAMES) return 'many frames'
      if (!this.#reserve(frames.window - window)) return 'no room'
      const problem = this.#problem(await this.#decompression.write(chunk.subarray(at, end)))
      if (problem !== undefined) return problem
      at = end
    }
    return undefined
  }
}
