import type { ErrorCode, FieldsealError } from '../errors.ts'

/** What became of a batch: said once by each sink, and once to the client. */
export type Settlement = Accepted | Refused

/** The batch is where it belongs; the client may forget it. */
export interface Accepted {
  readonly outcome: 'accepted'
  /** Records that a backend did not want and will never want (OTLP "partial success"). */
  readonly rejected: number
}

/** The client still has the batch. It may send it again where the error is retryable. */
export interface Refused {
  readonly outcome: 'refused'
  readonly error: FieldsealError
  /** Milliseconds that the client should wait; absent where nobody knows. */
  readonly retryAfterMs?: number
}

export function accepted(rejected = 0): Accepted {
  return { outcome: 'accepted', rejected }
}

export function refused(error: FieldsealError, retryAfterMs?: number): Refused {
  return retryAfterMs === undefined ? { outcome: 'refused', error } : { outcome: 'refused', error, retryAfterMs }
}

const FAULTS_OF_INPUT: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'FIELDSEAL_INPUT_MALFORMED',
  'FIELDSEAL_INPUT_TOO_DEEP',
  'FIELDSEAL_INPUT_TOO_LARGE',
  'FIELDSEAL_VALUE_TOO_LARGE',
])

/** Whether the input is wrong, which says nothing of the service. */
export function isFaultOfInput({ code }: FieldsealError): boolean {
  return FAULTS_OF_INPUT.has(code)
}

/** Whether trying again changes nothing. Anything else that has failed passes, or is mended. */
export function isForGood(error: FieldsealError): boolean {
  return isFaultOfInput(error) || error.code === 'FIELDSEAL_SINK_REFUSED'
}
