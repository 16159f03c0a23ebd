import { FieldsealError } from '../../errors.ts'
import type { ConvertedMessage } from '../../formats/conversion/index.ts'
import { internal } from '../retry/attempt.ts'
import type { OutgoingBatch } from '../sink.ts'
import { type ChunkSettings, type PreparedChunk, prepareChunk } from './chunks.ts'

export interface DeliverySettings extends ChunkSettings {
  /** The sink's, for errors. */
  readonly name: string
  /** The messages that a batch is sent in. Throws a FieldsealError where it has no form in Fluent Forward. */
  readonly messagesOf: (batch: OutgoingBatch) => readonly ConvertedMessage[]
}

/** A batch on its way: as one chunk, or as one for each tag. */
export class Delivery {
  readonly signal: AbortSignal
  /** On the clock of `performance.now()`. */
  readonly giveUpAt: number
  /** What the last attempt ended with. */
  error: FieldsealError | undefined
  readonly #settings: DeliverySettings
  readonly #batch: OutgoingBatch
  readonly #settle: (error: FieldsealError | undefined) => void
  /** Endpoints that have failed it, and whether that may pass. */
  readonly #failures = new Map<object, boolean>()
  /** Those that are not accepted yet; undefined before its turn, as what waits is not to be in memory twice. */
  #chunks: Set<PreparedChunk> | undefined
  #renewed = false

  /** @param settle - called once; without an error where it was accepted */
  constructor(
    settings: DeliverySettings,
    batch: OutgoingBatch,
    giveUpAt: number,
    settle: (error: FieldsealError | undefined) => void,
  ) {
    this.#settings = settings
    this.#batch = batch
    this.#settle = settle
    this.signal = batch.signal
    this.giveUpAt = giveUpAt
  }

  /** What is to be sent, each until it is taken. An error says nothing of an endpoint. */
  async prepare(): Promise<readonly PreparedChunk[] | FieldsealError> {
    const { messagesOf, name } = this.#settings
    try {
      this.#chunks ??= new Set(
        await Promise.all(messagesOf(this.#batch).map((message) => prepareChunk(message, this.#settings))),
      )
      return [...this.#chunks]
    } catch (error) {
      return error instanceof FieldsealError ? error : internal(`sink ${name} cannot make Forward messages of a batch`)
    }
  }

  taken(chunk: PreparedChunk): void {
    this.#chunks?.delete(chunk)
  }

  /** Whether it may be sent again at once, because the connection was lost that it was sent over: once. */
  renew(): boolean {
    if (this.#renewed) return false
    this.#renewed = true
    return true
  }

  failed(endpoint: object, error: FieldsealError, passing: boolean): void {
    this.error = error
    this.#failures.set(endpoint, passing)
  }

  /** Whether it may go there: to one that has failed it only while there is time, and where that may have passed. */
  mayTry(endpoint: object, now: number): boolean {
    const passing = this.#failures.get(endpoint)
    return passing === undefined || (passing && now < this.giveUpAt)
  }

  accepted(): void {
    this.#settle(undefined)
  }

  refused(error: FieldsealError): void {
    this.#settle(error)
  }
}
