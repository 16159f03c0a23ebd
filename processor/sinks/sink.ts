import type { FieldsealError } from '../errors.ts'
import type { FormatName } from '../formats/index.ts'
import type { Settlement } from '../pipeline/settlement.ts'
import type { Log } from '../telemetry/log.ts'

/** A sealed batch. */
export interface OutgoingBatch {
  readonly bytes: Buffer
  readonly format: FormatName
  readonly records: number
  /** Aborted when nobody waits for the outcome any more: what is not sent yet need not be sent. */
  readonly signal: AbortSignal
  /** What the backend is told of the trace that the batch is in (W3C Trace Context); absent where there is none. */
  readonly traceparent?: string
}

/** As in the configuration. */
export const DEFAULT_BODY_KEYS: readonly string[] = ['msg', 'message', 'log']

/**
 * Lets one of those write that write into one stream.
 *
 * @param act - is told whether the one before has ended in the middle of a write.
 */
export type Exclusive = <T>(act: (torn: boolean) => Promise<T>) => Promise<T>

export interface SinkContext {
  /** The name that the operator gave it. */
  readonly name: string
  readonly log: Log
  /**
   * Tells this worker from the others of the service, where there are others: what a sink keeps for itself alone, as
   * a file that it appends to, has it in its name. Letters, digits and hyphens.
   */
  readonly suffix?: string
  /** `body_keys` of the configuration: which member of a line is the body. */
  readonly bodyKeys?: readonly string[]
  /** Where other workers have the same standard output. */
  readonly exclusive?: Exclusive
}

/** What `/status` shows of a sink: numbers and codes, nothing of a batch. */
export interface SinkStatus {
  /** Whether the last attempt succeeded; true before the first. */
  readonly healthy: boolean
  readonly sending: number
  /** The code of the error that the last failed attempt ended with. */
  readonly lastError?: string
  /** By kind (`LOSSES` of `formats/conversion`): what the format that is sent could not hold. Absent where nothing was lost. */
  readonly lost?: Readonly<Record<string, number>>
}

/**
 * A way out.
 *
 * What every sink keeps to, and `test/processor/sinks/suite.ts` checks: `send` resolves with `accepted` only once the
 * bytes are with the backend, or synced to disk; it never rejects; it does not change the bytes, and once it
 * has accepted them nothing of it reads them any more, since they are freed then; memory and time that a
 * hostile backend can cost are bounded; nothing that the backend says is repeated in an error.
 */
export interface Sink {
  readonly name: string
  /** A batch is accepted only once every required sink has it. */
  readonly required: boolean
  /** Makes ready. @throws FieldsealError where that can never work: a folder that is not there. */
  start(): Promise<void>
  send(batch: OutgoingBatch): Promise<Settlement>
  status(): SinkStatus
  /** Resolves once nothing can be sent any more, ever, as when whoever read has gone: the service stops then. */
  readonly gone?: Promise<FieldsealError>
  /** After the last `send` has resolved. */
  close(): Promise<void>
}
