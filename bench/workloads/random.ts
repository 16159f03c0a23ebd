/**
 * Random numbers that are the same on every machine (mulberry32): workloads must not differ from run to run.
 * Not for keys.
 */
export class SeededRandom {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** The next 32 bits, unsigned. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = this.#state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + (this.next() % (high - low + 1))
  }

  pick<T>(items: readonly T[]): T {
    return items[this.next() % items.length] as T
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.next() & 0xff))
  }

  /** Text of `length` characters out of `alphabet`. */
  text(length: number, alphabet: string): string {
    return Array.from({ length }, () => alphabet[this.next() % alphabet.length]).join('')
  }

  /** `count` different whole numbers below `limit`, ascending. */
  sample(count: number, limit: number): number[] {
    const chosen = new Set<number>()
    while (chosen.size < count) chosen.add(this.next() % limit)
    return [...chosen].sort((a, b) => a - b)
  }
}
