import { type HeaderReader, TYPE } from './message-pack/header.ts'

/** Where the parts of a message of Fluent Forward stand. */
export interface ForwardParts {
  /** Content of the tag. */
  readonly tagStart: number
  readonly tagEnd: number
  /** By the type of the second element (Forward Protocol v1, "Event Modes"). */
  readonly mode: 'message' | 'forward' | 'packed'
  /** The second element: the time, the array of entries, or what holds the stream of entries. */
  readonly at: number
  /** Where its content starts. */
  readonly content: number
  /** Entries of an array, bytes of a stream. */
  readonly size: number
  readonly hasOption: boolean
}

/**
 * Takes the beginning of a message apart.
 *
 * @returns undefined for `nil`, by which a sender says that it is there ("Heartbeat Message").
 * @throws FieldsealError `FIELDSEAL_INPUT_MALFORMED` where it is no message, or compressed.
 */
export function forwardParts(reader: HeaderReader): ForwardParts | undefined {
  const first = reader.read(0)
  if (reader.type === TYPE.NIL) return undefined
  const { type, length } = reader
  if (type !== TYPE.ARRAY || length < 2) throw reader.malformed('a message is an array of a tag and entries', 0)
  const at = reader.read(first)
  if (!isText(reader)) throw reader.malformed('a tag is a text', first)
  const tagStart = reader.content
  reader.read(at)
  const mode = isText(reader) ? 'packed' : reader.type === TYPE.ARRAY ? 'forward' : 'message'
  const [least, most] = mode === 'message' ? [3, 4] : [2, 3]
  if (length < least || length > most) throw reader.malformed('a message has too many elements, or too few', 0)
  return { tagStart, tagEnd: at, mode, at, content: reader.content, size: reader.length, hasOption: length === most }
}

/** Tags, keys and streams of entries may be either: older senders know no bin. */
export function isText({ type }: HeaderReader): boolean {
  return type === TYPE.STRING || type === TYPE.BINARY
}
