import { type ForwardParts, forwardParts } from '../forward-message.ts'
import { type HeaderReader, TYPE } from '../message-pack/header.ts'
import { GROUP_END, GROUP_START } from './forward-names.ts'
import type { LossCount } from './losses.ts'
import type { MessagePackValues } from './message-pack-values.ts'
import { epochNanoseconds } from './time.ts'

/** One event of a Forward message, or the mark of a group. */
export interface ForwardEntry {
  readonly kind: 'event' | 'group-start' | 'group-end'
  /** Nanoseconds since 1970; 0 where it is not known (fluentd takes 0 for now); undefined where it is no time. */
  readonly time: bigint | undefined
  /** Where the metadata starts; -1 where there is none. */
  readonly metadata: number
  /** Where the record starts. */
  readonly record: number
}

export interface ForwardVisitor {
  /** Called first. @param signal - 0 for logs. */
  begin(tag: Buffer, signal: bigint): void
  entry(entry: ForwardEntry): void
}

interface Option {
  readonly signal: bigint
  readonly metadata: number
}

/** Options that are of the message and not of its events. */
const OF_MESSAGE: ReadonlySet<string> = new Set(['chunk', 'size', 'compressed'])

/**
 * Reads one message of Fluent Forward in any of its modes (protocol v1, "Event Modes"; v1.5, "Metadata").
 *
 * @throws FieldsealError `FIELDSEAL_INPUT_MALFORMED`, with the number of the event.
 */
export function readForward(
  bytes: Buffer,
  values: MessagePackValues,
  losses: LossCount,
  visitor: ForwardVisitor,
): void {
  const { reader } = values
  const parts = forwardParts(reader)
  const isMessage = parts?.mode === 'message'
  const record = parts === undefined ? 0 : values.skip(parts.at)
  const behind = isMessage ? values.skip(record) : record
  // A heartbeat is all that has no parts.
  const end = parts === undefined ? 1 : parts.hasOption ? values.skip(behind) : behind
  if (end !== bytes.length) throw reader.malformed('something follows the message', end)
  if (parts === undefined) return
  const option = parts.hasOption ? readOption(values, behind, isMessage, losses) : { signal: 0n, metadata: -1 }
  visitor.begin(bytes.subarray(parts.tagStart, parts.tagEnd), option.signal)
  if (isMessage) visitor.entry({ ...readTime(values, parts.at), metadata: option.metadata, record })
  else readEntries(values, parts, record, visitor)
}

function readOption(values: MessagePackValues, at: number, isMessage: boolean, losses: LossCount): Option {
  const { reader } = values
  reader.read(at)
  if (isNil(reader)) return { signal: 0n, metadata: -1 }
  let signal = 0n
  let metadata = -1
  values.pairs(at, (key, value) => {
    const name = key.toString('latin1')
    const end = values.skip(value)
    if (name === 'fluent_signal') signal = values.integerAt(value) ?? 0n
    else if (name === 'metadata' && isMessage && values.isMap(value)) metadata = value
    else if (!OF_MESSAGE.has(name)) losses.add('forward_fields_left_out')
    else if (name === 'compressed' && values.textAt(value)?.toString('latin1') !== 'text')
      throw reader.malformed('a compressed message is not inflated here', value)
    return end
  })
  return { signal, metadata }
}

/** @param end - where the array of entries ends, or the text in which they stand: none of them may reach beyond it. */
function readEntries(
  values: MessagePackValues,
  { mode, content, size }: ForwardParts,
  end: number,
  visitor: ForwardVisitor,
): void {
  const { reader } = values
  let pending = mode === 'packed' ? Number.POSITIVE_INFINITY : size
  reader.end = end
  for (let position = content; pending > 0 && position < end; pending -= 1) {
    const time = reader.read(position)
    if (isNil(reader)) {
      position = time
      continue
    }
    if (reader.type !== TYPE.ARRAY || reader.length !== 2)
      throw reader.malformed('an entry is a time and a record', position)
    const record = values.skip(time)
    position = values.skip(record)
    visitor.entry({ ...readTime(values, time), record })
  }
}

function isNil({ type }: HeaderReader): boolean {
  return type === TYPE.NIL
}

function readTime(values: MessagePackValues, at: number): Omit<ForwardEntry, 'record'> {
  const { reader } = values
  const next = reader.read(at)
  const { type, length, content } = reader
  if (type === TYPE.ARRAY) {
    if (length !== 2) throw reader.malformed('a time is none', at)
    const second = values.skip(next)
    reader.read(next)
    if (reader.type === TYPE.ARRAY) throw reader.malformed('a time is none', next)
    return { ...readTime(values, next), metadata: values.isMap(second) ? second : -1 }
  }
  if (type === TYPE.EXTENSION && reader.extensionType === 0 && length === 8) {
    const seconds = readUint32(reader.bytes, content)
    const kind = seconds === GROUP_START ? 'group-start' : seconds === GROUP_END ? 'group-end' : 'event'
    const time = BigInt(seconds) * 1_000_000_000n + BigInt(readUint32(reader.bytes, content + 4))
    return { kind, time, metadata: -1 }
  }
  return { kind: 'event', time: numericTime(values), metadata: -1 }
}

function readUint32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! * 0x1000000 + (bytes[at + 1]! << 16) + (bytes[at + 2]! << 8) + bytes[at + 3]!) >>> 0
}

/** Seconds, as the protocol has it, or what else some clients send, as milliseconds in a double. */
function numericTime({ reader }: MessagePackValues): bigint | undefined {
  const { type } = reader
  if (type === TYPE.UNSIGNED || type === TYPE.SIGNED) return epochNanoseconds(String(reader.integer()))
  if (type === TYPE.FLOAT32 || type === TYPE.FLOAT64) return epochNanoseconds(String(reader.float()))
  return undefined
}
