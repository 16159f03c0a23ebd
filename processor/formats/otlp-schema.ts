/**
 * The messages of OTLP logs that hold values, and the fields that lead to them (opentelemetry-proto,
 * `collector/logs/v1`, `logs/v1`, `resource/v1`, `common/v1`). Tags are field number and wire type as on the wire.
 */
export const TAG = {
  REQUEST_RESOURCE_LOGS: 0x0a,
  RESOURCE_LOGS_RESOURCE: 0x0a,
  RESOURCE_LOGS_SCOPE_LOGS: 0x12,
  /**
   * Field 1000, reserved today. Envoy and Istio sent their logs in it, and the OpenTelemetry Collector reads it still
   * (`deprecated_scope_logs`, where `scope_logs` is empty): what stands there must not pass unseen.
   */
  RESOURCE_LOGS_DEPRECATED_SCOPE_LOGS: 0x1f42,
  RESOURCE_LOGS_SCHEMA_URL: 0x1a,
  SCOPE_LOGS_SCOPE: 0x0a,
  SCOPE_LOGS_LOG_RECORDS: 0x12,
  SCOPE_LOGS_SCHEMA_URL: 0x1a,
  RESOURCE_ATTRIBUTES: 0x0a,
  SCOPE_NAME: 0x0a,
  SCOPE_VERSION: 0x12,
  SCOPE_ATTRIBUTES: 0x1a,
  RECORD_SEVERITY_NUMBER: 0x10,
  RECORD_SEVERITY_TEXT: 0x1a,
  RECORD_BODY: 0x2a,
  RECORD_ATTRIBUTES: 0x32,
  RECORD_EVENT_NAME: 0x62,
  RECORD_TIME: 0x09,
  RECORD_OBSERVED_TIME: 0x59,
  RECORD_FLAGS: 0x45,
  RECORD_TRACE_ID: 0x4a,
  RECORD_SPAN_ID: 0x52,
  KEY: 0x0a,
  VALUE: 0x12,
  ANY_STRING: 0x0a,
  ANY_BOOL: 0x10,
  ANY_INT: 0x18,
  ANY_DOUBLE: 0x21,
  ANY_ARRAY: 0x2a,
  ANY_MAP: 0x32,
  ANY_BYTES: 0x3a,
  VALUES: 0x0a,
} as const

/** Which field of which message leads to which message; what is not listed is never looked into. */
export interface MessageType {
  readonly name: string
  readonly fields: ReadonlyMap<number, MessageType>
}

function message(name: string): MessageType & { readonly fields: Map<number, MessageType> } {
  return { name, fields: new Map() }
}

export const REQUEST = message('ExportLogsServiceRequest')
const RESOURCE_LOGS = message('ResourceLogs')
const RESOURCE = message('Resource')
const SCOPE_LOGS = message('ScopeLogs')
const SCOPE = message('InstrumentationScope')
const LOG_RECORD = message('LogRecord')
export const KEY_VALUE = message('KeyValue')
export const ANY_VALUE = message('AnyValue')
const ARRAY_VALUE = message('ArrayValue')
const KEY_VALUE_LIST = message('KeyValueList')

REQUEST.fields.set(TAG.REQUEST_RESOURCE_LOGS, RESOURCE_LOGS)
RESOURCE_LOGS.fields.set(TAG.RESOURCE_LOGS_RESOURCE, RESOURCE).set(TAG.RESOURCE_LOGS_SCOPE_LOGS, SCOPE_LOGS)
RESOURCE_LOGS.fields.set(TAG.RESOURCE_LOGS_DEPRECATED_SCOPE_LOGS, SCOPE_LOGS)
RESOURCE.fields.set(TAG.RESOURCE_ATTRIBUTES, KEY_VALUE)
SCOPE_LOGS.fields.set(TAG.SCOPE_LOGS_SCOPE, SCOPE).set(TAG.SCOPE_LOGS_LOG_RECORDS, LOG_RECORD)
SCOPE.fields.set(TAG.SCOPE_ATTRIBUTES, KEY_VALUE)
LOG_RECORD.fields.set(TAG.RECORD_BODY, ANY_VALUE).set(TAG.RECORD_ATTRIBUTES, KEY_VALUE)
KEY_VALUE.fields.set(TAG.VALUE, ANY_VALUE)
ANY_VALUE.fields.set(TAG.ANY_ARRAY, ARRAY_VALUE).set(TAG.ANY_MAP, KEY_VALUE_LIST)
ARRAY_VALUE.fields.set(TAG.VALUES, ANY_VALUE)
KEY_VALUE_LIST.fields.set(TAG.VALUES, KEY_VALUE)
