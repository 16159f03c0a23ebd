import { logRecord as format } from './format.ts'
import { LOG_RECORD } from './log-record-fields.ts'
import type { ObjectReader } from './reader.ts'
import { SameValues } from './same-values.ts'
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

/** Fields of a resource, scope or record, and the bytes that they were written as, or read from. */
interface Part {
  readonly fields: Fields
  readonly bytes: Buffer
}

function readPart(reader: ObjectReader): Part {
  const start = reader.at
  const fields = readFields(reader)
  return { fields, bytes: reader.bytes.subarray(start, reader.at) }
}

type ResourceOutput = LogRecordOutput['resource']
type ScopeOutput = LogRecordOutput['instrumentationScope']

const resources = new SameValues<ResourceOutput>()
const scopes = new SameValues<ScopeOutput>()

/** What no rule sees. */
interface Kept extends Pick<LogRecordOutput, 'hrTime' | 'hrTimeObserved' | 'spanContext' | 'droppedAttributesCount'> {
  readonly resource: unknown
  readonly resourceSchemaUrl: string | undefined
  readonly scope: unknown
  readonly scopeSchemaUrl: string | undefined
  readonly scopeDroppedAttributesCount: number
}

function resourceOf({ fields, bytes }: Part, { resource, resourceSchemaUrl: schemaUrl }: Kept): ResourceOutput {
  const value = { attributes: fields.attributes as Fields, schemaUrl }
  return resources.of(resource, bytes, String(schemaUrl), value)
}

function scopeOf({ fields, bytes }: Part, kept: Kept): ScopeOutput {
  const { scope, scopeSchemaUrl: schemaUrl, scopeDroppedAttributesCount: droppedAttributesCount } = kept
  const { name, version, attributes } = fields
  const value = { name, version, schemaUrl, attributes: attributes as Fields, droppedAttributesCount }
  return scopes.of(scope, bytes, `${droppedAttributesCount} ${schemaUrl}`, value)
}

/** A record and what no rule sees of it: that goes along while the record is sealed. */
export interface LogRecordRead {
  readonly output: LogRecordOutput
  readonly kept: Kept
}

function outputOf(resource: Part, scope: Part, { fields }: Part, kept: Kept): LogRecordRead {
  const output: LogRecordOutput = {
    hrTime: kept.hrTime,
    hrTimeObserved: kept.hrTimeObserved,
    spanContext: kept.spanContext,
    severityText: fields.severity_text,
    severityNumber: fields.severity_number,
    eventName: fields.event_name,
    body: fields.body,
    attributes: fields.attributes as Fields,
    droppedAttributesCount: kept.droppedAttributesCount,
    resource: resourceOf(resource, kept),
    instrumentationScope: scopeOf(scope, kept),
  }
  return { output, kept }
}

function attributed(source: unknown, names: readonly string[]): unknown[] {
  return names.map((name) => field(source, name))
}

/** Written as an array of three maps: see `LOG_RECORD`. */
export const logRecord: Shape<LogRecordInput, LogRecordRead> = {
  format,
  write(writer, input) {
    const resource = field(input, 'resource')
    const scope = field(input, 'instrumentationScope')
    const kept = {
      hrTime: time(field(input, 'hrTime')),
      hrTimeObserved: time(field(input, 'hrTimeObserved')),
      spanContext: spanContext(field(input, 'spanContext')),
      droppedAttributesCount: count(field(input, 'droppedAttributesCount')),
      resource,
      resourceSchemaUrl: text(field(resource, 'schemaUrl')),
      scope,
      scopeSchemaUrl: text(field(scope, 'schemaUrl')),
      scopeDroppedAttributesCount: count(field(scope, 'droppedAttributesCount')),
    }
    writer.output.array(3)
    // Of the memory it is known where it is once all is written.
    const start = writer.output.at
    const resourceFields = writeFields(writer, LOG_RECORD.resource, attributed(resource, LOG_RECORD.resource))
    const middle = writer.output.at
    const scopeFields = writeFields(writer, LOG_RECORD.scope, attributed(scope, LOG_RECORD.scope))
    const end = writer.output.at
    const fields = writeFields(writer, LOG_RECORD.record, attributed(input, INPUT_FIELDS))
    const { bytes } = writer.output
    return outputOf(
      { fields: resourceFields, bytes: bytes.subarray(start, middle) },
      { fields: scopeFields, bytes: bytes.subarray(middle, end) },
      { fields, bytes },
      kept,
    )
  },
  read(reader, { kept }) {
    reader.header()
    const resource = readPart(reader)
    const scope = readPart(reader)
    return outputOf(resource, scope, readPart(reader), kept)
  },
}

/** Fields of the SDK's record, in the order of `LOG_RECORD.record`. */
const INPUT_FIELDS = ['severityNumber', 'severityText', 'eventName', 'body', 'attributes'] as const
