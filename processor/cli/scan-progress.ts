import { number, plural } from '../authoring/counting.ts'
import type { CommandIo } from './arguments.ts'

const WIDTH = 24
const BETWEEN_MS = 100
/** Goes to the beginning of the line and clears it (ECMA-48: CR, EL). */
const CLEAR = '\r\u001b[2K'

/** How far a scan is, on one line of a terminal; nowhere else. */
export class ScanProgress {
  readonly #stderr: NodeJS.WritableStream
  readonly #isShown: boolean
  readonly #total: number
  readonly #startedAt = performance.now()
  #shownAt = Number.NEGATIVE_INFINITY
  #isThere = false

  /** @param total - bytes of all files; 0 where nobody knows. */
  constructor({ stderr }: Pick<CommandIo, 'stderr'>, total: number) {
    this.#stderr = stderr
    this.#isShown = (stderr as { isTTY?: boolean }).isTTY === true
    this.#total = total
  }

  show(bytes: number, findings: number): void {
    const now = performance.now()
    if (!this.#isShown || now - this.#shownAt < BETWEEN_MS) return
    this.#shownAt = now
    this.#isThere = true
    const rate = bytes / 1e6 / Math.max((now - this.#startedAt) / 1000, 0.001)
    const part = this.#total > 0 ? Math.min(1, bytes / this.#total) : undefined
    const bar =
      part === undefined
        ? ''
        : `[${'#'.repeat(Math.round(part * WIDTH)).padEnd(WIDTH, '.')}] ${Math.floor(part * 100)} %  `
    const size = `${number(Math.round(bytes / 1e6))} MB`
    this.#stderr.write(`${CLEAR}${bar}${size}  ${Math.round(rate)} MB/s  ${plural(findings, 'finding')}`)
  }

  /** Leaves the line as it was. */
  end(): void {
    if (this.#isThere) this.#stderr.write(CLEAR)
    this.#isThere = false
  }
}
