import type { FieldsealError } from '../../errors.ts'
import { Outage } from '../outage.ts'
import type { SinkContext } from '../sink.ts'
import type { DispatcherOwner } from './dispatcher.ts'
import type { Endpoint } from './endpoint.ts'

/** Outages of the sink, and of each of its endpoints where there are several. As long as one takes batches, the sink does. */
export class Outages implements DispatcherOwner {
  readonly #context: SinkContext
  readonly #sink: Outage
  readonly #endpoints = new Map<Endpoint, Outage>()

  constructor(context: SinkContext) {
    this.#context = context
    this.#sink = new Outage(context)
  }

  watch(endpoints: readonly Endpoint[]): void {
    if (endpoints.length < 2) return
    for (const endpoint of endpoints) this.#endpoints.set(endpoint, new Outage(this.#context, endpoint.name))
  }

  get status(): Outage['status'] {
    return this.#sink.status
  }

  succeeded(endpoint: Endpoint): void {
    this.#endpoints.get(endpoint)?.succeeded()
    this.#sink.succeeded()
  }

  failed(endpoint: Endpoint, error: FieldsealError, works: boolean): void {
    this.#endpoints.get(endpoint)?.failed(error)
    if (!works) this.#sink.failed(error)
  }
}
