import type { FieldsealError } from '../errors.ts'
import type { FormatName } from '../formats/index.ts'
import type { ByteBudget, Reservation } from '../pipeline/byte-budget.ts'
import type { Settlement } from '../pipeline/settlement.ts'
import type { Log } from '../telemetry/log.ts'

/** A batch as a client sent it, decompressed. */
export interface IncomingBatch {
  /** The source does not touch them again, and the pipeline may free them. */
  readonly bytes: Buffer
  readonly format: FormatName
  /** `json`: bodies that are JSON in a text are read as JSON. */
  readonly parse?: 'json'
  /** Holds the batch's bytes. The pipeline grows it by what it makes of them; the source releases it. */
  readonly reservation: Reservation
  /** Aborted when nobody waits for the outcome any more: the connection is gone. */
  readonly signal: AbortSignal
  /** Where the client has sent one: the header of W3C Trace Context. Nobody has looked at it yet. */
  readonly traceparent?: string | undefined
  /** When it began to arrive, in milliseconds since 1970; absent where the source does not know. */
  readonly arrived?: number
}

/** Carries a batch through. Resolves when it is settled, and never rejects. */
export type Deliver = (batch: IncomingBatch) => Promise<Settlement>

/** What a source is given by whoever runs it. */
export interface SourceContext {
  /** The name that the operator gave it. */
  readonly name: string
  readonly deliver: Deliver
  readonly budget: ByteBudget
  /** Bytes that one connection may have under way. */
  readonly connectionBytes: number
  readonly log: Log
  /** Tells this worker from the others of the service, where there are others: `worker-1` and so on. */
  readonly suffix?: string
}

/** What `/status` shows of a source: numbers, nothing of a record. */
export type SourceCounts = Readonly<Record<string, number>>

/**
 * A way in.
 *
 * What every source keeps to, and `test/processor/sources/suite.ts` checks: a batch is acknowledged only after `deliver`
 * has resolved with `accepted`; bytes are reserved before they are kept, and released whatever happens; what is wrong
 * with the input is answered with a coded error and costs nobody else anything; no value of a record stands in an answer.
 */
export interface Source<Settings = unknown> {
  readonly name: string
  /** Where it listens, as `127.0.0.1:4318`; empty before `start`. */
  readonly address: string
  /** @throws FieldsealError `FIELDSEAL_LISTEN_FAILED` */
  start(): Promise<void>
  /**
   * Resolves once nothing more will come and all that came is settled; with an error where it could not be read to its
   * end. Absent where there is no end: the service stops when every source has come to its own.
   */
  readonly ended?: Promise<FieldsealError | undefined>
  counts?(): SourceCounts
  /** Takes on what may change while it runs: certificates, keys, tokens. Throws and keeps the old where they are bad. */
  reload(settings: Settings): void
  /** Takes no new batch. Resolves when each batch under way is settled and answered. */
  drain(): Promise<void>
  /** Ends what is left, without answers. */
  close(): Promise<void>
}
