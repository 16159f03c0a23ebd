export const KEK_CACHE_ENTRIES = 1024
export const KEK_CACHE_AGE_MS = 600_000

/**
 * Key-wrapping keys that an opener agreed, so that the values of one epoch cost it one private-key operation. The
 * longest unused goes first; what goes is overwritten.
 */
export class KekCache {
  readonly #now: () => number
  readonly #entries = new Map<string, { readonly kek: Buffer; readonly since: number }>()

  constructor(now: () => number) {
    this.#now = now
  }

  get size(): number {
    return this.#entries.size
  }

  /** The key for `name`, derived anew where it is absent or over ten minutes old. Not to be kept or changed. */
  get(name: string, derive: () => Buffer | undefined): Buffer | undefined {
    const known = this.#entries.get(name)
    this.#entries.delete(name)
    if (known && this.#now() - known.since < KEK_CACHE_AGE_MS) {
      // Set again, so that it is the youngest in the order of the map.
      this.#entries.set(name, known)
      return known.kek
    }
    known?.kek.fill(0)
    const kek = derive()
    if (!kek) return undefined
    if (this.#entries.size === KEK_CACHE_ENTRIES) {
      const [oldest, entry] = this.#entries.entries().next().value!
      entry.kek.fill(0)
      this.#entries.delete(oldest)
    }
    this.#entries.set(name, { kek, since: this.#now() })
    return kek
  }

  clear(): void {
    for (const { kek } of this.#entries.values()) kek.fill(0)
    this.#entries.clear()
  }
}
