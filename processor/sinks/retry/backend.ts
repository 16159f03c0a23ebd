import type { FieldsealError } from '../../errors.ts'
import { Outage } from '../outage.ts'
import type { SinkContext, SinkStatus } from '../sink.ts'

/** What all batches of a sink know together of its backend: whether it takes them, and whether it wants to be left alone. */
export class Backend {
  readonly name: string
  readonly #outage: Outage
  readonly #longestThrottle: number
  #error: FieldsealError | undefined
  #throttledUntil = 0

  /** @param longestThrottle - milliseconds after which it is asked again whatever it said */
  constructor(context: SinkContext, longestThrottle: number) {
    this.name = context.name
    this.#outage = new Outage(context)
    this.#longestThrottle = longestThrottle
  }

  /** What the last attempt ended with; undefined where it succeeded. */
  get error(): FieldsealError | undefined {
    return this.#error
  }

  status(sending: number): SinkStatus {
    return { ...this.#outage.status, sending }
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
    this.#outage.succeeded()
  }

  failed(error: FieldsealError): void {
    this.#error = error
    this.#outage.failed(error)
  }
}
