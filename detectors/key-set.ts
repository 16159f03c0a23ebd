import type { Detector } from './detector.ts'
import { keySources, keyWords } from './gate.ts'
import { PatternGroup } from './pattern-group.ts'
import { RE2 } from './re2.ts'

export const NOTHING_OPEN: ReadonlySet<number> = new Set()

/** Which keys open which detectors. The key that came last is remembered: one path has many values. */
export class KeySet {
  readonly #patterns: PatternGroup
  #lastKey = ''
  #lastOpen: ReadonlySet<number> = NOTHING_OPEN

  constructor(detectors: readonly Detector[], maxMemoryBytes: number) {
    const patterns = detectors.flatMap(({ gate }, detector) =>
      gate === undefined ? [] : keySources(gate).map((source) => ({ detector, re: new RE2(source, 'gu') })),
    )
    this.#patterns = new PatternGroup(patterns, maxMemoryBytes)
  }

  /** @throws {MatchingError} where RE2 gave up. */
  openedBy(key: string): ReadonlySet<number> {
    if (key === this.#lastKey) return this.#lastOpen
    const words = keyWords(key)
    const matched = words === '' ? [] : this.#patterns.match(Buffer.from(words))
    this.#lastOpen = new Set(matched.map(({ detector }) => detector))
    this.#lastKey = key
    return this.#lastOpen
  }
}
