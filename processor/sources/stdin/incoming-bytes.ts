import type { Readable } from 'node:stream'

/**
 * Bytes of a stream, taken as they are wanted. What is not taken stays where it is: the stream holds what fits into its
 * own buffer, and whoever writes into the pipe waits.
 */
export class IncomingBytes {
  readonly #input: Readable
  #ended = false
  #failed = false
  #woken: () => void = () => {}

  constructor(input: Readable) {
    this.#input = input
    input.on('readable', () => this.#woken())
    input.on('end', () => {
      this.#ended = true
      this.#woken()
    })
    // A stream that is destroyed has no `end`.
    input.on('close', () => {
      this.#ended = true
      this.#woken()
    })
    input.on('error', () => {
      this.#failed = true
      this.#ended = true
      this.#woken()
    })
  }

  /** Whether all of it has been taken. */
  get ended(): boolean {
    return this.#ended
  }

  /** Whether it could not be read to its end. */
  get failed(): boolean {
    return this.#failed
  }

  /** At most so many bytes, if there are any. */
  take(bytes: number): Uint8Array | undefined {
    const there = this.#input.readableLength
    if (there === 0) {
      // Makes it read on, or say that it has ended.
      this.#input.read(0)
      return undefined
    }
    return (this.#input.read(Math.min(bytes, there)) as Uint8Array | null) ?? undefined
  }

  /** Resolves once there may be more, at the end, after this time, or with the signal. */
  async more(milliseconds: number | undefined, signal: AbortSignal): Promise<void> {
    if (this.#ended || signal.aborted || this.#input.readableLength > 0) return
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#woken = resolve
    const timer = milliseconds === undefined ? undefined : setTimeout(resolve, milliseconds)
    signal.addEventListener('abort', () => resolve(), { once: true })
    await promise
    clearTimeout(timer)
  }

  close(): void {
    // Without this a pipe that nobody reads any more keeps the process.
    this.#input.destroy()
  }
}
