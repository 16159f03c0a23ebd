import protobuf from 'protobufjs'

const field = (id: number, type: string) => ({ id, type })
const repeated = (id: number, type: string) => ({ id, type, rule: 'repeated' })

/**
 * The messages of an OTLP logs request (opentelemetry-proto v1: collector/logs, logs, resource, common), as protobufjs
 * reads them. For the checks and for the baseline that decodes everything; the product does not use it.
 */
const root = protobuf.Root.fromJSON({
  nested: {
    ExportLogsServiceRequest: { fields: { resourceLogs: repeated(1, 'ResourceLogs') } },
    ResourceLogs: {
      fields: { resource: field(1, 'Resource'), scopeLogs: repeated(2, 'ScopeLogs'), schemaUrl: field(3, 'string') },
    },
    Resource: { fields: { attributes: repeated(1, 'KeyValue'), droppedAttributesCount: field(2, 'uint32') } },
    ScopeLogs: {
      fields: {
        scope: field(1, 'InstrumentationScope'),
        logRecords: repeated(2, 'LogRecord'),
        schemaUrl: field(3, 'string'),
      },
    },
    InstrumentationScope: {
      fields: {
        name: field(1, 'string'),
        version: field(2, 'string'),
        attributes: repeated(3, 'KeyValue'),
        droppedAttributesCount: field(4, 'uint32'),
      },
    },
    LogRecord: {
      fields: {
        timeUnixNano: field(1, 'fixed64'),
        severityNumber: field(2, 'int32'),
        severityText: field(3, 'string'),
        body: field(5, 'AnyValue'),
        attributes: repeated(6, 'KeyValue'),
        droppedAttributesCount: field(7, 'uint32'),
        flags: field(8, 'fixed32'),
        traceId: field(9, 'bytes'),
        spanId: field(10, 'bytes'),
        observedTimeUnixNano: field(11, 'fixed64'),
        eventName: field(12, 'string'),
      },
    },
    KeyValue: { fields: { key: field(1, 'string'), value: field(2, 'AnyValue') } },
    AnyValue: {
      oneofs: {
        value: {
          oneof: ['stringValue', 'boolValue', 'intValue', 'doubleValue', 'arrayValue', 'kvlistValue', 'bytesValue'],
        },
      },
      fields: {
        stringValue: field(1, 'string'),
        boolValue: field(2, 'bool'),
        intValue: field(3, 'int64'),
        doubleValue: field(4, 'double'),
        arrayValue: field(5, 'ArrayValue'),
        kvlistValue: field(6, 'KeyValueList'),
        bytesValue: field(7, 'bytes'),
      },
    },
    ArrayValue: { fields: { values: repeated(1, 'AnyValue') } },
    KeyValueList: { fields: { values: repeated(1, 'KeyValue') } },
  },
})

export const requestType = root.lookupType('ExportLogsServiceRequest')

export interface AnyValue {
  stringValue?: string
  arrayValue?: { values?: AnyValue[] }
  [other: string]: unknown
}

export interface KeyValue {
  key: string
  value?: AnyValue
}

export interface DecodedRecord {
  body?: AnyValue
  attributes?: KeyValue[]
  [other: string]: unknown
}

export interface DecodedRequest {
  resourceLogs: {
    resource?: { attributes?: KeyValue[] }
    scopeLogs: { scope?: { name?: string; attributes?: KeyValue[] }; logRecords?: DecodedRecord[] }[]
  }[]
}

/** A request as plain objects: 64-bit numbers as decimal strings, bytes as base64, absent fields absent. */
export function decodeRequest(bytes: Uint8Array): DecodedRequest {
  return requestType.toObject(requestType.decode(bytes), { longs: String, bytes: String }) as DecodedRequest
}

/** All records of a request, in order. */
export const recordsOf = (request: DecodedRequest): DecodedRecord[] =>
  (request.resourceLogs ?? []).flatMap((resource) =>
    (resource.scopeLogs ?? []).flatMap((scope) => scope.logRecords ?? []),
  )
