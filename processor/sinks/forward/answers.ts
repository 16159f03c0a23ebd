import { FieldsealError } from '../../errors.ts'
import { decodeHelo } from '../../forward/handshake.ts'
import { decodeSmall, type SmallValue } from '../../forward/small-value.ts'
import { type ScanLimits, ValueScanner } from '../../forward/value-scanner.ts'

/** What a server has to say: HELO, PONG and acknowledgements stay far below. */
const LIMITS: ScanLimits = { depth: 4, elements: 64, bytes: 1024 }

/**
 * Reads what a server says, value by value. Of a value that is not whole yet 1 KiB is kept; what would become more is
 * not waited for.
 */
export class Answers {
  readonly #scanner = new ValueScanner(LIMITS)
  #kept: Buffer | undefined
  #length = 0

  /**
   * @param take - called with each value in turn, until it returns false.
   * @throws FieldsealError where the bytes are not MessagePack, or over the limits.
   */
  read(chunk: Buffer, take: (value: SmallValue) => boolean): void {
    for (let start = 0; start < chunk.length; ) {
      const end = this.#scanner.advance(chunk, start)
      if (end === -1) {
        this.#keep(chunk.subarray(start))
        return
      }
      if (!take(decodeSmall(this.#whole(chunk.subarray(start, end)), LIMITS))) return
      start = end
    }
  }

  #keep(part: Buffer): void {
    // The scanner has counted what came; a chunk can be longer than the value that it belongs to.
    if (this.#length + part.length > LIMITS.bytes)
      throw new FieldsealError('FIELDSEAL_INPUT_TOO_LARGE', 'an answer is over 1 KiB')
    this.#kept ??= Buffer.alloc(LIMITS.bytes)
    this.#length += part.copy(this.#kept, this.#length)
  }

  #whole(last: Buffer): Buffer {
    if (this.#kept === undefined || this.#length === 0) return last
    this.#keep(last)
    const whole = this.#kept.subarray(0, this.#length)
    this.#length = 0
    return whole
  }
}

/** Whether a server that has said this begins a handshake. */
export function beginsWithHelo(chunk: Buffer): boolean {
  let helo = false
  try {
    new Answers().read(chunk, (value) => {
      helo = decodeHelo(value) !== undefined
      return false
    })
  } catch {
    // It says something else.
  }
  return helo
}
