import { Random } from '../fuzz/random.ts'
import { BEHAVIOURS, type Behaviour } from './backend.ts'

/** Good ones that come with each deck. */
const GOOD = 6

/**
 * Each behaviour once and good ones between them, in an order that the seed decides; and again, in another order.
 *
 * @param good - what a backend does that is in order.
 */
export function mixtureOf<One extends string>(seed: number, behaviours: readonly One[], good: One): () => One {
  const random = new Random(seed)
  const cards: One[] = []
  return () => {
    if (cards.length === 0) {
      const deck = [...behaviours, ...Array<One>(GOOD).fill(good)]
      while (deck.length > 0) cards.push(...deck.splice(random.below(deck.length), 1))
    }
    return cards.pop()!
  }
}

/** What a backend over HTTP may do. */
export function mixture(seed: number): () => Behaviour {
  return mixtureOf(seed, BEHAVIOURS, 'store')
}
