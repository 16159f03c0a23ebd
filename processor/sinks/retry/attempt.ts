import { FieldsealError } from '../../errors.ts'
import type { OutgoingBatch } from '../sink.ts'

/** What came of sending a batch once. */
export type Attempt = Delivered | Failed

export interface Delivered {
  /** Records that the backend did not want and will never want. */
  readonly rejected: number
}

export interface Failed {
  readonly error: FieldsealError
  /** Whether the sink itself sends the batch again. */
  readonly repeat: boolean
  /** Milliseconds for which the backend wants to be left alone, where it said so. */
  readonly retryAfterMs?: number | undefined
}

/** How a kind of sink sends. Neither function throws, and each calls back once. */
export interface Sender<Carrier, Message> {
  /** Makes a batch ready to be sent, as often as it takes; an error refuses it, and says nothing of the backend. */
  readonly prepare: (batch: OutgoingBatch, done: (prepared: Message | FieldsealError) => void) => void
  /** Sends it once, over a carrier that is its own until then. */
  readonly attempt: (message: Message, batch: OutgoingBatch, carrier: Carrier, done: (attempt: Attempt) => void) => void
}

export function unavailable(message: string): FieldsealError {
  return new FieldsealError('FIELDSEAL_SINK_UNAVAILABLE', message)
}

export function internal(message: string): FieldsealError {
  return new FieldsealError('FIELDSEAL_INTERNAL', message)
}
