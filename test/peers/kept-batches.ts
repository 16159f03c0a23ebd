import type { StoredBatch } from './arrivals.ts'

/** More than a sink has under way on one connection, by default. */
const MOST_UNDER_WAY = 16

/** A batch that is kept, and of which may be found out later that nobody was told so. */
export interface Kept extends StoredBatch {
  acknowledged: boolean
}

/** Where it is written down what is kept, and what is acknowledged: each before anybody is told. */
export interface Journal {
  kept(batch: Kept): void
  acknowledged(batch: Kept): void
}

/** The batches that came over one connection. */
export class ConnectionBatches {
  readonly #stored: Kept[]
  readonly #journal: Journal | undefined
  readonly #acknowledged: Kept[] = []

  /** @param stored - all that the backend has. */
  constructor(stored: Kept[], journal: Journal | undefined) {
    this.#stored = stored
    this.#journal = journal
  }

  keep(batch: Omit<StoredBatch, 'acknowledged'>): Kept {
    const kept = { ...batch, acknowledged: false }
    this.#stored.push(kept)
    this.#journal?.kept(kept)
    return kept
  }

  /** To be called before it is said. */
  acknowledge(kept: Kept): void {
    kept.acknowledged = true
    this.#acknowledged.push(kept)
    this.#journal?.acknowledged(kept)
  }

  /** The connection is reset: what was written last may not have been read, and is taken back. */
  reset(): void {
    takeBack(this.#acknowledged)
  }
}

/**
 * Of acknowledgements in the order in which they were written, those that may not have been read when their connection
 * was reset: the sender had no more batches under way than that.
 */
export function takeBack(acknowledged: readonly Kept[]): void {
  for (const kept of acknowledged.slice(-MOST_UNDER_WAY)) kept.acknowledged = false
}
