import { FieldsealError } from '../errors.ts'

/** What is handed to the engine at once, and how its result is written. */
export interface Frame {
  readonly bytes: Buffer
  /** What goes before and behind the result: a length, a line end. */
  readonly before: (length: number) => Uint8Array
  readonly after: Uint8Array
  /** Number of its first line, or of the request or message, from 1. */
  readonly number: number
  /** Where the frame was refused before it was read. */
  readonly refused?: FieldsealError
}

export type FrameUnit = 'line' | 'request' | 'message'

/** Cuts a stream into frames. */
export interface Framing {
  /** What `number` counts. */
  readonly unit: FrameUnit
  push(chunk: Buffer): Iterable<Frame>
  end(): Iterable<Frame>
}

export interface FramingLimits {
  readonly record: number
  readonly batch: number
}

export const NOTHING = new Uint8Array()

export function tooLarge(what: string): FieldsealError {
  return new FieldsealError('FIELDSEAL_INPUT_TOO_LARGE', what)
}

/** Bytes that have come and are not yet a whole frame. Joined once for each frame, not once for each chunk. */
export class Pending {
  #chunks: Buffer[] = []
  length = 0

  add(chunk: Buffer): void {
    if (chunk.length === 0) return
    this.#chunks.push(chunk)
    this.length += chunk.length
  }

  take(): Buffer {
    const bytes = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks, this.length)
    this.#chunks = []
    this.length = 0
    return bytes
  }
}
