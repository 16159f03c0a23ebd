import type { Detector } from './detector.ts'
import { keySources, keyWords } from './gate.ts'
import { PatternGroup } from './pattern-group.ts'
import { RE2 } from './re2.ts'

export const NOTHING_OPEN: ReadonlySet<number> = new Set()

/** Keys that are remembered, and how long each may be: senders make up what they like. */
const MOST_KEPT = 1024
const LONGEST_KEPT = 128

/** Which keys open which detectors. Keys are remembered: the same few come again and again. */
export class KeySet {
  readonly #patterns: PatternGroup
  readonly #known = new Map<string, ReadonlySet<number>>()

  constructor(detectors: readonly Detector[], maxMemoryBytes: number) {
    const patterns = detectors.flatMap(({ gate }, detector) =>
      gate === undefined ? [] : keySources(gate).map((source) => ({ detector, re: new RE2(source, 'gu') })),
    )
    this.#patterns = new PatternGroup(patterns, maxMemoryBytes)
  }

  /** @throws {MatchingError} where RE2 gave up. */
  openedBy(key: string): ReadonlySet<number> {
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const words = keyWords(key)
    const matched = words === '' ? [] : this.#patterns.match(Buffer.from(words))
    const open = matched.length === 0 ? NOTHING_OPEN : new Set(matched.map(({ detector }) => detector))
    if (key.length > LONGEST_KEPT) return open
    if (this.#known.size >= MOST_KEPT) this.#known.clear()
    this.#known.set(key, open)
    return open
  }
}
