import type { Encoding } from './encoding.ts'
import { type Field, message } from './protobuf-message.ts'

/** Codes of google.rpc.Code that are answered. */
export const RPC_CODES = {
  INVALID_ARGUMENT: 3,
  NOT_FOUND: 5,
  RESOURCE_EXHAUSTED: 8,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
} as const

export type RpcCode = (typeof RPC_CODES)[keyof typeof RPC_CODES]

/** What a google.rpc.Status says. */
export interface StatusContent {
  readonly code: RpcCode
  readonly message: string
  /** google.rpc.RetryInfo: whole seconds. */
  readonly retrySeconds?: number
  /** google.rpc.BadRequest: where in the request something is wrong, such as `record 3`. */
  readonly violation?: { readonly field: string; readonly description: string }
}

const TYPE = 'type.googleapis.com/google.rpc.'

/** The body of an answer that is not 200 (OTLP specification, "Failures"): a google.rpc.Status. */
export function encodeStatus(content: StatusContent, encoding: Encoding): Buffer {
  return encoding === 'json' ? Buffer.from(JSON.stringify(jsonStatus(content))) : protobufStatus(content)
}

/** google/rpc/status.proto: 1 code, 2 message, 3 details. */
function protobufStatus({ code, message: text, retrySeconds, violation }: StatusContent): Buffer {
  const details: Field[] = []
  if (retrySeconds !== undefined) {
    // google/rpc/error_details.proto: 1 retry_delay, a google.protobuf.Duration with 1 seconds.
    details.push([3, any('RetryInfo', message([1, message([1, retrySeconds])]))])
  }
  if (violation !== undefined) {
    // The same: 1 field_violations, each with 1 field and 2 description.
    details.push([3, any('BadRequest', message([1, message([1, violation.field], [2, violation.description])]))])
  }
  return message([1, code], [2, text], ...details)
}

/** google/protobuf/any.proto: 1 type_url, 2 value. */
function any(type: string, value: Buffer): Buffer {
  return message([1, TYPE + type], [2, value])
}

/** The standard JSON mapping: an Any shows its fields beside `@type`, a Duration is a text of seconds. */
function jsonStatus({ code, message: text, retrySeconds, violation }: StatusContent): object {
  const details = [
    ...(retrySeconds === undefined ? [] : [{ '@type': `${TYPE}RetryInfo`, retryDelay: `${retrySeconds}s` }]),
    ...(violation === undefined ? [] : [{ '@type': `${TYPE}BadRequest`, fieldViolations: [violation] }]),
  ]
  return { code, message: text, ...(details.length === 0 ? {} : { details }) }
}
