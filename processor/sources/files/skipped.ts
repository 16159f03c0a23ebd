import type { Log } from '../../telemetry/log.ts'

/** Files that are not read, and why: each is logged once, and again when the reason is another. */
export class Skipped {
  readonly #source: string
  readonly #log: Log
  readonly #reasons = new Map<string, string>()

  constructor(source: string, log: Log) {
    this.#source = source
    this.#log = log
  }

  get size(): number {
    return this.#reasons.size
  }

  add(file: string, reason: string): void {
    if (this.#reasons.get(file) === reason) return
    this.#reasons.set(file, reason)
    this.#log('file-skipped', `a file is not read: ${reason}`, { source: this.#source, file })
  }

  /** It is read now, or is not there any more. */
  delete(file: string): void {
    this.#reasons.delete(file)
  }

  /** Forgets what is not among these. */
  keep(files: ReadonlySet<string>): void {
    for (const file of this.#reasons.keys()) if (!files.has(file)) this.#reasons.delete(file)
  }
}
