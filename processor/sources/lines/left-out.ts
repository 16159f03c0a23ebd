import type { FieldsealError } from '../../errors.ts'
import type { Log, LogFields } from '../../telemetry/log.ts'

/** Lines that are logged one by one within this time; of others it is logged how many they were. */
const MOST_LINES = 20
const WINDOW_MS = 10_000

/** Where a line stands. */
export interface LinePlace {
  /** Absent for standard input. */
  readonly file?: string
  /** Of its first byte. */
  readonly offset: number
  readonly bytes: number
}

/** Lines that are not passed on, and never will be: counted, and logged by their place, never by their content. */
export class LeftOut {
  readonly #source: string
  readonly #log: Log
  #lines = 0
  #bytes = 0
  #windowEnds = 0
  #logged = 0
  #unlogged = 0

  constructor(source: string, log: Log) {
    this.#source = source
    this.#log = log
  }

  get lines(): number {
    return this.#lines
  }

  get bytes(): number {
    return this.#bytes
  }

  add(place: LinePlace, { code, message }: FieldsealError): void {
    this.#lines += 1
    this.#bytes += place.bytes
    const now = performance.now()
    if (now >= this.#windowEnds) {
      this.tellRest()
      this.#windowEnds = now + WINDOW_MS
      this.#logged = 0
    }
    if (this.#logged >= MOST_LINES) {
      this.#unlogged += 1
      return
    }
    this.#logged += 1
    const { file, offset, bytes } = place
    const fields: LogFields = { source: this.#source, ...(file === undefined ? {} : { file }), offset, bytes, code }
    this.#log('line-left-out', `a line is not passed on: ${message}`, fields)
  }

  /** Logs how many there were that were not logged. */
  tellRest(): void {
    if (this.#unlogged === 0) return
    const lines = this.#unlogged
    this.#unlogged = 0
    this.#log('line-left-out', 'more lines are not passed on', { source: this.#source, lines })
  }
}
