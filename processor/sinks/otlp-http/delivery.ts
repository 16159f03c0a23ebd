import { gzip } from 'node:zlib'
import { FieldsealError } from '../../errors.ts'
import { accepted, refused, type Settlement } from '../../pipeline/settlement.ts'
import type { OutgoingBatch } from '../sink.ts'
import type { Backend } from './backend.ts'
import { backoff } from './backoff.ts'
import type { Connection } from './connection.ts'
import type { Exchange } from './exchange.ts'
import { rejectedRecords } from './partial-success.ts'
import type { RequestHeaders } from './request-headers.ts'
import { parseRetryAfter } from './retry-after.ts'
import type { OtlpHttpSinkSettings } from './settings.ts'
import { unavailable, verdictOf } from './verdict.ts'

/** What all deliveries of a sink share. */
export interface DeliveryContext {
  readonly settings: Pick<OtlpHttpSinkSettings, 'compression' | 'retry'>
  readonly headers: RequestHeaders
  readonly backend: Backend
  /** The batch is settled, and the connection that it had, if any, is free. */
  readonly ended: (delivery: Delivery, connection: Connection | undefined) => void
}

/** zlib's fastest, in pieces so large that a batch takes few turns in the thread pool. */
const GZIP = { level: 1, chunkSize: 128 * 1024 } as const

const ACCEPTED = accepted()

/** One batch on its way, from `send` until it is settled. A connection is its own for all of its attempts. */
export class Delivery {
  readonly #context: DeliveryContext
  readonly #batch: OutgoingBatch
  readonly #resolve: (settlement: Settlement) => void
  /** On the clock of `performance.now()`. */
  readonly #giveUpAt: number
  #connection: Connection | undefined
  #body: Buffer
  #attempts = 0
  #queued = false
  #timer: NodeJS.Timeout | undefined

  constructor(context: DeliveryContext, batch: OutgoingBatch, resolve: (settlement: Settlement) => void) {
    this.#context = context
    this.#batch = batch
    this.#resolve = resolve
    this.#body = batch.bytes
    this.#giveUpAt = performance.now() + context.settings.retry.give_up
  }

  /** Waits for `begin`, or until nobody waits for the batch. */
  queue(): void {
    this.#queued = true
    this.#batch.signal.addEventListener('abort', this.#abandoned)
  }

  begin(connection: Connection): void {
    this.#connection = connection
    const { backend, settings } = this.#context
    if (this.#queued) {
      this.#batch.signal.removeEventListener('abort', this.#abandoned)
      // The batches before it had their time and failed. This one has waited as long, and the client still has it.
      if (backend.error?.retryable && performance.now() > this.#giveUpAt) {
        this.#settle(refused(unavailable(`the backend of sink ${backend.name} takes no batches`)))
        return
      }
    }
    if (settings.compression === 'none') this.#attempt()
    else gzip(this.#batch.bytes, GZIP, this.#compressed)
  }

  readonly #compressed = (error: Error | null, compressed: Buffer): void => {
    if (error === null) {
      this.#body = compressed
      this.#attempt()
    } else {
      this.#settle(refused(internal(`sink ${this.#context.backend.name} cannot compress`)))
    }
  }

  #attempt(): void {
    const { backend, headers } = this.#context
    const throttled = backend.throttledFor(performance.now())
    if (throttled > 0) {
      const error = unavailable(`the backend of sink ${backend.name} asked to be left alone for a while`)
      this.#wait(throttled, error, throttled)
      return
    }
    const fields = headers.for(this.#batch.format)
    if (fields === undefined) {
      this.#settle(refused(internal(`sink ${backend.name} was given a batch that is not OTLP`)))
      return
    }
    this.#attempts += 1
    this.#connection?.post(fields, this.#body, this.#ended)
  }

  readonly #ended = (exchange: Exchange): void => {
    const { backend } = this.#context
    const verdict = verdictOf(exchange, backend.name)
    if (verdict === undefined) {
      backend.succeeded()
      const { body, contentType } = exchange
      const rejected = body === undefined ? 0 : rejectedRecords(body, contentType, this.#batch.records)
      this.#settle(rejected === 0 ? ACCEPTED : accepted(rejected))
      return
    }
    backend.failed(verdict.error)
    if (verdict.repeat) this.#repeat(verdict.error, exchange.retryAfter)
    else this.#settle(refused(verdict.error))
  }

  #repeat(error: FieldsealError, header: string | undefined): void {
    const { backend, settings } = this.#context
    const retryAfter = header === undefined ? undefined : parseRetryAfter(header, Date.now())
    if (retryAfter !== undefined) backend.throttle(retryAfter, performance.now())
    this.#wait(backoff(settings.retry, this.#attempts, retryAfter), error, retryAfter)
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
    this.#context.ended(this, this.#connection)
  }
}

function internal(message: string): FieldsealError {
  return new FieldsealError('FIELDSEAL_INTERNAL', message)
}
