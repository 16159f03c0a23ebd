import { logRecord as format } from './format.ts'
import { LOG_RECORD } from './log-record-fields.ts'
import type { ObjectReader } from './reader.ts'
import type { Shape } from './shape.ts'
import type { ObjectWriter } from './writer.ts'

/** A log record of the OpenTelemetry SDK, as far as it is read: its `ReadableLogRecord` is one. */
export interface LogRecordInput {
  readonly hrTime?: unknown
  readonly hrTimeObserved?: unknown
  readonly spanContext?: unknown
  readonly severityText?: unknown
  readonly severityNumber?: unknown
  readonly body?: unknown
  readonly eventName?: unknown
  readonly attributes?: unknown
  readonly droppedAttributesCount?: unknown
  readonly resource?: unknown
  readonly instrumentationScope?: unknown
}

/** A log record with its values sealed: what exporters read, made of what was looked through alone. */
export interface LogRecordOutput {
  readonly hrTime: [number, number] | undefined
  readonly hrTimeObserved: [number, number] | undefined
  readonly spanContext: SpanContextOutput | undefined
  /** Of their types, unless the program has put something else there. */
  readonly severityText: unknown
  readonly severityNumber: unknown
  readonly eventName: unknown
  readonly body: unknown
  readonly attributes: Record<string, unknown>
  readonly droppedAttributesCount: number
  readonly resource: { readonly attributes: Record<string, unknown>; readonly schemaUrl: string | undefined }
  readonly instrumentationScope: {
    readonly name: unknown
    readonly version: unknown
    readonly schemaUrl: string | undefined
    readonly attributes: Record<string, unknown>
    readonly droppedAttributesCount: number
  }
}

export interface SpanContextOutput {
  readonly traceId: string
  readonly spanId: string
  readonly traceFlags: number
}

type Fields = Record<string, unknown>

/** A field of an object that may be anything, read once. */
function field(source: unknown, key: string): unknown {
  try {
    return (source as Fields | undefined)?.[key]
  } catch {
    return undefined
  }
}

function time(source: unknown): [number, number] | undefined {
  const seconds = field(source, '0')
  const nanoseconds = field(source, '1')
  return typeof seconds === 'number' && typeof nanoseconds === 'number' ? [seconds, nanoseconds] : undefined
}

function count(value: unknown): number {
  return typeof value === 'number' ? value : 0
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** Ids alone: the trace state of a span is nothing that is exported with logs, and no rule sees it. */
function spanContext(source: unknown): SpanContextOutput | undefined {
  const traceId = field(source, 'traceId')
  const spanId = field(source, 'spanId')
  const isId = typeof traceId === 'string' && typeof spanId === 'string'
  if (!isId || !/^[0-9a-fA-F]{32}$/.test(traceId) || !/^[0-9a-fA-F]{16}$/.test(spanId)) return undefined
  return { traceId, spanId, traceFlags: count(field(source, 'traceFlags')) }
}

function writeFields(writer: ObjectWriter, names: readonly string[], values: readonly unknown[]): Fields {
  const read: Fields = {}
  writer.output.map(names.length)
  for (const [index, name] of names.entries()) {
    writer.output.text(name)
    read[name] = name === 'attributes' ? writer.properties(values[index]) : writer.value(values[index], name, 0)
  }
  return read
}

/** What a rule has dropped is not there. */
function readFields(reader: ObjectReader): Fields {
  const fields: Fields = {}
  for (let left = reader.header(); left > 0; left -= 1) fields[reader.value() as string] = reader.value()
  return fields
}

interface Parts {
  readonly resource: Fields
  readonly scope: Fields
  readonly record: Fields
}

function outputOf({ resource, scope, record }: Parts, kept: Omit<Kept, 'output'>): Kept {
  const output: LogRecordOutput = {
    hrTime: kept.hrTime,
    hrTimeObserved: kept.hrTimeObserved,
    spanContext: kept.spanContext,
    severityText: record.severity_text,
    severityNumber: record.severity_number,
    eventName: record.event_name,
    body: record.body,
    attributes: record.attributes as Fields,
    droppedAttributesCount: kept.droppedAttributesCount,
    resource: { attributes: resource.attributes as Fields, schemaUrl: kept.resourceSchemaUrl },
    instrumentationScope: {
      name: scope.name,
      version: scope.version,
      schemaUrl: kept.scopeSchemaUrl,
      attributes: scope.attributes as Fields,
      droppedAttributesCount: kept.scopeDroppedAttributesCount,
    },
  }
  return { ...kept, output }
}

/** What no rule sees, and what came of the rest. */
interface Kept extends Pick<LogRecordOutput, 'hrTime' | 'hrTimeObserved' | 'spanContext' | 'droppedAttributesCount'> {
  readonly resourceSchemaUrl: string | undefined
  readonly scopeSchemaUrl: string | undefined
  readonly scopeDroppedAttributesCount: number
  readonly output: LogRecordOutput
}

/** Written as an array of three maps: see `LOG_RECORD`. */
export const logRecord: Shape<LogRecordInput, Kept> = {
  format,
  write(writer, input) {
    const resource = field(input, 'resource')
    const scope = field(input, 'instrumentationScope')
    writer.output.array(3)
    const parts = {
      resource: writeFields(writer, LOG_RECORD.resource, [field(resource, 'attributes')]),
      scope: writeFields(writer, LOG_RECORD.scope, [
        field(scope, 'name'),
        field(scope, 'version'),
        field(scope, 'attributes'),
      ]),
      record: writeFields(writer, LOG_RECORD.record, [
        field(input, 'severityNumber'),
        field(input, 'severityText'),
        field(input, 'eventName'),
        field(input, 'body'),
        field(input, 'attributes'),
      ]),
    }
    return outputOf(parts, {
      hrTime: time(field(input, 'hrTime')),
      hrTimeObserved: time(field(input, 'hrTimeObserved')),
      spanContext: spanContext(field(input, 'spanContext')),
      droppedAttributesCount: count(field(input, 'droppedAttributesCount')),
      resourceSchemaUrl: text(field(resource, 'schemaUrl')),
      scopeSchemaUrl: text(field(scope, 'schemaUrl')),
      scopeDroppedAttributesCount: count(field(scope, 'droppedAttributesCount')),
    })
  },
  read(reader, kept) {
    reader.header()
    const parts = { resource: readFields(reader), scope: readFields(reader), record: readFields(reader) }
    return outputOf(parts, kept)
  },
}
