import { WIRE } from './protobuf-wire.ts'

/** How a field's content is written in OTLP's JSON encoding (OTLP specification, "JSON Protobuf Encoding"). */
export const FORM = {
  MESSAGE: 0,
  TEXT: 1,
  /** Trace and span ids. */
  HEX: 2,
  BASE64: 3,
  BOOLEAN: 4,
  UINT32: 5,
  /** Enums too: OTLP writes their numbers. */
  INT32: 6,
  INT64: 7,
  FIXED32: 8,
  FIXED64: 9,
  DOUBLE: 10,
} as const
export type Form = (typeof FORM)[keyof typeof FORM]

export interface JsonField {
  /** Number of the field within its message, from 0. */
  readonly slot: number
  /** `"name":` */
  readonly name: Buffer
  readonly form: Form
  readonly repeated: boolean
  /** Absent where it has the default of its type: it is a scalar, and no member of a oneof (proto3, field presence). */
  readonly implicit: boolean
  readonly message: JsonMessage | undefined
}

export interface JsonMessage {
  /** Whether all fields are members of one oneof. */
  readonly oneof: boolean
  /** A record, which limits and errors count. */
  readonly isRecord: boolean
  /** An array or map: one more level of what `limits.depth` bounds. */
  readonly isContainer: boolean
  readonly fields: readonly JsonField[]
  /** By tags of one byte, that is field number and wire type. What is of another wire type is unknown. */
  readonly byTag: readonly (JsonField | undefined)[]
  readonly byLongTag: ReadonlyMap<number, JsonField>
}

const WIRE_OF: Readonly<Record<Form, number>> = {
  [FORM.MESSAGE]: WIRE.LEN,
  [FORM.TEXT]: WIRE.LEN,
  [FORM.HEX]: WIRE.LEN,
  [FORM.BASE64]: WIRE.LEN,
  [FORM.BOOLEAN]: WIRE.VARINT,
  [FORM.UINT32]: WIRE.VARINT,
  [FORM.INT32]: WIRE.VARINT,
  [FORM.INT64]: WIRE.VARINT,
  [FORM.FIXED32]: WIRE.FIXED32,
  [FORM.FIXED64]: WIRE.FIXED64,
  [FORM.DOUBLE]: WIRE.FIXED64,
}

class Message implements JsonMessage {
  readonly oneof: boolean
  readonly isRecord: boolean
  readonly isContainer: boolean
  readonly fields: JsonField[] = []
  readonly byTag: (JsonField | undefined)[] = new Array(128).fill(undefined)
  readonly byLongTag = new Map<number, JsonField>()

  constructor(kind: 'plain' | 'oneof' | 'record' | 'container' = 'plain') {
    this.oneof = kind === 'oneof'
    this.isRecord = kind === 'record'
    this.isContainer = kind === 'container'
  }

  /** @param numbers - of the field; a second one is that of a field which is read as if it were this one. */
  field(numbers: number | readonly number[], name: string, type: Form | JsonMessage, repeated = false): this {
    const form = typeof type === 'number' ? type : FORM.MESSAGE
    const field = {
      slot: this.fields.length,
      name: Buffer.from(`"${name}":`),
      form,
      repeated,
      implicit: form !== FORM.MESSAGE && !repeated && !this.oneof,
      message: typeof type === 'number' ? undefined : type,
    }
    this.fields.push(field)
    for (const number of typeof numbers === 'number' ? [numbers] : numbers) {
      const tag = (number << 3) | WIRE_OF[form]
      if (tag < 0x80) this.byTag[tag] = field
      else this.byLongTag.set(tag, field)
    }
    return this
  }

  list(numbers: number | readonly number[], name: string, type: Form | JsonMessage): this {
    return this.field(numbers, name, type, true)
  }
}

/*
 * The messages of OTLP logs with all of their fields (opentelemetry-proto, `collector/logs/v1`, `logs/v1`,
 * `resource/v1`, `common/v1`). What only profiles use is not among them (`key_strindex`, `string_value_strindex`).
 */
const ANY_VALUE = new Message('oneof')
const KEY_VALUE = new Message().field(1, 'key', FORM.TEXT).field(2, 'value', ANY_VALUE)
ANY_VALUE.field(1, 'stringValue', FORM.TEXT)
  .field(2, 'boolValue', FORM.BOOLEAN)
  .field(3, 'intValue', FORM.INT64)
  .field(4, 'doubleValue', FORM.DOUBLE)
  .field(5, 'arrayValue', new Message('container').list(1, 'values', ANY_VALUE))
  .field(6, 'kvlistValue', new Message('container').list(1, 'values', KEY_VALUE))
  .field(7, 'bytesValue', FORM.BASE64)

const ENTITY_REF = new Message()
  .field(1, 'schemaUrl', FORM.TEXT)
  .field(2, 'type', FORM.TEXT)
  .list(3, 'idKeys', FORM.TEXT)
  .list(4, 'descriptionKeys', FORM.TEXT)

const RESOURCE = new Message()
  .list(1, 'attributes', KEY_VALUE)
  .field(2, 'droppedAttributesCount', FORM.UINT32)
  .list(3, 'entityRefs', ENTITY_REF)

const SCOPE = new Message()
  .field(1, 'name', FORM.TEXT)
  .field(2, 'version', FORM.TEXT)
  .list(3, 'attributes', KEY_VALUE)
  .field(4, 'droppedAttributesCount', FORM.UINT32)

const LOG_RECORD = new Message('record')
  .field(1, 'timeUnixNano', FORM.FIXED64)
  .field(11, 'observedTimeUnixNano', FORM.FIXED64)
  .field(2, 'severityNumber', FORM.INT32)
  .field(3, 'severityText', FORM.TEXT)
  .field(5, 'body', ANY_VALUE)
  .list(6, 'attributes', KEY_VALUE)
  .field(7, 'droppedAttributesCount', FORM.UINT32)
  .field(8, 'flags', FORM.FIXED32)
  .field(9, 'traceId', FORM.HEX)
  .field(10, 'spanId', FORM.HEX)
  .field(12, 'eventName', FORM.TEXT)

const SCOPE_LOGS = new Message()
  .field(1, 'scope', SCOPE)
  .list(2, 'logRecords', LOG_RECORD)
  .field(3, 'schemaUrl', FORM.TEXT)

const RESOURCE_LOGS = new Message()
  .field(1, 'resource', RESOURCE)
  // 1000 was once `scope_logs` and is reserved today; the OpenTelemetry Collector reads it still.
  .list([2, 1000], 'scopeLogs', SCOPE_LOGS)
  .field(3, 'schemaUrl', FORM.TEXT)

export const REQUEST_JSON: JsonMessage = new Message().list(1, 'resourceLogs', RESOURCE_LOGS)
