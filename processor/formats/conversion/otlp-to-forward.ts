import { isUtf8 } from 'node:buffer'
import { arrayHeader, eventTime } from '../message-pack/write.ts'
import { TAG } from '../otlp-schema.ts'
import { ByteWriter } from './byte-writer.ts'
import { groupStart, writeBody, writeMetadata } from './forward-metadata.ts'
import { GROUP_END, TAG_ATTRIBUTE } from './forward-names.ts'
import { TaggedEntries } from './forward-stream.ts'
import { MEMBER } from './line-fields.ts'
import { type LossCount, UNCOUNTED } from './losses.ts'
import { type FlattenedGroup, Flattening, type Member } from './members.ts'
import { MessagePackOutput } from './message-pack-output.ts'
import { bytesOf, type Part, readContent, readEntry } from './otlp-parts.ts'
import { type OtlpGroup, type OtlpRecord, type OtlpVisitor, readOtlp } from './otlp-reader.ts'
import { isSealedText } from './sealed-parts.ts'
import { isoText } from './time.ts'

const SECOND = 1_000_000_000n
/** Bytes of the longest tag that a record may choose. */
const LONGEST_TAG = 256
const KEY_OF_TAG = Buffer.from(TAG_ATTRIBUTE)
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

/** The records of an OTLP request, given as protobuf, as PackedForward messages: one for each tag. */
export function otlpToForward(
  bytes: Buffer,
  options: OutgoingForwardOptions,
  limit: number,
  losses: LossCount,
): ReturnType<TaggedEntries['finish']> {
  const events = new Events(bytes.length, options, limit, losses)
  readOtlp(bytes, losses, events)
  return events.finish()
}

class Events implements OtlpVisitor {
  readonly #options: OutgoingForwardOptions
  readonly #limit: number
  readonly #losses: LossCount
  readonly #flattening: Flattening
  readonly #writer: ByteWriter
  readonly #output: MessagePackOutput
  readonly #entries: TaggedEntries
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
    this.#entries = new TaggedEntries(limit)
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
    const ids = { resource: this.#resources, scope: this.#scopes }
    this.#entries.beginGroup(groupStart(group, ids, this.#limit, this.#losses))
  }

  record(record: OtlpRecord): void {
    if (this.#pending !== undefined) this.#begin(this.#pending)
    const start = this.#writer.length
    const tag = this.#options.otlpMetadata ? this.#whole(record) : this.#flat(record)
    this.#entries.add(tag, start, this.#writer.length)
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
    return isTag && isUtf8(text) && !isSealedText(text.toString('latin1')) ? text.toString('utf8') : undefined
  }

  /** The record as fluent-bit has it: the body, and all else in the metadata (Forward protocol v1.5). */
  #whole(record: OtlpRecord): string {
    const time = this.#time(record)
    this.#writer.put(ENTRY)
    this.#writer.put(ENTRY)
    this.#writer.put(eventTimeOf(time))
    writeMetadata(this.#output, record, time)
    writeBody(this.#output, record.body)
    return this.#takeTag(record).tag
  }

  finish(): ReturnType<TaggedEntries['finish']> {
    return this.#entries.finish(this.#writer.finish())
  }
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
