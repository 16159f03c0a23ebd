import { NODE } from '../../rules/plan.ts'
import { FieldsealError } from '../errors.ts'
import { type Batch, KIND, OWNER_KIND } from './batch.ts'
import { ForwardGroupWalk } from './forward-group.ts'
import { type ForwardParts, forwardParts } from './forward-message.ts'
import { ForwardMetadataWalk } from './forward-metadata.ts'
import { ForwardOptionWalk } from './forward-option.ts'
import { ForwardRecordWalk } from './forward-record.ts'
import { type HeaderReader, TYPE } from './message-pack/header.ts'
import { CurrentOwner } from './message-pack/owners.ts'
import { MessagePackWalk } from './message-pack/walk.ts'

/** Extension type and length of an EventTime (Forward Protocol v1, "EventTime Ext Format"). */
const EVENT_TIME = { TYPE: 0, LENGTH: 8 } as const
/** Seconds of the EventTime of markers of Fluent Bit: a group begins, a group ends. */
const GROUP_START = 0xffffffff
const GROUP_END = 0xfffffffe

/** Walks over one message of Fluent Forward, in any of its modes. Nothing is decoded. */
export class ForwardWalk {
  readonly #batch: Batch
  readonly #reader: HeaderReader
  readonly #owner: CurrentOwner
  readonly #values: MessagePackWalk
  readonly #record: ForwardRecordWalk
  readonly #metadata: ForwardMetadataWalk
  readonly #group: ForwardGroupWalk
  readonly #addsRows: boolean
  /** Of the time that was read last; -1 where it was no EventTime. */
  #seconds = -1

  constructor(batch: Batch) {
    this.#batch = batch
    this.#owner = new CurrentOwner(batch)
    this.#values = new MessagePackWalk(batch, this.#owner)
    this.#reader = this.#values.reader
    this.#record = new ForwardRecordWalk(batch, this.#values)
    this.#metadata = new ForwardMetadataWalk(batch, this.#values)
    this.#group = new ForwardGroupWalk(batch, this.#values, this.#owner)
    this.#addsRows = batch.hasRows
  }

  message(): void {
    const parts = forwardParts(this.#reader)
    const end = parts === undefined ? 1 : this.#message(parts)
    if (end !== this.#batch.length) throw this.#reader.malformed('something follows the message', end)
  }

  #message(parts: ForwardParts): number {
    this.#owner.setTag(parts.tagStart, parts.tagEnd)
    const { trie, hasRows } = this.#batch
    const tag = trie.root('tag')
    // The leak scan's alone: rules do nothing about a tag.
    if (!hasRows && (tag.flags & NODE.SCAN) !== 0)
      this.#batch.add(KIND.TEXT, parts.tagStart, parts.tagEnd, tag, -1, parts.tagStart, parts.tagStart)
    else if (hasRows && this.#batch.wantsRecord(0, parts.tagEnd)) {
      this.#owner.enter(OWNER_KIND.RESOURCE, -1, -1)
      this.#owner.index()
    }
    const option = new ForwardOptionWalk(this.#batch, this.#values, this.#owner, parts.mode === 'message')
    let at: number
    if (parts.mode === 'message') at = this.#single(parts, option)
    else at = parts.mode === 'packed' ? this.#stream(parts) : this.#entries(parts)
    return parts.hasOption ? option.walk(at) : at
  }

  #stream({ content, size }: ForwardParts): number {
    const end = content + size
    this.#reader.end = end
    for (let at = content; at < end; ) at = this.#entry(at)
    this.#reader.end = this.#batch.length
    return end
  }

  #entries({ content, size }: ForwardParts): number {
    let at = content
    for (let i = 0; i < size; i += 1) at = this.#entry(at)
    return at
  }

  /** Message mode: all of the message is one record's. */
  #single(parts: ForwardParts, option: ForwardOptionWalk): number {
    const batch = this.#batch
    this.#checkSize(0, batch.length)
    const record = this.#time(parts.at)
    let end = -1
    if (this.#addsRows) {
      end = this.#reader.endOf(record)
      this.#owner.enter(OWNER_KIND.RECORD, record, end)
    }
    if (batch.wantsRecord(0, batch.length)) {
      end = this.#record.walk(record)
      if (parts.hasOption) option.metadata(end, (metadata) => this.#metadata.walk(metadata))
    }
    batch.records += 1
    return end
  }

  /** `[time, record]` or `[[time, metadata], record]`. */
  #entry(at: number): number {
    const batch = this.#batch
    const reader = this.#reader
    reader.record = batch.records
    const first = reader.read(at)
    // A heartbeat.
    if (reader.type === TYPE.NIL) return first
    if (reader.type !== TYPE.ARRAY || reader.length !== 2) throw reader.malformed('an entry is a time and a record', at)
    const second = reader.read(first)
    const hasMetadata = reader.type === TYPE.ARRAY
    if (hasMetadata && reader.length !== 2) throw reader.malformed('a time is followed by metadata', first)
    const behindTime = this.#time(hasMetadata ? second : first)
    if (this.#seconds >= GROUP_END) return this.#marker(at, behindTime, hasMetadata)
    if (this.#addsRows) return this.#rowsOf(at, behindTime, hasMetadata)
    const end = this.#record.walk(hasMetadata ? this.#metadata.walk(behindTime) : behindTime)
    this.#checkSize(at, end)
    batch.records += 1
    return end
  }

  /** An entry of which only what matters is walked. */
  #rowsOf(at: number, behindTime: number, hasMetadata: boolean): number {
    const batch = this.#batch
    const record = hasMetadata ? this.#reader.endOf(behindTime) : behindTime
    const end = this.#reader.endOf(record)
    this.#checkSize(at, end)
    if (batch.wantsRecord(at, end)) {
      this.#owner.setPlace(at, end)
      this.#owner.enter(OWNER_KIND.RECORD, record, end)
      if (hasMetadata) this.#metadata.walk(behindTime)
      this.#record.walk(record)
    }
    batch.records += 1
    return end
  }

  #marker(at: number, behindTime: number, hasMetadata: boolean): number {
    const isStart = this.#seconds === GROUP_START
    this.#owner.leaveGroup()
    const end = this.#group.body(hasMetadata ? this.#group.metadata(behindTime) : behindTime)
    this.#checkSize(at, end)
    if (!isStart) this.#owner.leaveGroup()
    return end
  }

  /** @returns where the time at `at` ends: an EventTime, seconds, milliseconds as a float, or none. */
  #time(at: number): number {
    const reader = this.#reader
    const next = reader.read(at)
    const { type, length, content } = reader
    this.#seconds = -1
    if (type <= TYPE.FLOAT64 && type !== TYPE.BOOLEAN) return next
    if (type !== TYPE.EXTENSION || reader.extensionType !== EVENT_TIME.TYPE || length !== EVENT_TIME.LENGTH)
      throw reader.malformed('a time is a number or an EventTime', at)
    this.#seconds = this.#batch.view.getUint32(content)
    return next
  }

  #checkSize(start: number, end: number): void {
    const { limits, records: record } = this.#batch
    if (end - start > limits.record)
      throw new FieldsealError('FIELDSEAL_INPUT_TOO_LARGE', 'the record is over limits.record', {
        record,
        offset: start,
      })
  }
}
