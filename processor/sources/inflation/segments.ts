import { freeBytes } from '../../pipeline/memory.ts'

const SMALLEST_SEGMENT = 4 * 1024
const LARGEST_SEGMENT = 64 * 1024
/** Chunks from this size on are kept as they are; others are copied, since each costs some 200 bytes by itself. */
const KEPT_CHUNK = 16 * 1024

const NOTHING = new Uint8Array(0)
const NO_ROOM = Buffer.alloc(0)

/**
 * Bytes that come in chunks of any size, and whose number nobody knows before. They take hardly more memory than there
 * are bytes, even where each comes alone, and all of it is reserved first.
 */
export class Segments {
  readonly #reserve: (bytes: number) => boolean
  readonly #parts: Buffer[] = []
  /** Room that is reserved and not used. */
  #room = NO_ROOM
  #used = 0
  #length = 0

  /** @param reserve - asks for memory; false where there is none. */
  constructor(reserve: (bytes: number) => boolean) {
    this.#reserve = reserve
  }

  /** Bytes so far. */
  get length(): number {
    return this.#length
  }

  /**
   * Keeps a chunk, which the caller does not touch again.
   *
   * @returns false where there is no memory for it; nothing of it is kept then.
   */
  add(chunk: Buffer): boolean {
    if (chunk.length < KEPT_CHUNK) return this.#copy(chunk)
    if (!this.#reserve(chunk.length)) return false
    this.#endPart()
    this.#parts.push(chunk)
    this.#length += chunk.length
    return true
  }

  #copy(chunk: Buffer): boolean {
    const copied = Math.min(chunk.length, this.#room.length - this.#used)
    const rest = chunk.length - copied
    const size = Math.min(LARGEST_SEGMENT, Math.max(SMALLEST_SEGMENT, this.#length, rest))
    if (rest > 0 && !this.#reserve(size)) return false
    this.#put(chunk.subarray(0, copied))
    if (rest === 0) return true
    this.#endPart()
    this.#room = Buffer.allocUnsafeSlow(size)
    this.#put(chunk.subarray(copied))
    return true
  }

  #put(bytes: Buffer): void {
    this.#room.set(bytes, this.#used)
    this.#used += bytes.length
    this.#length += bytes.length
  }

  #endPart(): void {
    if (this.#used > 0) this.#parts.push(this.#room.subarray(0, this.#used))
    this.#room = this.#room.subarray(this.#used)
    this.#used = 0
  }

  /**
   * All bytes in a buffer of their own, between what is to stand before and behind them. Each part is freed once it is
   * copied, so that both are hardly there at once.
   */
  join(before: Uint8Array = NOTHING, behind: Uint8Array = NOTHING): Buffer {
    this.#endPart()
    const joined = Buffer.allocUnsafeSlow(before.length + this.#length + behind.length)
    joined.set(before)
    let at = before.length
    for (const part of this.#parts.splice(0)) {
      joined.set(part, at)
      at += part.length
      freeBytes(part)
    }
    joined.set(behind, at)
    this.#room = NO_ROOM
    this.#length = 0
    return joined
  }
}
