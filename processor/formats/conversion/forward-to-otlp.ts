import { TAG } from '../otlp-schema.ts'
import { type ForwardEntry, readForward } from './forward-messages.ts'
import { METADATA_ATTRIBUTE, NAME, TAG_ATTRIBUTE } from './forward-names.ts'
import type { LossCount } from './losses.ts'
import { MessagePackValues } from './message-pack-values.ts'
import type { ProtobufWriter } from './protobuf-writer.ts'
import { LIST_KEY } from './sealed-parts.ts'

const FIELD = { DROPPED_OF_RESOURCE: 0x10, DROPPED_OF_SCOPE: 0x20, DROPPED_OF_RECORD: 0x38, SCHEMA_URL: 0x1a } as const
const KEY_OF_TAG = Buffer.from(TAG_ATTRIBUTE)
const KEY_OF_METADATA = Buffer.from(METADATA_ATTRIBUTE)

export interface ForwardOptions {
  readonly bodyKeys: readonly string[]
  /** Observed time of records that have none. */
  readonly now: bigint
}

/** Writes a message of Fluent Forward as an OTLP request. Returns the number of records. */
export function forwardToOtlp(
  bytes: Buffer,
  options: ForwardOptions,
  writer: ProtobufWriter,
  losses: LossCount,
): number {
  const events = new Events(bytes, options, writer, losses)
  return events.run()
}

const OF_GROUP: ReadonlySet<string> = new Set([NAME.RESOURCE, NAME.SCOPE])
const OF_HOLDER: ReadonlySet<string> = new Set([
  NAME.ATTRIBUTES,
  NAME.DROPPED_ATTRIBUTES,
  NAME.SCHEMA_URL,
  NAME.SCOPE_NAME,
  NAME.VERSION,
])
const OF_RECORD: ReadonlySet<string> = new Set([
  NAME.TIMESTAMP,
  NAME.OBSERVED_TIMESTAMP,
  NAME.SEVERITY_NUMBER,
  NAME.SEVERITY_TEXT,
  NAME.ATTRIBUTES,
  NAME.TRACE_ID,
  NAME.SPAN_ID,
  NAME.TRACE_FLAGS,
  NAME.EVENT_NAME,
  NAME.DROPPED_ATTRIBUTES,
])

/** Where values start, by their names. */
type Places = ReadonlyMap<string, number>

class Events {
  readonly #bytes: Buffer
  readonly #options: ForwardOptions
  readonly #writer: ProtobufWriter
  readonly #losses: LossCount
  readonly #values: MessagePackValues
  #tag: Buffer = Buffer.alloc(0)
  /** What the records of the group that was begun last have in common. */
  #group: Places | undefined
  #open: { readonly scopeLogs: number; readonly resourceLogs: number } | undefined
  #records = 0

  constructor(bytes: Buffer, options: ForwardOptions, writer: ProtobufWriter, losses: LossCount) {
    this.#bytes = bytes
    this.#options = options
    this.#writer = writer
    this.#losses = losses
    this.#values = new MessagePackValues(bytes, writer, losses)
  }

  run(): number {
    let isLogs = true
    readForward(this.#bytes, this.#values, this.#losses, {
      begin: (tag, signal) => {
        this.#tag = tag
        isLogs = signal === 0n
      },
      entry: (entry) => {
        if (isLogs) this.#entry(entry)
        else if (entry.kind === 'event') this.#losses.add('other_signals_left_out')
      },
    })
    this.#close()
    return this.#records
  }

  #entry(entry: ForwardEntry): void {
    const values = this.#values
    if (!values.isMap(entry.record)) throw values.reader.malformed('a record is no map', entry.record)
    if (entry.kind === 'event') {
      this.#event(entry)
      return
    }
    this.#close()
    this.#group = entry.kind === 'group-start' ? this.#places(entry.record, OF_GROUP) : undefined
  }

  /** @param known - names that will be asked for; what else is there is counted. */
  #places(at: number, known?: ReadonlySet<string>): Places {
    const values = this.#values
    const places = new Map<string, number>()
    values.pairs(at, (key, value) => {
      const name = key.toString('latin1')
      places.set(name, value)
      if (known !== undefined && !known.has(name)) this.#losses.add('forward_fields_left_out')
      return values.skip(value)
    })
    return places
  }

  #map(places: Places | undefined, name: string): number | undefined {
    const at = places?.get(name)
    return at !== undefined && this.#values.isMap(at) ? at : undefined
  }

  #close(): void {
    if (this.#open === undefined) return
    this.#writer.close(this.#open.scopeLogs)
    this.#writer.close(this.#open.resourceLogs)
    this.#open = undefined
  }

  /** Begins the ResourceLogs of the group, where its first record comes. */
  #begin(): void {
    if (this.#open !== undefined) return
    const writer = this.#writer
    const resource = this.#holder(NAME.RESOURCE)
    const scope = this.#holder(NAME.SCOPE)
    const resourceLogs = writer.open(TAG.REQUEST_RESOURCE_LOGS)
    if (resource !== undefined) {
      const message = writer.open(TAG.RESOURCE_LOGS_RESOURCE)
      this.#attributes(resource, TAG.RESOURCE_ATTRIBUTES)
      this.#count(resource, FIELD.DROPPED_OF_RESOURCE)
      writer.close(message)
      this.#text(resource, NAME.SCHEMA_URL, FIELD.SCHEMA_URL)
    }
    const scopeLogs = writer.open(TAG.RESOURCE_LOGS_SCOPE_LOGS)
    if (scope !== undefined) {
      const message = writer.open(TAG.SCOPE_LOGS_SCOPE)
      this.#text(scope, NAME.SCOPE_NAME, TAG.SCOPE_NAME)
      this.#text(scope, NAME.VERSION, TAG.SCOPE_VERSION)
      this.#attributes(scope, TAG.SCOPE_ATTRIBUTES)
      this.#count(scope, FIELD.DROPPED_OF_SCOPE)
      writer.close(message)
      this.#text(scope, NAME.SCHEMA_URL, FIELD.SCHEMA_URL)
    }
    this.#open = { scopeLogs, resourceLogs }
  }

  #holder(name: string): Places | undefined {
    const at = this.#map(this.#group, name)
    return at === undefined ? undefined : this.#places(at, OF_HOLDER)
  }

  #event({ time, metadata, record }: ForwardEntry): void {
    this.#begin()
    const places = metadata < 0 ? new Map<string, number>() : this.#places(metadata)
    const otlp = this.#map(places, NAME.OTLP)
    const message = this.#writer.open(TAG.SCOPE_LOGS_LOG_RECORDS)
    if (otlp === undefined) this.#bare(time, record)
    else this.#whole(time, this.#places(otlp, OF_RECORD), record)
    this.#otherMetadata(metadata, otlp)
    this.#writer.close(message)
    this.#records += 1
    this.#values.reader.record = this.#records
  }

  #time(time: bigint | undefined): void {
    if (time === undefined) this.#losses.add('time_left_out')
    else if (time > 0n) this.#writer.fixed64(TAG.RECORD_TIME, time)
  }

  /** The OpenTelemetry Collector's rules (fluentforwardreceiver). */
  #bare(time: bigint | undefined, record: number): void {
    const writer = this.#writer
    const values = this.#values
    const body = this.#bodyOf(record)
    this.#time(time)
    if (body >= 0) values.field(TAG.RECORD_BODY, body, 0)
    values.pairs(
      record,
      (key, value) => (value === body ? values.skip(value) : values.entry(TAG.RECORD_ATTRIBUTES, key, value, 0)),
      this.#losses,
    )
    const entry = writer.open(TAG.RECORD_ATTRIBUTES)
    writer.bytes(TAG.KEY, KEY_OF_TAG)
    const value = writer.open(TAG.VALUE)
    writer.text(TAG.ANY_STRING, this.#tag)
    writer.close(value)
    writer.close(entry)
    writer.fixed64(TAG.RECORD_OBSERVED_TIME, this.#options.now)
  }

  /** The first of `body_keys` that is there; of several pairs with that key the last one. */
  #bodyOf(record: number): number {
    const places = this.#places(record)
    for (const key of this.#options.bodyKeys) {
      const found = places.get(Buffer.from(key).toString('latin1'))
      if (found !== undefined) return found
    }
    return -1
  }

  /** A record whose fields of OTLP stand in its metadata. */
  #whole(time: bigint | undefined, otlp: Places, record: number): void {
    const writer = this.#writer
    const values = this.#values
    const integer = (name: string) => {
      const at = otlp.get(name)
      return (at === undefined ? undefined : values.integerAt(at)) ?? 0n
    }
    this.#time(otlp.has(NAME.TIMESTAMP) ? BigInt.asUintN(64, integer(NAME.TIMESTAMP)) : time)
    const severity = BigInt.asIntN(32, integer(NAME.SEVERITY_NUMBER))
    if (severity !== 0n) writer.int64(TAG.RECORD_SEVERITY_NUMBER, severity)
    this.#text(otlp, NAME.SEVERITY_TEXT, TAG.RECORD_SEVERITY_TEXT)
    const list = this.#wholeBody(record)
    this.#attributes(otlp, TAG.RECORD_ATTRIBUTES, list)
    this.#count(otlp, FIELD.DROPPED_OF_RECORD)
    const flags = BigInt.asUintN(32, integer(NAME.TRACE_FLAGS))
    if (flags !== 0n) writer.fixed32(TAG.RECORD_FLAGS, Number(flags))
    this.#id(otlp, NAME.TRACE_ID, TAG.RECORD_TRACE_ID, 16)
    this.#id(otlp, NAME.SPAN_ID, TAG.RECORD_SPAN_ID, 8)
    const observed = BigInt.asUintN(64, integer(NAME.OBSERVED_TIMESTAMP))
    writer.fixed64(TAG.RECORD_OBSERVED_TIME, observed === 0n ? this.#options.now : observed)
    this.#text(otlp, NAME.EVENT_NAME, TAG.RECORD_EVENT_NAME)
  }

  /**
   * The record is the body, or holds it under `log`; an empty one has none.
   *
   * @returns where the list of sealed parts starts: what seals Forward puts it into the record.
   */
  #wholeBody(record: number): number | undefined {
    const writer = this.#writer
    const values = this.#values
    const pairs: (readonly [key: Buffer, value: number])[] = []
    let list: number | undefined
    values.pairs(
      record,
      (key, value) => {
        if (list === undefined && key.equals(LIST_KEY) && values.isArray(value)) list = value
        else pairs.push([key, value])
        return values.skip(value)
      },
      this.#losses,
    )
    const [only] = pairs
    if (only !== undefined && pairs.length === 1 && only[0].toString('latin1') === NAME.LOG) {
      values.field(TAG.RECORD_BODY, only[1], 0)
    } else if (only !== undefined) {
      const body = writer.open(TAG.RECORD_BODY)
      const map = writer.open(TAG.ANY_MAP)
      for (const [key, value] of pairs) values.entry(TAG.VALUES, key, value, 1)
      writer.close(map)
      writer.close(body)
    }
    return list
  }

  /** @param list - the record's own list of sealed parts: there is one only, so that both become one. */
  #attributes(places: Places, tag: number, list?: number): void {
    const values = this.#values
    const lists = list === undefined ? [] : [list]
    const at = this.#map(places, NAME.ATTRIBUTES)
    if (at !== undefined) {
      values.pairs(
        at,
        (key, value) => {
          if (list === undefined || !key.equals(LIST_KEY) || !values.isArray(value))
            return values.entry(tag, key, value, 0)
          lists.push(value)
          return values.skip(value)
        },
        this.#losses,
      )
    }
    if (lists.length > 0) values.listEntry(tag, LIST_KEY, lists)
  }

  #count(places: Places, tag: number): void {
    const at = places.get(NAME.DROPPED_ATTRIBUTES)
    const count = at === undefined ? 0n : (this.#values.integerAt(at) ?? 0n)
    if (count > 0n && count < 2n ** 32n) this.#writer.varint(tag, Number(count))
  }

  #text(places: Places, name: string, tag: number): void {
    const at = places.get(name)
    const text = at === undefined ? undefined : this.#values.textAt(at)
    if (text !== undefined && text.length > 0) this.#writer.text(tag, text)
  }

  /** Of bytes, or in hexadecimal. */
  #id(places: Places, name: string, tag: number, length: number): void {
    const at = places.get(name)
    const text = at === undefined ? undefined : this.#values.textAt(at)
    if (text === undefined || text.length === 0) return
    const bytes = text.length === length * 2 ? Buffer.from(text.toString('latin1'), 'hex') : text
    if (bytes.length === length) this.#writer.bytes(tag, bytes)
    else this.#losses.add('id_left_out')
  }

  #otherMetadata(metadata: number, otlp: number | undefined): void {
    const values = this.#values
    const others: [Buffer, number][] = []
    if (metadata >= 0) {
      values.pairs(
        metadata,
        (key, value) => {
          if (value !== otlp) others.push([key, value])
          return values.skip(value)
        },
        this.#losses,
      )
    }
    if (others.length === 0) return
    const writer = this.#writer
    const entry = writer.open(TAG.RECORD_ATTRIBUTES)
    writer.bytes(TAG.KEY, KEY_OF_METADATA)
    const value = writer.open(TAG.VALUE)
    const map = writer.open(TAG.ANY_MAP)
    for (const [key, at] of others) values.entry(TAG.VALUES, key, at, 1)
    writer.close(map)
    writer.close(value)
    writer.close(entry)
  }
}
