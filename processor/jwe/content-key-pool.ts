import type { ContentKeyRun, ContentKeys } from './content-keys.ts'

/** Keys that wait in a pool, at most. */
export const POOL_KEYS = 256
/** How long they wait, at most: what a copy of the memory would betray. */
export const POOL_AGE_MS = 1000
/** The smallest refill: where values are rare, few keys are drawn in vain. */
const SMALLEST_REFILL = 16

/**
 * Content encryption keys drawn and encrypted ahead, because encrypting many together costs a fraction.
 *
 * The refill doubles as long as the pool is emptied in time and halves when keys grow old in it. Keys that grew old are
 * overwritten, never used.
 */
export class ContentKeyPool {
  readonly #draw: (count: number) => ContentKeys
  readonly #now: () => number
  #keys: ContentKeys | undefined
  #next = 0
  #drawnAt = 0
  #refill = SMALLEST_REFILL

  constructor(draw: (count: number) => ContentKeys, now: () => number) {
    this.#draw = draw
    this.#now = now
  }

  /** Keys that wait. */
  get size(): number {
    return this.#keys ? this.#keys.count - this.#next : 0
  }

  /**
   * Takes one to `wanted` keys.
   *
   * @param available - how many the epoch may still encrypt, beside those that wait.
   * @returns undefined where none waits and none may be encrypted.
   */
  take(wanted: number, available: number): ContentKeyRun | undefined {
    this.discardOld()
    if (this.size === 0) {
      if (this.#keys) this.#refill = Math.min(POOL_KEYS, this.#refill * 2)
      const count = Math.min(POOL_KEYS, available, Math.max(this.#refill, wanted))
      if (count === 0) return undefined
      this.#keys = this.#draw(count)
      this.#next = 0
      this.#drawnAt = this.#now()
    }
    const run = { keys: this.#keys!, from: this.#next, count: Math.min(wanted, this.size) }
    this.#next += run.count
    return run
  }

  discardOld(): void {
    if (this.#keys && this.#now() - this.#drawnAt >= POOL_AGE_MS) {
      if (this.size > 0) this.#refill = Math.max(SMALLEST_REFILL, this.#refill / 2)
      this.discard()
    }
  }

  discard(): void {
    this.#keys?.erase(this.#next)
    this.#keys = undefined
    this.#next = 0
  }
}
