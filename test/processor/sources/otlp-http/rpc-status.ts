import protobuf from 'protobufjs'

/** The messages of google.rpc and OTLP that answers are made of, by somebody else's decoder. */
export const { root } = protobuf.parse(
  `
  syntax = "proto3";
  message Any { string type_url = 1; bytes value = 2; }
  message Status { int32 code = 1; string message = 2; repeated Any details = 3; }
  message Duration { int64 seconds = 1; int32 nanos = 2; }
  message RetryInfo { Duration retry_delay = 1; }
  message FieldViolation { string field = 1; string description = 2; }
  message BadRequest { repeated FieldViolation field_violations = 1; }
  message PartialSuccess { int64 rejected_log_records = 1; string error_message = 2; }
  message ExportLogsServiceResponse { PartialSuccess partial_success = 1; }
`,
  { keepCase: true },
)

export interface RpcStatus {
  readonly code: number
  readonly message: string
  /** Names of google.rpc without the address before them. */
  readonly details: readonly { readonly type: string; readonly value: object }[]
}

const PREFIX = 'type.googleapis.com/google.rpc.'

/** A google.rpc.Status in the encoding that its Content-Type names; both encodings give the same. */
export function rpcStatus(body: Buffer, contentType: string | undefined): RpcStatus {
  return contentType === 'application/json' ? fromJson(body) : fromProtobuf(body)
}

function fromProtobuf(body: Buffer): RpcStatus {
  const { code, message, details = [] } = decode('Status', body)
  const anys = (details as { type_url: string; value: Buffer }[]).map(({ type_url: url, value }) => {
    const type = url.replace(PREFIX, '')
    return { type, value: decode(type, value) }
  })
  return { code, message, details: anys }
}

function fromJson(body: Buffer): RpcStatus {
  const { code, message, details = [], ...more } = JSON.parse(body.toString())
  if (Object.keys(more).length > 0) throw new Error(`not of a Status: ${Object.keys(more)}`)
  const anys = (details as Record<string, unknown>[]).map(({ '@type': url, ...value }) => {
    const type = String(url).replace(PREFIX, '')
    // A Duration is a text in JSON.
    if (type === 'RetryInfo')
      return { type, value: { retry_delay: { seconds: String(value.retryDelay).slice(0, -1) } } }
    return { type, value: { field_violations: value.fieldViolations } }
  })
  return { code, message, details: anys as RpcStatus['details'] }
}

/** Numbers of 64 bits as texts, and nothing but what is in the bytes. */
// biome-ignore lint/suspicious/noExplicitAny: what comes back is what the test is about
export function decode(type: string, bytes: Buffer): Record<string, any> {
  const message = root.lookupType(type)
  return message.toObject(message.decode(bytes), { longs: String })
}
