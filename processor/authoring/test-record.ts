/** A record as people write it in YAML. */
export interface TestRecord {
  readonly body?: unknown
  readonly attributes?: Readonly<Record<string, unknown>> | undefined
  readonly resource?: Readonly<Record<string, unknown>> | undefined
  readonly scope?: Readonly<Record<string, unknown>> | undefined
  /** A text is `severityText`, a number `severityNumber`. */
  readonly severity?: string | number | boolean | undefined
  readonly event_name?: string | undefined
}

/** Beyond it, OTLP has no integers (`int_value` has 64 bits). */
const LARGEST_INTEGER = 2n ** 63n - 1n
const SMALLEST_INTEGER = -(2n ** 63n)

/** One record as an ExportLogsServiceRequest in OTLP's JSON encoding. */
export function testRequest(record: TestRecord): Buffer {
  const { body, attributes, resource, scope } = record
  const fields = {
    ...severityOf(record.severity),
    ...(record.event_name === undefined ? {} : { eventName: record.event_name }),
    ...(body === undefined ? {} : { body: anyValue(body) }),
    ...attributesOf(attributes),
  }
  const scopeLogs = { ...(scope === undefined ? {} : { scope: attributesOf(scope) }), logRecords: [fields] }
  const resourceLogs = {
    ...(resource === undefined ? {} : { resource: attributesOf(resource) }),
    scopeLogs: [scopeLogs],
  }
  return Buffer.from(JSON.stringify({ resourceLogs: [resourceLogs] }))
}

function severityOf(severity: TestRecord['severity']): object {
  if (severity === undefined) return {}
  return typeof severity === 'number' ? { severityNumber: severity } : { severityText: String(severity) }
}

function attributesOf(attributes: Readonly<Record<string, unknown>> | undefined): object {
  return attributes === undefined ? {} : { attributes: keyValues(attributes) }
}

function keyValues(map: object): object[] {
  return Object.entries(map).map(([key, value]) => ({ key, value: anyValue(value) }))
}

function anyValue(value: unknown): object {
  switch (typeof value) {
    case 'string':
      return { stringValue: value }
    case 'boolean':
      return { boolValue: value }
    case 'bigint':
      return integer(value)
    case 'number':
      return Number.isInteger(value) ? integer(BigInt(value)) : double(value)
    case 'object':
      if (value === null) return {}
      if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } }
      return { kvlistValue: { values: keyValues(value) } }
    default:
      return {}
  }
}

/** A string of decimal digits, since JSON's numbers are exact up to 2^53 only. */
function integer(value: bigint): object {
  const fits = value >= SMALLEST_INTEGER && value <= LARGEST_INTEGER
  return fits ? { intValue: String(value) } : double(Number(value))
}

function double(value: number): object {
  return { doubleValue: Number.isFinite(value) ? value : String(value) }
}
