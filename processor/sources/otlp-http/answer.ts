import type { ServerResponse } from 'node:http'
import type { FieldsealError } from '../../errors.ts'
import { type Encoding, MEDIA_TYPES } from './encoding.ts'
import { message } from './protobuf-message.ts'
import { type Refusal, rpcCodeOf } from './refusal.ts'
import { encodeStatus, type RpcCode, type StatusContent } from './status.ts'

/** What is answered to one request. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

const REJECTED = 'a backend has rejected these records for good; see the log of the service'

/** ExportLogsServiceResponse: `partial_success` stays unset where every record was accepted (OTLP, "Full Success"). */
export function acceptedAnswer(rejected: number, encoding: Encoding): Answer {
  const body = rejected === 0 ? FULL_SUCCESS[encoding] : partialSuccess(rejected, encoding)
  return { status: 200, headers: { 'Content-Type': MEDIA_TYPES[encoding] }, body }
}

const FULL_SUCCESS: Readonly<Record<Encoding, Buffer>> = { protobuf: Buffer.alloc(0), json: Buffer.from('{}') }

/** 1 partial_success, which has 1 rejected_log_records and 2 error_message. An int64 is a text in JSON. */
function partialSuccess(rejected: number, encoding: Encoding): Buffer {
  if (encoding === 'protobuf') return message([1, message([1, rejected], [2, REJECTED])])
  const partial = { rejectedLogRecords: String(rejected), errorMessage: REJECTED }
  return Buffer.from(JSON.stringify({ partialSuccess: partial }))
}

/** A google.rpc.Status, as text where nobody knows which encoding the client speaks. */
export function refusalAnswer(
  { status, error, retryAfterMs, headers }: Refusal,
  encoding: Encoding | undefined,
): Answer {
  const content = statusContent(rpcCodeOf(status), error, retryAfterMs, status === 400)
  const { message: text, retrySeconds } = content
  return {
    status,
    headers: {
      'Content-Type': encoding === undefined ? 'text/plain; charset=utf-8' : MEDIA_TYPES[encoding],
      ...(retrySeconds === undefined ? {} : { 'Retry-After': String(retrySeconds) }),
      ...headers,
    },
    body: encoding === undefined ? Buffer.from(`${text}\n`) : encodeStatus(content, encoding),
  }
}

/** @param atFault - whether the request has to be mended: then it says where */
export function statusContent(
  code: RpcCode,
  error: FieldsealError,
  retryAfterMs: number | undefined,
  atFault: boolean,
): StatusContent {
  return {
    code,
    message: describe(error),
    // RFC 9110 section 10.2.3: whole seconds. Rounded up, and never 0, which some clients take for "at once".
    ...(retryAfterMs === undefined ? {} : { retrySeconds: Math.max(1, Math.ceil(retryAfterMs / 1000)) }),
    ...(atFault ? { violation: { field: placeOf(error), description: error.message } } : {}),
  }
}

/** `FIELDSEAL_X: message (record 3); hint`: of the error's own making, with nothing of the request. */
export function describe(error: FieldsealError): string {
  const place = error.place.record === undefined ? '' : ` (record ${error.place.record})`
  return `${error.code}: ${error.message}${place}; ${error.hint}`
}

function placeOf({ place: { record } }: FieldsealError): string {
  return record === undefined ? 'request' : `record ${record}`
}

/** Sends an answer, unless nobody is there to have it. `close` ends the connection behind it. */
export function send(response: ServerResponse, { status, headers, body }: Answer, close: boolean): void {
  if (response.destroyed || response.headersSent) return
  response.writeHead(status, {
    ...headers,
    'Content-Length': String(body.length),
    ...(close ? { Connection: 'close' } : {}),
  })
  response.end(body)
}
