import type { Arrivals } from './arrivals.ts'

/** Several places where records come out: each worker has a file of its own. */
export class SeveralArrivals implements Arrivals {
  readonly #places: readonly Arrivals[]

  constructor(places: readonly Arrivals[]) {
    this.#places = places
  }

  async start(take: (json: string) => void): Promise<void> {
    for (const place of this.#places) await place.start(take)
  }

  async close(): Promise<void> {
    for (const place of this.#places) await place.close()
  }
}
