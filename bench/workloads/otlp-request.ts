import {
  bytesField,
  doubleField,
  fixed32Field,
  fixed64Field,
  messageField,
  stringField,
  varintField,
} from './protobuf-writer.ts'

/** An attribute value. A bigint is an `int_value`, a number a `double_value`. */
export type AttributeValue = string | bigint | number | boolean

export type Attribute = readonly [key: string, value: AttributeValue]

export interface LogRecord {
  readonly timeUnixNano: bigint
  readonly severityNumber: number
  readonly severityText: string
  readonly body: string
  readonly attributes: readonly Attribute[]
  readonly flags: number
  /** 16 bytes, or empty. */
  readonly traceId: Buffer
  /** 8 bytes, or empty. */
  readonly spanId: Buffer
}

/** The records of one resource, in one scope. */
export interface ResourceRecords {
  readonly resource: readonly Attribute[]
  readonly scopeName: string
  readonly records: readonly LogRecord[]
}

/** `opentelemetry.proto.common.v1.AnyValue`, without its tag. */
function anyValue(value: AttributeValue): Buffer {
  if (typeof value === 'string') return stringField(1, value)
  if (typeof value === 'boolean') return varintField(2, value ? 1 : 0)
  if (typeof value === 'bigint') return varintField(3, value)
  return doubleField(4, value)
}

const keyValue = (field: number, [key, value]: Attribute): Buffer =>
  messageField(field, [stringField(1, key), messageField(2, [anyValue(value)])])

function logRecord(record: LogRecord): Buffer {
  return messageField(2, [
    fixed64Field(1, record.timeUnixNano),
    varintField(2, record.severityNumber),
    stringField(3, record.severityText),
    messageField(5, [anyValue(record.body)]),
    ...record.attributes.map((attribute) => keyValue(6, attribute)),
    fixed32Field(8, record.flags),
    ...(record.traceId.length > 0 ? [bytesField(9, record.traceId)] : []),
    ...(record.spanId.length > 0 ? [bytesField(10, record.spanId)] : []),
    fixed64Field(11, record.timeUnixNano),
  ])
}

/** `opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest` (opentelemetry-proto v1). */
export function encodeRequest(groups: readonly ResourceRecords[]): Buffer {
  return Buffer.concat(
    groups.map((group) =>
      messageField(1, [
        messageField(
          1,
          group.resource.map((attribute) => keyValue(1, attribute)),
        ),
        messageField(2, [messageField(1, [stringField(1, group.scopeName)]), ...group.records.map(logRecord)]),
      ]),
    ),
  )
}
