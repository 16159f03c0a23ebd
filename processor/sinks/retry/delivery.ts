import { FieldsealError } from '../../errors.ts'
import { accepted, refused, type Settlement } from '../../pipeline/settlement.ts'
import type { OutgoingBatch } from '../sink.ts'
import { type Attempt, type Failed, type Sender, unavailable } from './attempt.ts'
import type { Backend } from './backend.ts'
import { backoff } from './backoff.ts'
import type { RetrySettings } from './settings.ts'

/** What all deliveries of a sink share. */
export interface DeliveryContext<Carrier, Message> {
  readonly retry: RetrySettings
  readonly sender: Sender<Carrier, Message>
  readonly backend: Backend
  /** The batch is settled, and the carrier that it had, if any, is free. */
  readonly ended: (delivery: Delivery<Carrier, Message>, carrier: Carrier | undefined) => void
}

const ACCEPTED = accepted()

/** One batch on its way, from `send` until it is settled. A carrier is its own for all of its attempts. */
export class Delivery<Carrier, Message> {
  readonly #context: DeliveryContext<Carrier, Message>
  readonly #batch: OutgoingBatch
  readonly #resolve: (settlement: Settlement) => void
  /** On the clock of `performance.now()`. */
  readonly #giveUpAt: number
  #carrier: Carrier | undefined
  #message: Message | undefined
  #attempts = 0
  #queued = false
  #timer: NodeJS.Timeout | undefined

  constructor(
    context: DeliveryContext<Carrier, Message>,
    batch: OutgoingBatch,
    resolve: (settlement: Settlement) => void,
  ) {
    this.#context = context
    this.#batch = batch
    this.#resolve = resolve
    this.#giveUpAt = performance.now() + context.retry.give_up
  }

  /** Waits for `begin`, or until nobody waits for the batch. */
  queue(): void {
    this.#queued = true
    this.#batch.signal.addEventListener('abort', this.#abandoned)
  }

  begin(carrier: Carrier): void {
    this.#carrier = carrier
    const { backend, sender } = this.#context
    if (this.#queued) {
      this.#batch.signal.removeEventListener('abort', this.#abandoned)
      // The batches before it had their time and failed. This one has waited as long, and the client still has it.
      if (backend.error?.retryable && performance.now() > this.#giveUpAt) {
        this.#settle(refused(unavailable(`the backend of sink ${backend.name} takes no batches`)))
        return
      }
    }
    sender.prepare(this.#batch, this.#prepared)
  }

  readonly #prepared = (prepared: Message | FieldsealError): void => {
    if (prepared instanceof FieldsealError) {
      this.#settle(refused(prepared))
    } else {
      this.#message = prepared
      this.#attempt()
    }
  }

  #attempt(): void {
    const { backend, sender } = this.#context
    const throttled = backend.throttledFor(performance.now())
    if (throttled > 0) {
      const error = unavailable(`the backend of sink ${backend.name} asked to be left alone for a while`)
      this.#wait(throttled, error, throttled)
      return
    }
    this.#attempts += 1
    sender.attempt(this.#message as Message, this.#batch, this.#carrier as Carrier, this.#ended)
  }

  readonly #ended = (attempt: Attempt): void => {
    const { backend } = this.#context
    if ('error' in attempt) {
      backend.failed(attempt.error)
      if (attempt.repeat) this.#repeat(attempt)
      else this.#settle(refused(attempt.error))
      return
    }
    backend.succeeded()
    this.#settle(attempt.rejected === 0 ? ACCEPTED : accepted(attempt.rejected))
  }

  #repeat({ error, retryAfterMs }: Failed): void {
    const { backend, retry } = this.#context
    if (retryAfterMs !== undefined) backend.throttle(retryAfterMs, performance.now())
    this.#wait(backoff(retry, this.#attempts, retryAfterMs), error, retryAfterMs)
  }

  /** Until the next attempt, where there can be one in time; otherwise the client need not wait any longer either. */
  #wait(milliseconds: number, error: FieldsealError, retryAfter: number | undefined): void {
    const { signal } = this.#batch
    if (signal.aborted || performance.now() + milliseconds > this.#giveUpAt) {
      this.#settle(refused(error, retryAfter))
      return
    }
    signal.addEventListener('abort', this.#abandoned)
    this.#timer = setTimeout(() => {
      signal.removeEventListener('abort', this.#abandoned)
      this.#attempt()
    }, milliseconds)
  }

  readonly #abandoned = (): void => {
    this.#batch.signal.removeEventListener('abort', this.#abandoned)
    clearTimeout(this.#timer)
    this.#settle(refused(unavailable(`sink ${this.#context.backend.name} has a batch for which nobody waits any more`)))
  }

  #settle(settlement: Settlement): void {
    this.#resolve(settlement)
    this.#context.ended(this, this.#carrier)
  }
}
