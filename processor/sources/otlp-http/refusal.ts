import type { ErrorCode, FieldsealError } from '../../errors.ts'
import { RPC_CODES, type RpcCode } from './status.ts'

/** A request that is answered with an error. */
export interface Refusal {
  /** The HTTP status. */
  readonly status: number
  readonly error: FieldsealError
  /** Milliseconds after which the client may try again; only where that can help. */
  readonly retryAfterMs?: number
  readonly headers?: Readonly<Record<string, string>>
}

/** Milliseconds that a client is asked to wait where nobody knows better. */
const WAIT_MS = 1000

/** HTTP statuses by which an OTLP client knows that it may try again. */
const RETRYABLE: ReadonlySet<number> = new Set([429, 502, 503, 504])

export function refusal(status: number, error: FieldsealError, retryAfterMs = WAIT_MS): Refusal {
  return RETRYABLE.has(status) ? { status, error, retryAfterMs } : { status, error }
}

/**
 * How the outcome of a batch is told to its client.
 *
 * A batch that is too large is 413; one record or value of it that is too large is a fault of the batch's content, as
 * any other that the client has to mend: 400. What is not listed is answered with 503: whatever has failed, the client
 * is to keep the batch.
 */
const STATUSES: Readonly<Partial<Record<ErrorCode, number>>> = {
  FIELDSEAL_INPUT_MALFORMED: 400,
  FIELDSEAL_INPUT_TOO_DEEP: 400,
  FIELDSEAL_INPUT_TOO_LARGE: 413,
  FIELDSEAL_VALUE_TOO_LARGE: 413,
  FIELDSEAL_SINK_REFUSED: 500,
}

/** The answer to a batch that was not accepted. */
export function refusalOf(error: FieldsealError, retryAfterMs?: number): Refusal {
  const status = STATUSES[error.code] ?? 503
  return refusal(status === 413 && error.place.record !== undefined ? 400 : status, error, retryAfterMs)
}

const CODES: Readonly<Record<number, RpcCode>> = {
  400: RPC_CODES.INVALID_ARGUMENT,
  401: RPC_CODES.UNAUTHENTICATED,
  404: RPC_CODES.NOT_FOUND,
  405: RPC_CODES.UNIMPLEMENTED,
  // As over gRPC, without RetryInfo: trying again does not help.
  413: RPC_CODES.RESOURCE_EXHAUSTED,
  415: RPC_CODES.INVALID_ARGUMENT,
  417: RPC_CODES.INVALID_ARGUMENT,
  429: RPC_CODES.RESOURCE_EXHAUSTED,
  500: RPC_CODES.INTERNAL,
  503: RPC_CODES.UNAVAILABLE,
}

export function rpcCodeOf(status: number): RpcCode {
  return CODES[status] ?? RPC_CODES.UNAVAILABLE
}
