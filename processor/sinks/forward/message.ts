import { HeaderReader, TYPE } from '../../formats/message-pack/header.ts'
import { arrayHeader, binaryHeader, integer, mapHeader, string } from '../../formats/message-pack/write.ts'

/** Deeper than a record can be that the engine has let pass, with what a message has around it. */
const DEEPEST = 256

/** Options that are said anew of what is sent. The others are passed on as they came. */
const OURS: ReadonlySet<string> = new Set(['size', 'chunk', 'compressed'])
/** Per record in Message mode (Forward Protocol v1.5): nowhere else would it be understood. */
const METADATA = 'metadata'

const FIRST_OF_ENTRY = arrayHeader(2)
const GZIP = [string('compressed'), string('gzip')]

/** What a Forward message consists of. Everything is a part of the bytes that it was read from, and nothing is decoded. */
export interface ForwardMessage {
  readonly tag: Uint8Array
  /** Records as a stream of `[time, record]`, as PackedForward has them; in Message mode `time, record` alone. */
  readonly entries: Uint8Array
  readonly mode: 'packed' | 'message'
  /** Number of entries; undefined where they would have to be counted. */
  readonly size: number | undefined
  readonly options: readonly Option[]
}

interface Option {
  readonly key: string
  /** Key and value as they stand. */
  readonly bytes: Uint8Array
}

/**
 * Takes a message apart: Message, Forward or PackedForward mode, by the type of its second element (Forward Protocol v1,
 * "Event Modes").
 *
 * @throws FieldsealError where it is none, or is compressed: by then batches are not.
 */
export function readMessage(bytes: Buffer): ForwardMessage {
  const reader = new HeaderReader(bytes)
  let at = reader.read(0)
  const { length } = reader
  if (reader.type !== TYPE.ARRAY || length < 2 || length > 4) throw reader.malformed('the message is no array', 0)
  const tagEnd = reader.read(at)
  if (!isText(reader)) throw reader.malformed('the message has no tag', at)
  const tag = bytes.subarray(reader.content, tagEnd)
  at = tagEnd
  const second = reader.read(at)
  const { type, content, length: size } = reader
  if (isText(reader)) {
    const options = readOptions(reader, second, length - 2)
    return { tag, entries: bytes.subarray(content, second), mode: 'packed', size: undefined, options }
  }
  if (type === TYPE.ARRAY) {
    const end = reader.skip(at, DEEPEST)
    const options = readOptions(reader, end, length - 2)
    return { tag, entries: bytes.subarray(content, end), mode: 'packed', size, options }
  }
  if (length < 3) throw reader.malformed('the message has no record', at)
  const end = reader.skip(reader.skip(at, 0), DEEPEST)
  const options = readOptions(reader, end, length - 3)
  return { tag, entries: bytes.subarray(at, end), mode: 'message', size: 1, options }
}

function isText({ type }: HeaderReader): boolean {
  return type === TYPE.STRING || type === TYPE.BINARY
}

/** @param rest - elements that stand at `at`: the option, or none. */
function readOptions(reader: HeaderReader, start: number, rest: number): Option[] {
  const options: Option[] = []
  let at = start
  if (rest > 1) throw reader.malformed('the message has too many elements', start)
  if (rest === 1) {
    at = reader.read(start)
    if (reader.type !== TYPE.MAP && reader.type !== TYPE.NIL) throw reader.malformed('the option is no map', start)
    for (let pairs = reader.length; pairs > 0; pairs -= 1) {
      const keyEnd = reader.read(at)
      if (!isText(reader)) throw reader.malformed('the option has a key that is no text', at)
      const key = Buffer.from(reader.bytes.subarray(reader.content, keyEnd)).toString('latin1')
      const end = reader.skip(keyEnd, DEEPEST)
      const option = { key, bytes: reader.bytes.subarray(at, end) }
      if (key === 'compressed' && !isPlain(reader, keyEnd)) throw reader.malformed('the message is compressed', at)
      if (!OURS.has(key)) options.push(option)
      at = end
    }
  }
  if (at !== reader.end) throw reader.malformed('something stands behind the message', at)
  return options
}

function isPlain(reader: HeaderReader, at: number): boolean {
  const end = reader.read(at)
  return isText(reader) && Buffer.from(reader.bytes.subarray(reader.content, end)).toString('latin1') === 'text'
}

/** Whether the entries can be sent in PackedForward, and so compressed. What is not keeps the mode that it came in. */
export function isPackable({ mode, options }: ForwardMessage): boolean {
  return mode === 'packed' || !options.some(({ key }) => key === METADATA)
}

/** The packed entries: as parts that make a stream one behind the other. */
export function packedEntries({ mode, entries }: ForwardMessage): Uint8Array[] {
  return mode === 'packed' ? [entries] : [FIRST_OF_ENTRY, entries]
}

export interface Envelope {
  /** As UTF-8. */
  readonly tag: Uint8Array
  /** Says which acknowledgement is meant; absent where none is wanted. */
  readonly chunk: string | undefined
  readonly size: number
  readonly options: readonly Option[]
}

/** A message in PackedForward mode, as parts to be written one behind the other. */
export function packedMessage(envelope: Envelope, entries: readonly Uint8Array[], compressed: boolean): Uint8Array[] {
  const length = entries.reduce((sum, part) => sum + part.length, 0)
  const head = [arrayHeader(3), string(envelope.tag), binaryHeader(length)]
  return [Buffer.concat(head), ...entries, optionMap(envelope, compressed)]
}

/** A message in Message mode: `[tag, time, record, option]`. */
export function plainMessage(envelope: Envelope, entry: Uint8Array): Uint8Array[] {
  return [Buffer.concat([arrayHeader(4), string(envelope.tag)]), entry, optionMap(envelope, false)]
}

function optionMap({ chunk, size, options }: Envelope, compressed: boolean): Buffer {
  const pairs = [
    [string('size'), integer(size)],
    ...(chunk === undefined ? [] : [[string('chunk'), string(chunk)]]),
    ...(compressed ? [GZIP] : []),
    ...options.map(({ bytes }) => [bytes]),
  ]
  return Buffer.concat([mapHeader(pairs.length), ...pairs.flat()])
}
