import { Metadata, type StatusObject } from '@grpc/grpc-js'
import { FieldsealError } from '../../errors.ts'
import { STATUS_DETAILS } from '../../http/grpc.ts'
import { statusContent } from '../otlp-http/answer.ts'
import { type Refusal, refusalOf, rpcCodeOf } from '../otlp-http/refusal.ts'
import { encodeStatus, RPC_CODES, type RpcCode } from '../otlp-http/status.ts'

/** A call that is answered with an error. */
export interface CallRefusal {
  readonly code: RpcCode
  readonly error: FieldsealError
  /** Milliseconds after which the client may try again; only where that can help. */
  readonly retryAfterMs?: number
}

/** Compressions that can be read, as a client is told of them where it has used another one. */
const ACCEPTED_ENCODINGS = 'identity,deflate,gzip'

/** A fault of the call that no repetition mends. */
export function invalid(message: string): CallRefusal {
  return { code: RPC_CODES.INVALID_ARGUMENT, error: new FieldsealError('FIELDSEAL_REQUEST_INVALID', message) }
}

/** A batch that was not accepted. */
export function refusalOfBatch(error: FieldsealError, retryAfterMs?: number): CallRefusal {
  return callRefusal(refusalOf(error, retryAfterMs))
}

/**
 * What would be a status of HTTP. All that may pass is UNAVAILABLE: RESOURCE_EXHAUSTED makes clients drop the batch, unless
 * they look for RetryInfo, and not all do.
 */
export function callRefusal({ status, error, retryAfterMs }: Refusal): CallRefusal {
  if (retryAfterMs === undefined) return { code: rpcCodeOf(status), error }
  return { code: RPC_CODES.UNAVAILABLE, error, retryAfterMs }
}

/** A status with a google.rpc.Status in its trailers, which says more than a code and a text can. */
export function statusOf({ code, error, retryAfterMs }: CallRefusal): StatusObject {
  const content = statusContent(code, error, retryAfterMs, code === RPC_CODES.INVALID_ARGUMENT)
  const metadata = new Metadata()
  metadata.set(STATUS_DETAILS, encodeStatus(content, 'protobuf'))
  if (code === RPC_CODES.UNIMPLEMENTED) metadata.set('grpc-accept-encoding', ACCEPTED_ENCODINGS)
  return { code, details: content.message, metadata }
}
