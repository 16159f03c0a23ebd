/** What has arrived at a backend, by the number of each request. */
export class Arrivals {
  readonly #counts = new Map<number, number>()
  readonly #problems = new Set<string>()
  readonly #kept: Buffer[] = []
  #toKeep = 0
  /** Bytes of all bodies. */
  bytes = 0

  /** Requests with different numbers. */
  get distinct(): number {
    return this.#counts.size
  }

  get problems(): readonly string[] {
    return [...this.#problems]
  }

  /** How often the request with that number arrived. */
  of(sequence: number): number {
    return this.#counts.get(sequence) ?? 0
  }

  /** Keeps the whole bodies of the next `count` requests. */
  keep(count: number): void {
    this.#toKeep = count
  }

  get kept(): readonly Buffer[] {
    return this.#kept
  }

  /** Whether the body that begins now is to be kept; says so once for each. */
  wantsNext(): boolean {
    if (this.#toKeep === 0) return false
    this.#toKeep -= 1
    return true
  }

  /** @param body - where it was wanted. */
  count(sequence: number | undefined, body?: Buffer): void {
    if (body !== undefined) this.#kept.push(body)
    if (sequence === undefined) this.problem('a request came without its marker')
    else this.#counts.set(sequence, this.of(sequence) + 1)
  }

  problem(text: string): void {
    this.#problems.add(text)
  }
}
