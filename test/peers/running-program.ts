import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { afterAll } from 'vitest'

export interface Finished {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

const running = new Set<ChildProcess>()

// Whoever imports this is a test: one that fails leaves nothing behind.
afterAll(() => {
  for (const child of running) child.kill('SIGKILL')
})

/** A program that runs beside the test, and everything that it has said. */
export class RunningProgram {
  readonly #child: ChildProcess
  readonly #lines: string[] = []
  readonly #waiting = new Set<() => void>()
  readonly finished: Promise<Finished>

  constructor(command: string, args: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}) {
    this.#child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    const { stdout, stderr } = this.#child
    running.add(this.#child)
    this.#child.on('exit', () => running.delete(this.#child))
    for (const stream of [stdout!, stderr!])
      createInterface({ input: stream }).on('line', (line) => {
        this.#lines.push(line)
        for (const look of this.#waiting) look()
      })
    this.finished = once(this.#child, 'close').then(([code, signal]) => ({ code, signal }))
  }

  /** Both streams, in the order in which lines were complete. */
  get output(): string {
    return this.#lines.join('\n')
  }

  get lines(): readonly string[] {
    return this.#lines
  }

  /** The first line that fits. Rejects where the program ends without it. */
  async line(fits: (line: string) => boolean): Promise<string> {
    const found = new Promise<string>((resolve) => {
      const look = () => {
        const line = this.#lines.find(fits)
        if (line === undefined) return
        this.#waiting.delete(look)
        resolve(line)
      }
      this.#waiting.add(look)
      look()
    })
    const ended = this.finished.then(({ code, signal }) => {
      throw new Error(`the program ended with ${code ?? signal}:\n${this.output}`)
    })
    return await Promise.race([found, ended])
  }

  /** Asks it to end, and waits until it has. Once is enough; more often does no harm. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Finished> {
    this.#child.kill(signal)
    return await this.finished
  }
}
