import type { FieldsealError } from '../errors.ts'
import type { SinkContext } from './sink.ts'

/** Milliseconds between the beginnings of two outages in the log: what comes and goes does not fill it. */
const QUIET_MS = 10_000

/** Whether a sink, or one of its endpoints, accepts batches, and what the log says of it: an outage once, and its end. */
export class Outage {
  readonly #context: SinkContext
  readonly #endpoint: string | undefined
  #lasts = false
  #logged = false
  #quietUntil = 0
  #lastError: string | undefined

  /** @param endpoint - where it is about one of several. */
  constructor(context: SinkContext, endpoint?: string) {
    this.#context = context
    this.#endpoint = endpoint
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
    const event = this.#endpoint === undefined ? 'sink-failed' : 'endpoint-failed'
    this.#context.log(event, message, { ...this.#place, code, hint })
  }

  succeeded(): void {
    this.#lasts = false
    if (!this.#logged) return
    this.#logged = false
    const { name, log } = this.#context
    if (this.#endpoint === undefined) log('sink-recovered', `sink ${name} accepts batches again`, this.#place)
    else log('endpoint-recovered', `endpoint ${this.#endpoint} of sink ${name} takes batches again`, this.#place)
  }

  get #place() {
    const sink = this.#context.name
    return this.#endpoint === undefined ? { sink } : { sink, endpoint: this.#endpoint }
  }
}
