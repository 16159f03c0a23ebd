import { FieldsealError } from '../../errors.ts'
import { HeaderReader, TYPE } from '../../formats/message-pack/header.ts'
import { isText, type Options, readOptions } from './options.ts'
import { isTag } from './tag.ts'

/** A message as it came: `[tag, time, record, option?]`, or `[tag, entries, option?]`. Offsets are into `bytes`. */
export interface Message {
  readonly bytes: Buffer
  /** By the type of the second element (Forward Protocol v1, "Event Modes"). */
  readonly mode: 'message' | 'forward' | 'packed'
  /** Content of the tag. */
  readonly tag: Buffer
  /** The second element with its header, and where its content starts. */
  readonly second: number
  readonly content: number
  /** Where the option starts; the end of the message where there is none. */
  readonly optionStart: number
  readonly options: Options
  /** Whether it is one plain event that can stand in a stream of entries with others. */
  readonly plain: boolean
}

/** Why a message can never be accepted, and the chunk by which to say so, where it can be known. */
export interface Unacceptable {
  readonly error: FieldsealError
  readonly chunk: Buffer | undefined
}

/** EventTime from here on marks the beginning or the end of a group (Fluent Bit), and is no time. */
const FIRST_MARKER = 0xfffffffe

/**
 * Takes a message apart, and decodes none of its records.
 *
 * @param starts - where its elements begin, from the start of the message; at least two.
 */
export function readMessage(bytes: Buffer, starts: readonly number[]): Message | Unacceptable {
  const reader = new HeaderReader(bytes)
  const [tagStart = 0, second = 0] = starts
  reader.read(second)
  const mode = isText(reader) ? 'packed' : reader.type === TYPE.ARRAY ? 'forward' : 'message'
  const { content } = reader
  const plainTime = isPlainTime(reader, bytes)
  const elements = mode === 'message' ? 3 : 2
  const optionStart = starts[elements] ?? bytes.length
  const malformed = (message: string, chunk?: Buffer): Unacceptable => ({
    error: new FieldsealError('FIELDSEAL_INPUT_MALFORMED', message),
    chunk,
  })
  if (starts.length < elements || starts.length > elements + 1)
    return malformed('a message has too many elements, or too few')
  const options = optionStart === bytes.length ? NO_OPTIONS : readOptions(bytes, optionStart)
  if ('problem' in options) return malformed(options.problem, options.chunk)
  reader.read(tagStart)
  const tag = bytes.subarray(reader.content, second)
  if (!isText(reader) || !isTag(tag))
    return malformed('a tag is a text of 1 to 1024 bytes without control characters', options.chunk)
  const plain = mode === 'message' && plainTime && !options.others
  return { bytes, mode, tag, second, content, optionStart, options, plain }
}

export const NO_OPTIONS: Options = { chunk: undefined, compression: undefined, signal: 0, others: false }

function isPlainTime({ type, length, extensionType, content }: HeaderReader, bytes: Buffer): boolean {
  if (type !== TYPE.EXTENSION) return type >= TYPE.UNSIGNED && type <= TYPE.FLOAT64
  return extensionType === 0 && length === 8 && bytes.readUInt32BE(content) < FIRST_MARKER
}
