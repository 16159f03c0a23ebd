import { TAG } from '../otlp-schema.ts'
import { decodeVarint64, WireReader } from '../protobuf-wire.ts'
import type { LossCount } from './losses.ts'
import { eachField, joined, type Part } from './otlp-parts.ts'
import { asBuffer } from './protobuf-writer.ts'

/** A resource or scope, or what a record has in common with them. */
export interface Attributed {
  /** The content of each KeyValue. */
  attributes: readonly Part[]
  droppedAttributes: number
}

export interface OtlpGroup {
  readonly resource: Attributed & { schemaUrl: Part | undefined }
  readonly scope: Attributed & { name: Part | undefined; version: Part | undefined; schemaUrl: Part | undefined }
}

export interface OtlpRecord extends Attributed {
  /** Nanoseconds since 1970; 0 where it is not known. */
  time: bigint
  observedTime: bigint
  severityNumber: number
  severityText: Part | undefined
  /** The content of an AnyValue; undefined where there is none. */
  body: Part | undefined
  flags: number
  traceId: Part | undefined
  spanId: Part | undefined
  eventName: Part | undefined
}

export interface OtlpVisitor {
  /** Records that follow are of this resource and scope. */
  group(group: OtlpGroup): void
  record(record: OtlpRecord): void
}

/** Fields that are read beside those of `TAG`. */
const FIELD = {
  DROPPED_OF_RESOURCE: 0x10,
  ENTITY_REFS: 0x1a,
  DROPPED_OF_SCOPE: 0x20,
  DROPPED_OF_RECORD: 0x38,
  SCHEMA_URL: 0x1a,
} as const

/** Field 2, and the one that it replaced (see `otlp-schema.ts`). */
function isScopeLogs(tag: number): boolean {
  return tag === TAG.RESOURCE_LOGS_SCOPE_LOGS || tag === TAG.RESOURCE_LOGS_DEPRECATED_SCOPE_LOGS
}

/** The records of an ExportLogsServiceRequest. */
export function countRecords(bytes: Buffer): number {
  const wire = new WireReader(bytes)
  eachField({ wire, start: 0, end: bytes.length }, (tag, from, to) => {
    if (tag !== TAG.REQUEST_RESOURCE_LOGS) return
    eachField({ wire, start: from, end: to }, (inner, start, end) => {
      if (!isScopeLogs(inner)) return
      eachField({ wire, start, end }, (last) => {
        if (last === TAG.SCOPE_LOGS_LOG_RECORDS) wire.record += 1
      })
    })
  })
  return wire.record
}

/**
 * Reads an ExportLogsServiceRequest record by record. What is there more than once is read as protobuf says: the last
 * one counts, and messages are merged.
 *
 * @throws FieldsealError `FIELDSEAL_INPUT_MALFORMED`, with the number of the record.
 */
export function readOtlp(bytes: Buffer, losses: LossCount, visitor: OtlpVisitor): void {
  new OtlpReader(new WireReader(bytes), losses, visitor).request(bytes.length)
}

class OtlpReader {
  readonly #wire: WireReader
  readonly #losses: LossCount
  readonly #visitor: OtlpVisitor

  constructor(wire: WireReader, losses: LossCount, visitor: OtlpVisitor) {
    this.#wire = wire
    this.#losses = losses
    this.#visitor = visitor
  }

  #part(start: number, end: number): Part {
    return { wire: this.#wire, start, end }
  }

  request(length: number): void {
    eachField(this.#part(0, length), (tag, from, to) => {
      if (tag === TAG.REQUEST_RESOURCE_LOGS) this.#resourceLogs(this.#part(from, to))
      else this.#unknown()
    })
  }

  #unknown(): void {
    this.#losses.add('unknown_fields_left_out')
  }

  /** The resource may stand behind the records that are its own. */
  #resourceLogs(message: Part): void {
    const pieces: Part[] = []
    let schemaUrl: Part | undefined
    eachField(message, (tag, from, to) => {
      if (tag === TAG.RESOURCE_LOGS_RESOURCE) pieces.push(this.#part(from, to))
      else if (tag === FIELD.SCHEMA_URL) schemaUrl = this.#part(from, to)
      else if (!isScopeLogs(tag)) this.#unknown()
    })
    const resource = { ...this.#resource(joined(pieces)), schemaUrl }
    eachField(message, (tag, from, to) => {
      if (isScopeLogs(tag)) this.#scopeLogs(resource, this.#part(from, to))
    })
  }

  #resource(message: Part | undefined): Attributed {
    const attributes: Part[] = []
    let droppedAttributes = 0
    if (message === undefined) return { attributes, droppedAttributes }
    const { wire } = message
    eachField(message, (tag, from, to) => {
      if (tag === TAG.RESOURCE_ATTRIBUTES) attributes.push({ wire, start: from, end: to })
      else if (tag === FIELD.DROPPED_OF_RESOURCE) droppedAttributes = uint32(wire, from, to)
      else if (tag === FIELD.ENTITY_REFS) this.#losses.add('entity_references_left_out')
      else this.#unknown()
    })
    return { attributes, droppedAttributes }
  }

  #scopeLogs(resource: OtlpGroup['resource'], message: Part): void {
    const pieces: Part[] = []
    let schemaUrl: Part | undefined
    eachField(message, (tag, from, to) => {
      if (tag === TAG.SCOPE_LOGS_SCOPE) pieces.push(this.#part(from, to))
      else if (tag === FIELD.SCHEMA_URL) schemaUrl = this.#part(from, to)
      else if (tag !== TAG.SCOPE_LOGS_LOG_RECORDS) this.#unknown()
    })
    this.#visitor.group({ resource, scope: { ...this.#scope(joined(pieces)), schemaUrl } })
    eachField(message, (tag, from, to) => {
      if (tag !== TAG.SCOPE_LOGS_LOG_RECORDS) return
      this.#visitor.record(this.#record(this.#part(from, to)))
      this.#wire.record += 1
    })
  }

  #scope(message: Part | undefined): Omit<OtlpGroup['scope'], 'schemaUrl'> {
    const attributes: Part[] = []
    const scope = { attributes, droppedAttributes: 0, name: noPart, version: noPart }
    if (message === undefined) return scope
    const { wire } = message
    eachField(message, (tag, start, end) => {
      if (tag === TAG.SCOPE_ATTRIBUTES) attributes.push({ wire, start, end })
      else if (tag === TAG.SCOPE_NAME) scope.name = { wire, start, end }
      else if (tag === TAG.SCOPE_VERSION) scope.version = { wire, start, end }
      else if (tag === FIELD.DROPPED_OF_SCOPE) scope.droppedAttributes = uint32(wire, start, end)
      else this.#unknown()
    })
    return scope
  }

  #record(message: Part): OtlpRecord {
    const wire = this.#wire
    const bytes = asBuffer(wire.bytes)
    const attributes: Part[] = []
    const body: Part[] = []
    const record: OtlpRecord = {
      time: 0n,
      observedTime: 0n,
      severityNumber: 0,
      severityText: undefined,
      body: undefined,
      attributes,
      droppedAttributes: 0,
      flags: 0,
      traceId: undefined,
      spanId: undefined,
      eventName: undefined,
    }
    eachField(message, (tag, from, to) => {
      switch (tag) {
        case TAG.RECORD_TIME:
          record.time = bytes.readBigUInt64LE(from)
          break
        case TAG.RECORD_OBSERVED_TIME:
          record.observedTime = bytes.readBigUInt64LE(from)
          break
        case TAG.RECORD_SEVERITY_NUMBER:
          record.severityNumber = uint32(wire, from, to) | 0
          break
        case TAG.RECORD_SEVERITY_TEXT:
          record.severityText = this.#part(from, to)
          break
        case TAG.RECORD_BODY:
          body.push(this.#part(from, to))
          break
        case TAG.RECORD_ATTRIBUTES:
          attributes.push(this.#part(from, to))
          break
        case FIELD.DROPPED_OF_RECORD:
          record.droppedAttributes = uint32(wire, from, to)
          break
        case TAG.RECORD_FLAGS:
          record.flags = bytes.readUInt32LE(from)
          break
        case TAG.RECORD_TRACE_ID:
          record.traceId = this.#id(from, to, 16)
          break
        case TAG.RECORD_SPAN_ID:
          record.spanId = this.#id(from, to, 8)
          break
        case TAG.RECORD_EVENT_NAME:
          record.eventName = this.#part(from, to)
          break
        default:
          this.#unknown()
      }
    })
    record.body = joined(body)
    return record
  }

  /** OTLP: an id of another length is invalid, and an invalid one is absent. */
  #id(start: number, end: number, length: number): Part | undefined {
    if (end - start === length) return this.#part(start, end)
    if (end > start) this.#losses.add('id_left_out')
    return undefined
  }
}

const noPart = undefined as Part | undefined

function uint32(wire: WireReader, start: number, end: number): number {
  return Number(BigInt.asUintN(32, decodeVarint64(wire.bytes, start, end)))
}
