import { TAG } from '../otlp-schema.ts'
import { type ForwardEntry, readForward } from './forward-messages.ts'
import { METADATA_ATTRIBUTE, NAME, TAG_ATTRIBUTE } from './forward-names.ts'
import { ForwardPlaces, type Places } from './forward-places.ts'
import { WholeRecords, writeTime } from './forward-record.ts'
import type { LossCount } from './losses.ts'
import { MessagePackValues } from './message-pack-values.ts'
import type { ProtobufWriter } from './protobuf-writer.ts'

const FIELD = { DROPPED_OF_RESOURCE: 0x10, DROPPED_OF_SCOPE: 0x20, SCHEMA_URL: 0x1a } as const
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
class Events {
  readonly #bytes: Buffer
  readonly #options: ForwardOptions
  readonly #writer: ProtobufWriter
  readonly #losses: LossCount
  readonly #values: MessagePackValues
  readonly #places: ForwardPlaces
  readonly #whole: WholeRecords
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
    this.#places = new ForwardPlaces(this.#values, writer, losses)
    this.#whole = new WholeRecords(this.#values, this.#places, writer, losses)
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
    this.#group = entry.kind === 'group-start' ? this.#places.of(entry.record, OF_GROUP) : undefined
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
      this.#places.attributes(resource, TAG.RESOURCE_ATTRIBUTES)
      this.#places.count(resource, FIELD.DROPPED_OF_RESOURCE)
      writer.close(message)
      this.#places.text(resource, NAME.SCHEMA_URL, FIELD.SCHEMA_URL)
    }
    const scopeLogs = writer.open(TAG.RESOURCE_LOGS_SCOPE_LOGS)
    if (scope !== undefined) {
      const message = writer.open(TAG.SCOPE_LOGS_SCOPE)
      this.#places.text(scope, NAME.SCOPE_NAME, TAG.SCOPE_NAME)
      this.#places.text(scope, NAME.VERSION, TAG.SCOPE_VERSION)
      this.#places.attributes(scope, TAG.SCOPE_ATTRIBUTES)
      this.#places.count(scope, FIELD.DROPPED_OF_SCOPE)
      writer.close(message)
      this.#places.text(scope, NAME.SCHEMA_URL, FIELD.SCHEMA_URL)
    }
    this.#open = { scopeLogs, resourceLogs }
  }

  #holder(name: string): Places | undefined {
    const at = this.#places.map(this.#group, name)
    return at === undefined ? undefined : this.#places.of(at, OF_HOLDER)
  }

  #event({ time, metadata, record }: ForwardEntry): void {
    this.#begin()
    const places = metadata < 0 ? new Map<string, number>() : this.#places.of(metadata)
    const otlp = this.#places.map(places, NAME.OTLP)
    const message = this.#writer.open(TAG.SCOPE_LOGS_LOG_RECORDS)
    if (otlp === undefined) this.#bare(time, record)
    else this.#whole.write(time, otlp, record, this.#options.now)
    this.#otherMetadata(metadata, otlp)
    this.#writer.close(message)
    this.#records += 1
    this.#values.reader.record = this.#records
  }

  /** The OpenTelemetry Collector's rules (fluentforwardreceiver). */
  #bare(time: bigint | undefined, record: number): void {
    const writer = this.#writer
    const values = this.#values
    const body = this.#bodyOf(record)
    writeTime(time, this.#writer, this.#losses)
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
    const places = this.#places.of(record)
    for (const key of this.#options.bodyKeys) {
      const found = places.get(Buffer.from(key).toString('latin1'))
      if (found !== undefined) return found
    }
    return -1
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
