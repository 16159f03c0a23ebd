import RE2 from 're2'
import type { Detector } from './detector.ts'
import { keySources, keyWords } from './gate.ts'
import { MatchingError, type RegularExpressionSet } from './pattern-group.ts'

export const NOTHING_OPEN: ReadonlySet<number> = new Set()

/** Which keys open which detectors. The key that came last is remembered: one path has many values. */
export class KeySet {
  readonly #set: RegularExpressionSet
  /** By pattern of the set. */
  readonly #detectors: readonly number[]
  #lastKey = ''
  #lastOpen: ReadonlySet<number> = NOTHING_OPEN

  constructor(detectors: readonly Detector[]) {
    const sources = detectors.flatMap(({ gate }, detector) =>
      gate === undefined ? [] : keySources(gate).map((source) => ({ source, detector })),
    )
    this.#set = new RE2.Set(
      sources.map(({ source }) => source),
      'u',
    )
    this.#detectors = sources.map(({ detector }) => detector)
  }

  openedBy(key: string): ReadonlySet<number> {
    if (key === this.#lastKey) return this.#lastOpen
    const words = keyWords(key)
    let open = NOTHING_OPEN
    try {
      if (words !== '') open = new Set(this.#set.match(words).map((index: number) => this.#detectors[index]!))
    } catch {
      throw new MatchingError('a key could not be matched')
    }
    this.#lastKey = key
    this.#lastOpen = open
    return open
  }
}
