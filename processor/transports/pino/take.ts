import type { Readable } from 'node:stream'

/** So much is sealed at once, at most: the price of a call is nothing beside it. */
const MOST_LINES = 512
const MOST_CHARACTERS = 1 << 20

/** Takes lines from a stream of them, as many as are there. */
export class LineTaker {
  readonly #source: Readable
  #isEnded = false
  #error: Error | undefined
  /** Whether what was taken last has been dealt with, and nothing else is there. */
  #isIdle = false
  #wake: (() => void) | undefined
  #whenIdle: (() => void)[] = []

  constructor(source: Readable) {
    this.#source = source
    const end = (): void => {
      this.#isEnded = true
      this.#awake()
    }
    source.on('readable', () => this.#awake())
    source.once('end', end)
    source.once('close', end)
    source.once('error', (error) => {
      this.#error = error
      end()
    })
  }

  /** @returns the lines that are there, once there are any; undefined at the end. */
  async next(): Promise<string[] | undefined> {
    for (;;) {
      if (this.#error !== undefined) throw this.#error
      const lines = this.#take()
      if (lines.length > 0) return lines
      this.#rest()
      if (this.#isEnded) return undefined
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      this.#isIdle = false
    }
  }

  /** Resolves when all lines that are there have been taken and dealt with. */
  idle(): Promise<void> {
    if (this.#isIdle && this.#source.readableLength === 0) return Promise.resolve()
    return new Promise((resolve) => this.#whenIdle.push(resolve))
  }

  #take(): string[] {
    const lines: string[] = []
    let characters = 0
    while (lines.length < MOST_LINES && characters < MOST_CHARACTERS) {
      const line = this.#source.read() as string | null
      if (line === null) break
      lines.push(line)
      characters += line.length
    }
    return lines
  }

  #rest(): void {
    this.#isIdle = true
    for (const resolve of this.#whenIdle.splice(0)) resolve()
  }

  #awake(): void {
    this.#wake?.()
    this.#wake = undefined
  }
}
