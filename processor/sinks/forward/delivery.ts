import { randomBytes } from 'node:crypto'
import { gzip } from 'node:zlib'
import { FieldsealError } from '../../errors.ts'
import { internal } from '../retry/attempt.ts'
import type { OutgoingBatch } from '../sink.ts'
import {
  type Envelope,
  type ForwardMessage,
  isPackable,
  packedEntries,
  packedMessage,
  plainMessage,
  readMessage,
} from './message.ts'
import type { ForwardSinkSettings } from './settings.ts'

/** zlib's fastest, in pieces so large that a batch takes few turns in the thread pool. */
const GZIP = { level: 1, chunkSize: 128 * 1024 } as const

const CHUNK_BYTES = 16

export interface DeliverySettings extends Pick<ForwardSinkSettings, 'compression' | 'require_ack' | 'tag'> {
  /** The sink's, for errors. */
  readonly name: string
}

/** A Forward message on its way: its chunk is the same, however often and whereto it is sent. */
export class Delivery {
  readonly signal: AbortSignal
  /** On the clock of `performance.now()`. */
  readonly giveUpAt: number
  /** By which it is acknowledged: nobody can guess it. Undefined where no acknowledgement is wanted. */
  readonly id: string | undefined
  /** What the last attempt ended with. */
  error: FieldsealError | undefined
  readonly #settings: DeliverySettings
  readonly #bytes: Buffer
  readonly #records: number
  readonly #settle: (error: FieldsealError | undefined) => void
  /** Endpoints that have failed it, and whether that may pass. */
  readonly #failures = new Map<object, boolean>()
  #parts: readonly Uint8Array[] | undefined
  #renewed = false

  /** @param settle - called once; without an error where it was accepted */
  constructor(
    settings: DeliverySettings,
    { bytes, records, signal }: Pick<OutgoingBatch, 'bytes' | 'records' | 'signal'>,
    giveUpAt: number,
    settle: (error: FieldsealError | undefined) => void,
  ) {
    this.#settings = settings
    this.#bytes = bytes
    this.#records = records
    this.#settle = settle
    this.signal = signal
    this.giveUpAt = giveUpAt
    if (settings.require_ack) this.id = randomBytes(CHUNK_BYTES).toString('base64')
  }

  /** Makes it ready to be sent, as often as it takes. An error says nothing of an endpoint. */
  prepare(done: (prepared: readonly Uint8Array[] | FieldsealError) => void): void {
    if (this.#parts !== undefined) {
      done(this.#parts)
      return
    }
    const prepared = (parts: readonly Uint8Array[]): void => {
      this.#parts = parts
      done(parts)
    }
    let message: ForwardMessage
    try {
      message = readMessage(this.#bytes)
    } catch (error) {
      done(error instanceof FieldsealError ? error : internal(`sink ${this.#settings.name} cannot read a batch`))
      return
    }
    const envelope = this.#envelope(message)
    if (!isPackable(message)) prepared(plainMessage(envelope, message.entries))
    else if (this.#settings.compression === 'none') prepared(packedMessage(envelope, packedEntries(message), false))
    else this.#compress(envelope, message, prepared, done)
  }

  #envelope({ tag, size, options }: ForwardMessage): Envelope {
    const { tag: ours } = this.#settings
    return {
      tag: ours === undefined ? tag : Buffer.from(ours),
      chunk: this.id,
      size: size ?? this.#records,
      options,
    }
  }

  #compress(
    envelope: Envelope,
    message: ForwardMessage,
    prepared: (parts: readonly Uint8Array[]) => void,
    failed: (error: FieldsealError) => void,
  ): void {
    const entries = packedEntries(message)
    gzip(entries.length === 1 ? entries[0]! : Buffer.concat(entries), GZIP, (error, compressed) => {
      if (error === null) prepared(packedMessage(envelope, [compressed], true))
      else failed(internal(`sink ${this.#settings.name} cannot compress`))
    })
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
