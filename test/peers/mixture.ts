import { Random } from '../fuzz/random.ts'
import { BEHAVIOURS, type Behaviour } from './backend.ts'

/** Each behaviour once and good ones between them, in an order that the seed decides; and again, in another order. */
export function mixture(seed: number): () => Behaviour {
  const random = new Random(seed)
  const cards: Behaviour[] = []
  return () => {
    if (cards.length === 0) {
      const deck: Behaviour[] = [...BEHAVIOURS, ...Array<Behaviour>(6).fill('store')]
      while (deck.length > 0) cards.push(...deck.splice(random.below(deck.length), 1))
    }
    return cards.pop()!
  }
}
