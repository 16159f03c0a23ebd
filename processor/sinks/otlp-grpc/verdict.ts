import { type ServiceError, status as STATUS } from '@grpc/grpc-js'
import { FieldsealError } from '../../errors.ts'
import { STATUS_DETAILS } from '../../http/grpc.ts'
import { FAILURES, type Failure, isPassing } from '../otlp-http/failure.ts'
import { type Failed, unavailable } from '../retry/attempt.ts'
import { retryDelay } from './retry-info.ts'

/** OTLP specification, "Failures" of OTLP/gRPC. RESOURCE_EXHAUSTED is one of them where it comes with RetryInfo. */
const RETRYABLE: ReadonlySet<number> = new Set([
  STATUS.CANCELLED,
  STATUS.DEADLINE_EXCEEDED,
  STATUS.ABORTED,
  STATUS.OUT_OF_RANGE,
  STATUS.UNAVAILABLE,
  STATUS.DATA_LOSS,
])

/** Faults of what was configured: the address, the token, a proxy. The batch is as good as any. */
const CONFIGURATION: ReadonlySet<number> = new Set([
  STATUS.NOT_FOUND,
  STATUS.PERMISSION_DENIED,
  STATUS.UNIMPLEMENTED,
  STATUS.UNAUTHENTICATED,
])

/** What a call that was no success means for its batch. */
export function verdictOf(error: Partial<ServiceError>, sink: string): Failed {
  const failure = connectionFailure(error)
  const fail = (what: string, repeat = true, retryAfterMs?: number): Failed => ({
    error: unavailable(`the backend of sink ${sink} ${what}`),
    repeat,
    retryAfterMs,
  })
  if (failure !== undefined) return fail(FAILURES[failure], isPassing(failure))
  const { code = -1 } = error
  const name = STATUS[code]
  if (name === undefined || code === STATUS.OK) return fail('did not answer in gRPC')
  if (brokenOff(error)) return fail('broke off the call')
  if (code === STATUS.DEADLINE_EXCEEDED) return fail(FAILURES.late)
  const retryAfter = retryAfterOf(error)
  const answered = `answered ${name}`
  if (RETRYABLE.has(code) || (code === STATUS.RESOURCE_EXHAUSTED && retryAfter !== undefined))
    return fail(answered, true, retryAfter)
  if (CONFIGURATION.has(code)) return fail(answered, false)
  return {
    error: new FieldsealError('FIELDSEAL_SINK_REFUSED', `the backend of sink ${sink} ${answered}`),
    repeat: false,
  }
}

/**
 * Texts of grpc-js 1.14.7, which gives no codes. A backend that says the same is taken at its word: all that it gains is
 * that its batch is kept.
 */
const NO_CONNECTION = /^(?:No connection established\. Last error: |Name resolution failed )/
const BROKEN_OFF =
  /^(?:Received RST_STREAM with code |Bandwidth exhausted or memory limit exceeded$|Received message |Failed to decompress )/

/** Of what OpenSSL says of a certificate, and Node of a name. */
const FAILURES_OF_TLS: readonly (readonly [RegExp, Failure])[] = [
  [/certificate has expired|certificate is not yet valid/, 'expired'],
  [/self-signed certificate|unable to (?:get|verify) /, 'unknown'],
  [/ERR_TLS_CERT_ALTNAME_INVALID/, 'misnamed'],
  [/SSL routines|ERR_SSL_|ERR_TLS_|certificate/, 'untrusted'],
]

function connectionFailure({ code, details = '' }: Partial<ServiceError>): Failure | undefined {
  if (code !== STATUS.UNAVAILABLE || !NO_CONNECTION.test(details)) return undefined
  return FAILURES_OF_TLS.find(([text]) => text.test(details))?.[1] ?? 'unreachable'
}

/** The stream or the connection was reset, or an answer came that could not be read: no word on the batch. */
function brokenOff({ code, details = '' }: Partial<ServiceError>): boolean {
  return (code === STATUS.INTERNAL || code === STATUS.RESOURCE_EXHAUSTED) && BROKEN_OFF.test(details)
}

function retryAfterOf({ metadata }: Partial<ServiceError>): number | undefined {
  const [details] = metadata?.get(STATUS_DETAILS) ?? []
  return Buffer.isBuffer(details) ? retryDelay(details) : undefined
}
