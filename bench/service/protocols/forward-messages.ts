import { HeaderReader, TYPE } from '../../../processor/formats/message-pack/header.ts'
import * as write from '../../../processor/formats/message-pack/write.ts'

/**
 * What stands behind the entries of each request: an entry whose record is nothing but its number. Whoever passes
 * entries on keeps it.
 */
const MARKER = Buffer.concat([
  write.arrayHeader(2),
  write.eventTime(1_790_000_000, 0),
  write.mapHeader(1),
  write.string('marker'),
  Buffer.from([0xcf]),
])
const NUMBER_BYTES = 8
export const MARKER_BYTES = MARKER.length + NUMBER_BYTES
const MESSAGE = Buffer.concat([write.arrayHeader(3), write.string('bench.w2')])

function marker(sequence: number): Buffer {
  const bytes = Buffer.alloc(NUMBER_BYTES)
  bytes.writeBigUInt64BE(BigInt(sequence))
  return Buffer.concat([MARKER, bytes])
}

/** `[tag, entries, {chunk}]`, the entries with a marker behind them: PackedForward. */
export function packed(entries: Buffer, sequence: number): Buffer[] {
  const option = write.map([[write.string('chunk'), write.string(String(sequence))]])
  return [MESSAGE, write.binaryHeader(entries.length + MARKER_BYTES), entries, marker(sequence), option]
}

export interface PackedMessage {
  readonly entries: Buffer
  /** The value of `chunk` with its header; undefined where no answer is wanted. */
  readonly chunk: Buffer | undefined
}

/** Reads a message that is PackedForward and not compressed. @throws where it is another one. */
export function readPacked(message: Buffer): PackedMessage {
  const reader = new HeaderReader(message)
  const tag = reader.read(0)
  const packed = reader.read(reader.read(tag))
  const { type, content } = reader
  if (type !== TYPE.BINARY && type !== TYPE.STRING) throw new Error('the entries are not packed')
  const entries = message.subarray(content, packed)
  let at = packed === message.length ? packed : reader.read(packed)
  const pairs = packed === message.length ? 0 : reader.length
  for (let pair = 0; pair < pairs; pair += 1) {
    const value = reader.read(at)
    const key = message.toString('latin1', reader.content, value)
    at = reader.skip(value, 1)
    if (key === 'chunk') return { entries, chunk: message.subarray(value, at) }
  }
  return { entries, chunk: undefined }
}

/** The number of entries that end in a marker. */
export function sequenceOf(entries: Buffer): number | undefined {
  const start = entries.length - MARKER_BYTES
  if (start < 0 || !entries.subarray(start, start + MARKER.length).equals(MARKER)) return undefined
  return Number(entries.readBigUInt64BE(start + MARKER.length))
}
