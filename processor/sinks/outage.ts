import type { FieldsealError } from '../errors.ts'
import type { SinkContext } from './sink.ts'

/** Milliseconds between the beginnings of two outages in the log: what comes and goes does not fill it. */
const QUIET_MS = 10_000

/** Whether a sink accepts batches, and what the log says of it: an outage once, and its end. */
export class Outage {
  readonly #context: SinkContext
  #lasts = false
  #logged = false
  #quietUntil = 0
  #lastError: string | undefined

  constructor(context: SinkContext) {
    this.#context = context
  }

  get status(): { readonly healthy: boolean; readonly lastError?: string } {
    const healthy = !this.#lasts
    return this.#lastError === undefined ? { healthy } : { healthy, lastError: this.#lastError }
  }

  failed({ code, message, hint }: FieldsealError): void {
    this.#lasts = true
    this.#lastError = code
    const now = performance.now()
    if (this.#logged || now < this.#quietUntil) return
    this.#logged = true
    this.#quietUntil = now + QUIET_MS
    this.#context.log('sink-failed', message, { sink: this.#context.name, code, hint })
  }

  succeeded(): void {
    this.#lasts = false
    if (!this.#logged) return
    this.#logged = false
    this.#context.log('sink-recovered', `sink ${this.#context.name} accepts batches again`, {
      sink: this.#context.name,
    })
  }
}
