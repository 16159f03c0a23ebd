import { freeBytes } from '../../pipeline/memory.ts'

const SMALLEST_SEGMENT = 4 * 1024
const LARGEST_SEGMENT = 64 * 1024
/** Chunks from this size on are kept as they are; others are copied, since each costs some 200 bytes by itself. */
const KEPT_CHUNK = 16 * 1024

/**
 * Bytes that come in chunks of any size, and whose number nobody knows before. They take hardly more memory than there
 * are bytes, even where each comes alone, and all of it is reserved first.
 */
export class Segments {
  readonly #reserve: (bytes: number) => boolean
  readonly #parts: Buffer[] = []
  /** Room that is reserved and not used. */
  #room = Buffer.alloc(0)
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

  /** Keeps a chunk, which the caller does not touch again. @returns false where there is no memory for it. */
  add(chunk: Buffer): boolean {
    if (chunk.length < KEPT_CHUNK) return this.#copy(chunk)
    if (!this.#reserve(chunk.length)) return false
    this.#endPart()
    this.#parts.push(chunk)
    this.#length += chunk.length
    return true
  }

  #copy(chunk: Buffer): boolean {
    let rest = chunk
    while (rest.length > 0) {
      if (this.#used === this.#room.length && !this.#grow()) return false
      const copied = rest.copy(this.#room, this.#used)
      this.#used += copied
      this.#length += copied
      rest = rest.subarray(copied)
    }
    return true
  }

  #grow(): boolean {
    const size = Math.min(LARGEST_SEGMENT, Math.max(SMALLEST_SEGMENT, this.#length))
    if (!this.#reserve(size)) return false
    this.#endPart()
    this.#room = Buffer.allocUnsafeSlow(size)
    return true
  }

  #endPart(): void {
    if (this.#used > 0) this.#parts.push(this.#room.subarray(0, this.#used))
    this.#room = this.#room.subarray(this.#used)
    this.#used = 0
  }

  /** All bytes in a buffer of their own. Each part is freed once it is copied, so that both are hardly there at once. */
  join(): Buffer {
    this.#endPart()
    const joined = Buffer.allocUnsafeSlow(this.#length)
    let at = 0
    for (const part of this.#parts) {
      joined.set(part, at)
      at += part.length
      freeBytes(part)
    }
    return joined
  }
}
