import { FieldsealError } from '../errors.ts'
import { ValueScanner } from '../forward/value-scanner.ts'
import { type Frame, type Framing, NOTHING, Pending, tooLarge } from './frame.ts'

/** Deeper than any record may be, with what a message has around it. Where a deeper message ends is not known. */
const DEEPEST = 256

/** Messages of Fluent Forward one behind the other, as a connection has them: each says itself where it ends. */
export class ForwardMessages implements Framing {
  readonly unit = 'message'
  readonly #limit: number
  readonly #scanner = new ValueScanner({
    depth: DEEPEST,
    elements: Number.MAX_SAFE_INTEGER,
    bytes: Number.MAX_SAFE_INTEGER,
  })
  readonly #pending = new Pending()
  #number = 1
  /** A message over the limit is gone through to its end, and not kept. */
  #skipping = false

  constructor(limit: number) {
    this.#limit = limit
  }

  /** @throws FieldsealError where it is no MessagePack: nobody knows then where the next message begins. */
  *push(chunk: Buffer): Iterable<Frame> {
    let from = 0
    while (from < chunk.length) {
      const end = this.#scanner.advance(chunk, from)
      this.#add(chunk.subarray(from, end < 0 ? chunk.length : end))
      if (end < 0) return
      yield this.#frame()
      from = end
    }
  }

  #add(part: Buffer): void {
    // By what it says of itself it may be too large before it has come.
    const least = Math.max(this.#pending.length + part.length, this.#scanner.least)
    if (!this.#skipping && least > this.#limit) {
      this.#pending.take()
      this.#skipping = true
    }
    if (!this.#skipping) this.#pending.add(part)
  }

  #frame(): Frame {
    const refused = this.#skipping ? { refused: tooLarge('the message is over limits.batch') } : {}
    this.#skipping = false
    const frame = {
      bytes: this.#pending.take(),
      before: () => NOTHING,
      after: NOTHING,
      number: this.#number,
      ...refused,
    }
    this.#number += 1
    return frame
  }

  *end(): Iterable<Frame> {
    if (!this.#scanner.started) return
    const refused = new FieldsealError('FIELDSEAL_INPUT_MALFORMED', 'the last message is cut off')
    yield { bytes: Buffer.alloc(0), before: () => NOTHING, after: NOTHING, number: this.#number, refused }
  }
}
