import { CHAR, JsonScanner } from '../json-scanner.ts'
import { TAG } from '../otlp-schema.ts'
import { JsonValues } from './json-values.ts'
import { DEEPEST } from './limits.ts'
import { AttributeNames, MEMBER } from './line-fields.ts'
import { type Holder, type ListItem, readHolder, readList, writeHolder, writeList } from './line-group.ts'
import { type LineMember, LineRecord } from './line-record.ts'
import { eachLine } from './lines.ts'
import type { LossCount } from './losses.ts'
import type { ProtobufWriter } from './protobuf-writer.ts'
import { addReferences, LIST_KEY } from './sealed-parts.ts'

/** Every sealed value that is a JSON text begins so. */
const SEALED_START = Buffer.from('{"protected":"')
const NAME_OF_LIST = LIST_KEY.toString('latin1')
const DROPPED = 0x38
/** Levels of JSON around the values of a resource: those of a record are counted as if they stood as deep. */
const VALUE_DEPTH = 3

export interface LineOptions {
  readonly bodyKeys: readonly string[]
  /** Observed time of records that have none. */
  readonly now: bigint
}

/** Writes lines as an OTLP request. Returns the number of records. */
export function linesToOtlp(
  bytes: Buffer,
  format: 'json-lines' | 'text',
  options: LineOptions,
  writer: ProtobufWriter,
  losses: LossCount,
): number {
  const lines = new Lines(bytes, options, writer, losses)
  eachLine(bytes, (start, end, first) => {
    if (format === 'json-lines' && bytes[first] === CHAR.OPEN_BRACE) lines.object(first, end)
    else lines.text(start, end)
  })
  return lines.end()
}

/** What the records of a ResourceLogs have in common: the JSON text of it. */
interface Group {
  readonly texts: readonly (Buffer | undefined)[]
  readonly scopeLogs: number
  readonly resourceLogs: number
}

class Lines {
  readonly #bytes: Buffer
  readonly #options: LineOptions
  readonly #writer: ProtobufWriter
  readonly #scanner: JsonScanner
  readonly #values: JsonValues
  readonly #names: AttributeNames
  #group: Group | undefined
  /** Resource and scope that were read last. */
  readonly #read: Partial<Record<keyof Holders, { readonly json: Buffer; readonly holder: Holder | undefined }>> = {}

  constructor(bytes: Buffer, options: LineOptions, writer: ProtobufWriter, losses: LossCount) {
    this.#bytes = bytes
    this.#options = options
    this.#writer = writer
    this.#scanner = new JsonScanner(bytes, bytes.length, DEEPEST + VALUE_DEPTH - 1)
    this.#values = new JsonValues(this.#scanner, writer, losses)
    this.#names = new AttributeNames(options.bodyKeys)
  }

  end(): number {
    this.#closeGroup()
    return this.#scanner.record
  }

  /** A line of text is a body. */
  text(start: number, end: number): void {
    this.#enter([undefined, undefined], () => {})
    const writer = this.#writer
    const record = writer.open(TAG.SCOPE_LOGS_LOG_RECORDS)
    const body = writer.open(TAG.RECORD_BODY)
    writer.text(TAG.ANY_STRING, this.#bytes, start, end)
    writer.close(body)
    writer.fixed64(TAG.RECORD_OBSERVED_TIME, this.#options.now)
    writer.close(record)
    this.#scanner.record += 1
  }

  object(start: number, end: number): void {
    const scanner = this.#scanner
    scanner.end = end
    const members = this.#members(start)
    // What a line of text becomes when it is sealed.
    if (this.#isSealed(start, members)) this.text(start, end)
    else this.#record(members)
  }

  #members(start: number): LineMember[] {
    const scanner = this.#scanner
    const members: LineMember[] = []
    const close = scanner.members(start, 0, (keyStart, keyEnd, value) => {
      const text = this.#values.text(keyStart, keyEnd)
      const key = scanner.escaped ? Buffer.from(text) : text
      const end = scanner.skipValue(value, 1)
      members.push({ key, name: key.toString('utf8'), start: value, end })
      return end
    })
    if (scanner.skipSpace(close) !== scanner.end) throw scanner.malformed('something follows the object', close)
    return members
  }

  /** The General JSON serialization of RFC 7516, as we write it. */
  #isSealed(start: number, members: readonly LineMember[]): boolean {
    if (!SEALED_START.equals(this.#bytes.subarray(start, start + SEALED_START.length))) return false
    return members.map(({ name }) => name).join() === 'protected,recipients,iv,ciphertext,tag'
  }

  #record(members: readonly LineMember[]): void {
    const record = new LineRecord(this.#scanner, members, this.#options.bodyKeys)
    const holders = this.#holders(members, record.fields)
    const { own, resource, scope } = this.#lists(members, record.fields, holders)
    const texts = [holders.resource?.member, holders.scope?.member, ...resource, ...scope].map((range) =>
      range === undefined ? undefined : this.#bytes.subarray(range.start, range.end),
    )
    const writer = this.#writer
    this.#enter(texts, (kind) => {
      const holder = holders[kind]?.holder
      const list = kind === MEMBER.RESOURCE ? resource : scope
      if (holder !== undefined) writeHolder(kind, holder, list, writer, this.#values)
    })
    this.#write(record, members, own)
    this.#scanner.record += 1
  }

  #holders(members: readonly LineMember[], fields: Set<LineMember>): Holders {
    const read = (kind: keyof Holders) => {
      const member = members.find(({ name }) => name === kind)
      const holder = member === undefined ? undefined : this.#holder(kind, member)
      if (member === undefined || holder === undefined) return undefined
      fields.add(member)
      return { member, holder }
    }
    return { resource: read(MEMBER.RESOURCE), scope: read(MEMBER.SCOPE) }
  }

  /** Most lines have the resource of the line before: what was read there holds here. */
  #holder(kind: keyof Holders, member: LineMember): Holder | undefined {
    const json = this.#bytes.subarray(member.start, member.end)
    const before = this.#read[kind]
    if (before?.json.equals(json) === true) return before.holder
    const holder = readHolder(this.#values, member)
    this.#read[kind] = { json, holder }
    return holder
  }

  /**
   * A line has one list of sealed parts, and in OTLP record, resource and scope have one each: an element goes to those
   * whose texts refer to it. What no text refers to may be referred to within another part, and goes to all of them.
   */
  #lists(members: readonly LineMember[], fields: Set<LineMember>, { resource, scope }: Holders): Lists {
    const ofResource = this.#references([resource?.member])
    const ofScope = this.#references([scope?.member])
    const list = members.find(({ name }) => name === NAME_OF_LIST)
    const items = list === undefined || ofResource.size + ofScope.size === 0 ? undefined : readList(this.#values, list)
    if (list === undefined || items === undefined) return { own: [], resource: [], scope: [] }
    fields.add(list)
    const others = [list, resource?.member, scope?.member]
    const ofRecord = this.#references(members.filter((member) => !others.includes(member)))
    const isHidden = ({ id }: ListItem) =>
      id === undefined || !(ofRecord.has(id) || ofResource.has(id) || ofScope.has(id))
    const of = (ids: ReadonlySet<string>) =>
      ids.size === 0 ? [] : items.filter((item) => isHidden(item) || ids.has(item.id!))
    const own = items.filter((item) => isHidden(item) || ofRecord.has(item.id!))
    return { own, resource: of(ofResource), scope: of(ofScope) }
  }

  #references(members: readonly (LineMember | undefined)[]): Set<string> {
    const ids = new Set<string>()
    for (const member of members) {
      if (member !== undefined) addReferences(this.#bytes.subarray(member.start, member.end), ids)
    }
    return ids
  }

  /** Begins another ResourceLogs where what records have in common is not what it was. */
  #enter(
    texts: readonly (Buffer | undefined)[],
    write: (kind: typeof MEMBER.RESOURCE | typeof MEMBER.SCOPE) => void,
  ): void {
    const before = this.#group?.texts
    const isSame = before?.length === texts.length && before.every((text, index) => same(text, texts[index]))
    if (isSame) return
    this.#closeGroup()
    const resourceLogs = this.#writer.open(TAG.REQUEST_RESOURCE_LOGS)
    write(MEMBER.RESOURCE)
    const scopeLogs = this.#writer.open(TAG.RESOURCE_LOGS_SCOPE_LOGS)
    write(MEMBER.SCOPE)
    this.#group = { texts, scopeLogs, resourceLogs }
  }

  #closeGroup(): void {
    if (this.#group === undefined) return
    this.#writer.close(this.#group.scopeLogs)
    this.#writer.close(this.#group.resourceLogs)
    this.#group = undefined
  }

  #write(line: LineRecord, members: readonly LineMember[], own: readonly ListItem[]): void {
    const writer = this.#writer
    const values = this.#values
    const { severity } = line
    const record = writer.open(TAG.SCOPE_LOGS_LOG_RECORDS)
    if (line.time !== undefined && line.time > 0n) writer.fixed64(TAG.RECORD_TIME, line.time)
    if (severity.number !== 0) writer.int64(TAG.RECORD_SEVERITY_NUMBER, BigInt(severity.number))
    if (severity.text !== '') writer.bytes(TAG.RECORD_SEVERITY_TEXT, Buffer.from(severity.text))
    if (line.body !== undefined) values.field(TAG.RECORD_BODY, line.body.start, VALUE_DEPTH)
    for (const member of members) {
      if (line.fields.has(member)) continue
      const name = this.#names.attributeOf(member.name)
      const key = name === member.name ? member.key : Buffer.from(name)
      values.entry(TAG.RECORD_ATTRIBUTES, key, member.start, VALUE_DEPTH)
    }
    if (own.length > 0) writeList(TAG.RECORD_ATTRIBUTES, own, writer, values)
    if (line.droppedAttributes > 0) writer.varint(DROPPED, line.droppedAttributes)
    if (line.flags > 0) writer.fixed32(TAG.RECORD_FLAGS, line.flags)
    if (line.traceId !== '') writer.bytes(TAG.RECORD_TRACE_ID, Buffer.from(line.traceId, 'hex'))
    if (line.spanId !== '') writer.bytes(TAG.RECORD_SPAN_ID, Buffer.from(line.spanId, 'hex'))
    writer.fixed64(TAG.RECORD_OBSERVED_TIME, line.observedTime ?? this.#options.now)
    if (line.eventName !== '') writer.bytes(TAG.RECORD_EVENT_NAME, Buffer.from(line.eventName))
    writer.close(record)
  }
}

interface Holders {
  readonly resource: { readonly member: LineMember; readonly holder: Holder } | undefined
  readonly scope: { readonly member: LineMember; readonly holder: Holder } | undefined
}

interface Lists {
  readonly own: readonly ListItem[]
  readonly resource: readonly ListItem[]
  readonly scope: readonly ListItem[]
}

function same(one: Buffer | undefined, other: Buffer | undefined): boolean {
  return one === undefined || other === undefined ? one === other : one.equals(other)
}
