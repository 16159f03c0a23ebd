/** Why bytes were not granted: the connection holds too much by itself, or all together do. */
export type Exhausted = 'connection' | 'total'

/**
 * Bytes that may be in memory at the same time for batches under way: as they came, inflated, and sealed.
 *
 * Bytes are asked for before they are kept. What is refused is not to be kept.
 */
export class ByteBudget {
  readonly limit: number
  #used = 0

  /** @param limit - bytes for all connections together. */
  constructor(limit: number) {
    this.limit = limit
  }

  get used(): number {
    return this.#used
  }

  /** The share of one connection, or of whatever else batches come from. */
  connection(limit: number): ConnectionBudget {
    return new ConnectionBudget(this, limit)
  }

  /** Takes the bytes if there is room for all of them. */
  take(bytes: number): boolean {
    if (this.#used + bytes > this.limit) return false
    this.#used += bytes
    return true
  }

  give(bytes: number): void {
    this.#used -= bytes
  }
}

/** What one connection holds, over all of its batches. */
export class ConnectionBudget {
  readonly limit: number
  readonly #total: ByteBudget
  #used = 0

  constructor(total: ByteBudget, limit: number) {
    this.#total = total
    this.limit = limit
  }

  /** Bytes that are granted where nothing else is there. */
  get largest(): number {
    return Math.min(this.limit, this.#total.limit)
  }

  get used(): number {
    return this.#used
  }

  reservation(): Reservation {
    return new Reservation(this)
  }

  /** @returns undefined where the bytes are granted. */
  take(bytes: number): Exhausted | undefined {
    if (this.#used + bytes > this.limit) return 'connection'
    if (!this.#total.take(bytes)) return 'total'
    this.#used += bytes
    return undefined
  }

  give(bytes: number): void {
    this.#used -= bytes
    this.#total.give(bytes)
  }
}

/** The bytes of one batch. Whoever makes it releases it, whatever happens. */
export class Reservation {
  readonly #connection: ConnectionBudget
  #bytes = 0

  constructor(connection: ConnectionBudget) {
    this.#connection = connection
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Whether so many bytes in all will ever be granted. */
  fits(bytes: number): boolean {
    return bytes <= this.#connection.largest
  }

  /** Asks for more. @returns undefined where the bytes are granted. */
  grow(bytes: number): Exhausted | undefined {
    const exhausted = this.#connection.take(bytes)
    if (exhausted === undefined) this.#bytes += bytes
    return exhausted
  }

  /** Gives back some: what has been inflated is no longer needed as it came. */
  shrink(bytes: number): void {
    const given = Math.min(bytes, this.#bytes)
    this.#bytes -= given
    this.#connection.give(given)
  }

  release(): void {
    this.shrink(this.#bytes)
  }
}
