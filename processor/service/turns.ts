/** A worker that may write. */
export interface Writer {
  /** @param torn - whether who wrote before has ended in the middle. */
  yourTurn(torn: boolean): void
}

/** Lets one of the workers write to the standard output that they share, first come, first served. */
export class Turns<W extends Writer> {
  readonly #waiting: W[] = []
  #holder: W | undefined
  #torn = false

  wanted(writer: W): void {
    this.#waiting.push(writer)
    this.#next()
  }

  over(writer: W): void {
    if (this.#holder !== writer) return
    this.#holder = undefined
    this.#next()
  }

  /** It has ended, perhaps in the middle of a line. */
  ended(writer: W): void {
    for (let at = this.#waiting.indexOf(writer); at >= 0; at = this.#waiting.indexOf(writer))
      this.#waiting.splice(at, 1)
    if (this.#holder !== writer) return
    this.#torn = true
    this.over(writer)
  }

  #next(): void {
    if (this.#holder !== undefined) return
    this.#holder = this.#waiting.shift()
    if (this.#holder === undefined) return
    const torn = this.#torn
    this.#torn = false
    this.#holder.yourTurn(torn)
  }
}
