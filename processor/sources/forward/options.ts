import { HeaderReader, TYPE } from '../../formats/message-pack/header.ts'

/** What the option of a message says that matters here (Forward Protocol v1.5, "Option"). */
export interface Options {
  /** The value of `chunk` with its header, a copy; undefined where no acknowledgement is wanted. */
  readonly chunk: Buffer | undefined
  readonly compression: 'gzip' | 'zstd' | undefined
  /** `fluent_signal`: 0 for logs. */
  readonly signal: number
  /** Whether there is more in it that means something, such as `metadata`. */
  readonly others: boolean
}

export interface WrongOptions {
  readonly problem: string
  readonly chunk: Buffer | undefined
}

/** An acknowledgement is to stay below 1 KiB: Fluent Bit reads no more. */
const LONGEST_CHUNK = 1000

/** Nesting of what is passed over; the scanner has let in no more. */
const DEPTH = 256

/** Reads the option that stands from `start` to the end of the message. Of equal keys the last counts. */
export function readOptions(bytes: Buffer, start: number): Options | WrongOptions {
  const reader = new HeaderReader(bytes)
  let at = reader.read(start)
  let chunk: Buffer | undefined
  let compression: Options['compression']
  let signal = 0
  let others = false
  let problem: string | undefined
  // Docker sends nil.
  const pairs = reader.type === TYPE.MAP ? reader.length : 0
  if (reader.type !== TYPE.MAP && reader.type !== TYPE.NIL) problem = 'an option is a map'
  for (let pair = 0; pair < pairs; pair += 1) {
    const valueStart = reader.skip(at, DEPTH)
    const key = keyAt(reader, bytes, at)
    reader.read(valueStart)
    const value = isText(reader) ? bytes.subarray(reader.content, reader.content + reader.length) : undefined
    if (key === 'chunk') {
      chunk = undefined
      if (value === undefined) problem = reader.type === TYPE.NIL ? problem : 'a chunk is a text'
      else if (value.length > LONGEST_CHUNK) problem = `a chunk has more than ${LONGEST_CHUNK} bytes`
      else chunk = Buffer.from(bytes.subarray(valueStart, reader.content + reader.length))
    } else if (key === 'compressed') {
      const name = value?.toString('latin1')
      compression = name === 'gzip' || name === 'zstd' ? name : undefined
      if (compression === undefined && name !== 'text' && reader.type !== TYPE.NIL)
        problem = 'the compression is not known'
    } else if (key === 'fluent_signal') {
      // What is no small number is none of the signals that there are.
      signal = reader.type === TYPE.UNSIGNED ? Number(reader.integer()) : reader.type === TYPE.NIL ? 0 : -1
    } else if (key !== 'size') {
      others = true
    }
    at = reader.skip(valueStart, DEPTH)
  }
  return problem === undefined ? { chunk, compression, signal, others } : { problem, chunk }
}

function keyAt(reader: HeaderReader, bytes: Buffer, at: number): string | undefined {
  reader.read(at)
  return isText(reader) && reader.length <= 16
    ? bytes.toString('latin1', reader.content, reader.content + reader.length)
    : undefined
}

/** Tags, keys and streams of entries may be either: older clients know no bin. */
export function isText({ type }: HeaderReader): boolean {
  return type === TYPE.STRING || type === TYPE.BINARY
}

/** The option without `compressed`, as MessagePack: that of a message that has been inflated. */
export function withoutCompressed(bytes: Buffer, start: number): Buffer {
  const reader = new HeaderReader(bytes)
  let at = reader.read(start)
  const { length } = reader
  const kept: Buffer[] = []
  for (let pair = 0; pair < length; pair += 1) {
    const end = reader.skip(reader.skip(at, DEPTH), DEPTH)
    if (keyAt(reader, bytes, at) !== 'compressed') kept.push(bytes.subarray(at, end))
    at = end
  }
  const header = Buffer.from([0xdf, 0, 0, 0, 0])
  header.writeUInt32BE(kept.length, 1)
  return Buffer.concat([header, ...kept])
}
