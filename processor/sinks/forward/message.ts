import { forwardParts, isText } from '../../formats/forward-message.ts'
import { HeaderReader, TYPE } from '../../formats/message-pack/header.ts'
import { arrayHeader, binaryHeader, integer, mapHeader, string } from '../../formats/message-pack/write.ts'

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
 * Takes a message apart.
 *
 * @throws FieldsealError `FIELDSEAL_INPUT_MALFORMED` where it is none, or is compressed: by then batches are not.
 */
export function readMessage(bytes: Buffer): ForwardMessage {
  const reader = new HeaderReader(bytes)
  const parts = forwardParts(reader)
  if (parts === undefined) throw reader.malformed('the message is none', 0)
  const { tagStart, tagEnd, mode, at, content, size, hasOption } = parts
  const tag = bytes.subarray(tagStart, tagEnd)
  const end = reader.endOf(mode === 'message' ? reader.endOf(at) : at)
  const options = readOptions(reader, end, hasOption)
  if (mode === 'message') return { tag, entries: bytes.subarray(at, end), mode, size: 1, options }
  return {
    tag,
    entries: bytes.subarray(content, end),
    mode: 'packed',
    size: mode === 'forward' ? size : undefined,
    options,
  }
}

function readOptions(reader: HeaderReader, start: number, hasOption: boolean): Option[] {
  const options: Option[] = []
  let at = start
  if (hasOption) {
    at = reader.read(start)
    if (reader.type !== TYPE.MAP && reader.type !== TYPE.NIL) throw reader.malformed('the option is no map', start)
    for (let pairs = reader.length; pairs > 0; pairs -= 1) {
      const keyEnd = reader.read(at)
      if (!isText(reader)) throw reader.malformed('the option has a key that is no text', at)
      const key = latin1(reader, keyEnd)
      const end = reader.endOf(keyEnd)
      if (key === 'compressed' && !isPlain(reader, keyEnd)) throw reader.malformed('the message is compressed', at)
      if (!OURS.has(key)) options.push({ key, bytes: reader.bytes.subarray(at, end) })
      at = end
    }
  }
  if (at !== reader.end) throw reader.malformed('something stands behind the message', at)
  return options
}

function isPlain(reader: HeaderReader, at: number): boolean {
  const end = reader.read(at)
  return isText(reader) && latin1(reader, end) === 'text'
}

function latin1({ bytes, content }: HeaderReader, end: number): string {
  return Buffer.from(bytes.subarray(content, end)).toString('latin1')
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
