import { arrayHeader, binaryHeader, eventTime, mapHeader, string } from '../message-pack/write.ts'
import { TAG } from '../otlp-schema.ts'
import { ByteWriter } from './byte-writer.ts'
import { GROUP_END, GROUP_START, NAME, TAG_ATTRIBUTE } from './forward-names.ts'
import { MEMBER } from './line-fields.ts'
import { type LossCount, UNCOUNTED } from './losses.ts'
import { type FlattenedGroup, Flattening, type Member } from './members.ts'
import { MessagePackOutput } from './message-pack-output.ts'
import {
  type Attributed,
  bytesOf,
  elementsOf,
  type OtlpGroup,
  type OtlpRecord,
  type OtlpVisitor,
  type Part,
  readContent,
  readEntry,
  readOtlp,
} from './otlp-reader.ts'
import { tooLarge } from './protobuf-writer.ts'
import { LIST_KEY } from './sealed-parts.ts'
import { isoText } from './time.ts'

const SECOND = 1_000_000_000n
/** Bytes of the longest tag that a record may choose. */
const LONGEST_TAG = 256
const KEY_OF_TAG = Buffer.from(TAG_ATTRIBUTE)
const NO_MAP = mapHeader(0)
const ENTRY = arrayHeader(2)

export interface OutgoingForwardOptions {
  readonly bodyKeys: readonly string[]
  /** Of records that have no attribute `fluent.tag`. */
  readonly tag: string
  /** Whether everything of OTLP is kept, in groups and metadata. */
  readonly otlpMetadata: boolean
  /** Time of records that have none. */
  readonly now: bigint
}

export interface ForwardMessage {
  readonly tag: string
  readonly records: number
  readonly bytes: Buffer
}

/** The records of an OTLP request, given as protobuf, as PackedForward messages: one for each tag. */
export function otlpToForward(
  bytes: Buffer,
  options: OutgoingForwardOptions,
  limit: number,
  losses: LossCount,
): { readonly bytes: Buffer; readonly messages: readonly ForwardMessage[] } {
  const events = new Events(bytes.length, options, limit, losses)
  readOtlp(bytes, losses, events)
  return events.finish()
}

/** An entry that has been written, and the group that it is of. */
interface Entry {
  readonly start: number
  readonly end: number
  readonly group: number
}

class Events implements OtlpVisitor {
  readonly #options: OutgoingForwardOptions
  readonly #limit: number
  readonly #losses: LossCount
  readonly #flattening: Flattening
  readonly #writer: ByteWriter
  readonly #output: MessagePackOutput
  readonly #byTag = new Map<string, Entry[]>()
  /** The marks with which groups begin. */
  readonly #groups: Buffer[] = []
  #bytesOfGroups = 0
  /** Until its first record comes: where a group has none, nothing is worked out for it. */
  #pending: OtlpGroup | undefined
  #flattened: FlattenedGroup = { resource: undefined, scope: undefined, sealed: [] }
  #resource: OtlpGroup['resource'] | undefined
  #resources = -1
  #scopes = 0

  constructor(bytes: number, options: OutgoingForwardOptions, limit: number, losses: LossCount) {
    this.#options = options
    this.#limit = limit
    this.#losses = losses
    this.#flattening = new Flattening(options.bodyKeys, losses)
    this.#writer = new ByteWriter(bytes + 64, limit)
    this.#output = new MessagePackOutput(this.#writer, losses)
  }

  group(group: OtlpGroup): void {
    this.#pending = group
  }

  #begin(group: OtlpGroup): void {
    this.#pending = undefined
    if (!this.#options.otlpMetadata) {
      this.#flattened = this.#flattening.group(group)
      return
    }
    this.#scopes = group.resource === this.#resource ? this.#scopes + 1 : 0
    if (group.resource !== this.#resource) this.#resources += 1
    this.#resource = group.resource
    const mark = this.#mark(group)
    this.#groups.push(mark)
    // A resource stands in the mark of each of its scopes.
    this.#bytesOfGroups += mark.length
    if (this.#bytesOfGroups > this.#limit) throw tooLarge(this.#limit)
  }

  record(record: OtlpRecord): void {
    if (this.#pending !== undefined) this.#begin(this.#pending)
    const start = this.#writer.length
    const tag = this.#options.otlpMetadata ? this.#whole(record) : this.#flat(record)
    const entry = { start, end: this.#writer.length, group: this.#groups.length - 1 }
    const entries = this.#byTag.get(tag)
    if (entries === undefined) this.#byTag.set(tag, [entry])
    else entries.push(entry)
  }

  /** An entry's time: the record's own, or the one nearest to it. Beyond the year 2106 EventTime has none. */
  #time({ time, observedTime }: OtlpRecord): bigint {
    const known = [time, observedTime, this.#options.now].find((value) => value > 0n && fits(value))
    return known ?? 0n
  }

  #flat(record: OtlpRecord): string {
    const { tag, attributes } = this.#takeTag(record)
    const members = this.#flattening.record({ ...record, attributes }, this.#flattened, false)
    if (!fits(record.time)) members.unshift(textMember(MEMBER.TIME, isoText(record.time)))
    this.#writer.put(ENTRY)
    this.#writer.put(eventTimeOf(this.#time(record)))
    this.#output.members(members)
    return tag
  }

  /** The tag of a record, and its other attributes. */
  #takeTag({ attributes }: OtlpRecord): { tag: string; attributes: readonly Part[] } {
    for (const [index, attribute] of attributes.entries()) {
      const tag = this.#tagIn(attribute)
      if (tag !== undefined) return { tag, attributes: attributes.toSpliced(index, 1) }
    }
    return { tag: this.#options.tag, attributes }
  }

  /** The tag that an attribute states, if it can be one: a short text without control characters, and not sealed. */
  #tagIn(attribute: Part): string | undefined {
    const { key, value } = readEntry(attribute, UNCOUNTED)
    if (!bytesOf(key).equals(KEY_OF_TAG)) return undefined
    const content = readContent(value, UNCOUNTED)
    if (content.tag !== TAG.ANY_STRING) return undefined
    const text = bytesOf(content)
    const isTag = text.length > 0 && text.length <= LONGEST_TAG && !text.some((byte) => byte < 0x20 || byte === 0x7f)
    return isTag ? text.toString('utf8') : undefined
  }

  /** The record as fluent-bit has it: the body, and all else in the metadata (Forward protocol v1.5). */
  #whole(record: OtlpRecord): string {
    const time = this.#time(record)
    this.#writer.put(ENTRY)
    this.#writer.put(ENTRY)
    this.#writer.put(eventTimeOf(time))
    this.#metadata(record, time)
    this.#body(record.body)
    return this.#takeTag(record).tag
  }

  #metadata(record: OtlpRecord, entryTime: bigint): void {
    const output = this.#output
    const pairs: (readonly [name: string, write: () => void])[] = []
    const integer = (name: string, value: number | bigint, isThere: boolean) => {
      if (isThere) pairs.push([name, () => output.integer(value)])
    }
    const text = (name: string, part: Part | undefined) => {
      if (part !== undefined && part.end > part.start) pairs.push([name, () => output.text(bytesOf(part))])
    }
    const id = (name: string, part: Part | undefined) => {
      if (part !== undefined) pairs.push([name, () => output.binary(bytesOf(part))])
    }
    integer(NAME.OBSERVED_TIMESTAMP, record.observedTime, record.observedTime > 0n)
    integer(NAME.TIMESTAMP, record.time, record.time !== entryTime)
    integer(NAME.SEVERITY_NUMBER, record.severityNumber, record.severityNumber !== 0)
    text(NAME.SEVERITY_TEXT, record.severityText)
    if (record.attributes.length > 0) pairs.push([NAME.ATTRIBUTES, () => output.entries(record.attributes, 0)])
    integer(NAME.DROPPED_ATTRIBUTES, record.droppedAttributes, record.droppedAttributes > 0)
    id(NAME.TRACE_ID, record.traceId)
    id(NAME.SPAN_ID, record.spanId)
    integer(NAME.TRACE_FLAGS, record.flags, record.flags > 0)
    text(NAME.EVENT_NAME, record.eventName)
    output.map(1)
    output.name(NAME.OTLP)
    output.map(pairs.length)
    for (const [name, write] of pairs) {
      output.name(name)
      write()
    }
  }

  /** A map stands for itself, unless it would be taken for something else. */
  #body(body: Part | undefined): void {
    const output = this.#output
    const content = body === undefined ? undefined : readContent(body, UNCOUNTED)
    if (body === undefined || content === undefined || content.tag === 0) {
      output.map(0)
      return
    }
    const entries = content.tag === TAG.ANY_MAP ? elementsOf(content, UNCOUNTED) : []
    const keys = entries.map((entry) => bytesOf(readEntry(entry, UNCOUNTED).key))
    const looksWrapped = keys.length === 1 && keys[0]!.toString('latin1') === NAME.LOG
    if (keys.length === 0 || looksWrapped || keys.some((key) => key.equals(LIST_KEY))) {
      output.map(1)
      output.name(NAME.LOG)
    }
    output.any(body, 0)
  }

  /** The entry with which a group begins: resource and scope of the records behind it. */
  #mark({ resource, scope }: OtlpGroup): Buffer {
    const writer = new ByteWriter(256, this.#limit)
    const output = new MessagePackOutput(writer, this.#losses)
    writer.put(ENTRY)
    writer.put(ENTRY)
    writer.put(eventTime(GROUP_START, 0))
    output.map(3)
    output.name(NAME.SCHEMA)
    output.name('otlp')
    output.name(NAME.RESOURCE_ID)
    output.integer(this.#resources)
    output.name(NAME.SCOPE_ID)
    output.integer(this.#scopes)
    output.map(2)
    output.name(NAME.RESOURCE)
    holder(output, resource, [[NAME.SCHEMA_URL, resource.schemaUrl]])
    output.name(NAME.SCOPE)
    holder(output, scope, [
      [NAME.SCOPE_NAME, scope.name],
      [NAME.VERSION, scope.version],
      [NAME.SCHEMA_URL, scope.schemaUrl],
    ])
    return writer.finish()
  }

  finish(): { bytes: Buffer; messages: ForwardMessage[] } {
    const entries = this.#writer.finish()
    const all = new ByteWriter(entries.length + 256, this.#limit)
    const ranges: { tag: string; records: number; start: number; end: number }[] = []
    for (const [tag, ofTag] of this.#byTag) {
      const start = all.length
      const stream = this.#stream(ofTag)
      all.put(arrayHeader(3))
      all.put(string(tag))
      all.put(binaryHeader(stream.reduce((length, piece) => length + piece.length, 0)))
      for (const piece of stream) all.put(piece)
      all.put(mapHeader(1))
      all.put(string('size'))
      new MessagePackOutput(all, this.#losses).integer(ofTag.length)
      ranges.push({ tag, records: ofTag.length, start, end: all.length })
    }
    const bytes = all.finish()
    return {
      bytes,
      messages: ranges.map(({ tag, records, start, end }) => ({ tag, records, bytes: bytes.subarray(start, end) })),
    }
  }

  /** The entries of one tag, with the marks of their groups: stretches of bytes. */
  #stream(ofTag: readonly Entry[]): Uint8Array[] {
    const entries = this.#writer.finish()
    const pieces: Uint8Array[] = []
    let group = -1
    for (const { start, end, group: own } of ofTag) {
      if (own !== group) {
        if (group >= 0) pieces.push(GROUP_ENDS)
        if (own >= 0) pieces.push(this.#groups[own]!)
        group = own
      }
      pieces.push(entries.subarray(start, end))
    }
    if (group >= 0) pieces.push(GROUP_ENDS)
    return pieces
  }
}

const GROUP_ENDS = Buffer.concat([ENTRY, ENTRY, eventTime(GROUP_END, 0), NO_MAP, NO_MAP])

function holder(
  output: MessagePackOutput,
  { attributes, droppedAttributes }: Attributed,
  texts: readonly (readonly [name: string, text: Part | undefined])[],
): void {
  const given = texts.filter(([, text]) => text !== undefined && text.end > text.start)
  output.map(given.length + 1 + (droppedAttributes > 0 ? 1 : 0))
  for (const [name, text] of given) {
    output.name(name)
    output.text(bytesOf(text!))
  }
  output.name(NAME.ATTRIBUTES)
  output.entries(attributes, 0)
  if (droppedAttributes === 0) return
  output.name(NAME.DROPPED_ATTRIBUTES)
  output.integer(droppedAttributes)
}

function fits(time: bigint): boolean {
  return time / SECOND < BigInt(GROUP_END)
}

function eventTimeOf(time: bigint): Buffer {
  return eventTime(Number(time / SECOND), Number(time % SECOND))
}

function textMember(name: string, text: string): Member {
  return { key: Buffer.from(name), value: { kind: 'string', text } }
}
