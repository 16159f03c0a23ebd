/** Seeded random numbers (mulberry32): the same seed gives the same inputs on every machine. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** A number of 32 bits, for a `Random` of its own. */
  seed(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = this.#state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }

  /** An integer in `[0, below)`. */
  below(below: number): number {
    return Math.floor((this.seed() / 2 ** 32) * below)
  }

  /** True once in `times`. */
  oneIn(times: number): boolean {
    return this.below(times) === 0
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!
  }

  /** Between `least` and `most` items. */
  list<T>(least: number, most: number, make: () => T): T[] {
    return Array.from({ length: least + this.below(most - least + 1) }, make)
  }
}

/** Takes the usual way wherever there is a rare one: what it writes has no variations. */
export class Steady extends Random {
  override oneIn(): boolean {
    return false
  }
}
