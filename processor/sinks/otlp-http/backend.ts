import type { FieldsealError } from '../../errors.ts'
import type { SinkContext, SinkStatus } from '../sink.ts'

/** Milliseconds between the beginnings of two outages in the log: a backend that comes and goes does not fill it. */
const QUIET_MS = 10_000

/** What all batches of a sink know together of its backend: whether it takes them, and whether it wants to be left alone. */
export class Backend {
  readonly #context: SinkContext
  readonly #longestThrottle: number
  #error: FieldsealError | undefined
  #lastCode: string | undefined
  #quietUntil = 0
  #logged = false
  #throttledUntil = 0

  /** @param longestThrottle - milliseconds after which it is asked again whatever it said */
  constructor(context: SinkContext, longestThrottle: number) {
    this.#context = context
    this.#longestThrottle = longestThrottle
  }

  get name(): string {
    return this.#context.name
  }

  /** What the last attempt ended with; undefined where it succeeded. */
  get error(): FieldsealError | undefined {
    return this.#error
  }

  status(sending: number): SinkStatus {
    const healthy = this.#error === undefined
    return this.#lastCode === undefined ? { healthy, sending } : { healthy, sending, lastError: this.#lastCode }
  }

  /** Milliseconds for which nobody may send. */
  throttledFor(now: number): number {
    return Math.max(0, this.#throttledUntil - now)
  }

  throttle(milliseconds: number, now: number): void {
    this.#throttledUntil = Math.max(this.#throttledUntil, now + Math.min(milliseconds, this.#longestThrottle))
  }

  succeeded(): void {
    if (this.#error === undefined) return
    this.#error = undefined
    if (!this.#logged) return
    this.#logged = false
    this.#context.log('sink-recovered', `sink ${this.name} accepts batches again`, { sink: this.name })
  }

  failed(error: FieldsealError): void {
    this.#error = error
    this.#lastCode = error.code
    const now = performance.now()
    if (this.#logged || now < this.#quietUntil) return
    this.#logged = true
    this.#quietUntil = now + QUIET_MS
    this.#context.log('sink-failed', error.message, { sink: this.name, code: error.code, hint: error.hint })
  }
}
