import { TAG } from '../otlp-schema.ts'
import { WIRE, WireReader } from '../protobuf-wire.ts'
import type { LossCount } from './losses.ts'
import { asBuffer } from './protobuf-writer.ts'

/** The content of a message or text: most often a range of the batch, and a copy where it was there in pieces. */
export interface Part {
  readonly wire: WireReader
  readonly start: number
  readonly end: number
}

/** Goes through a message: of a field with a length `from` is where its content starts. */
export function eachField(
  { wire, start, end }: Part,
  visit: (tag: number, from: number, to: number, field: number) => void,
): void {
  let position = start
  while (position < end) {
    const field = position
    const tag = wire.varint31(position, end)
    const behindTag = wire.at
    position = wire.skip(tag, behindTag, end)
    visit(tag, (tag & 7) === WIRE.LEN ? wire.at : behindTag, position, field)
  }
}

/** Pieces of one message: protobuf merges them as if they stood behind each other. */
export function joined(pieces: readonly Part[]): Part | undefined {
  if (pieces.length < 2) return pieces[0]
  const bytes = Buffer.concat(pieces.map(({ wire, start, end }) => wire.bytes.subarray(start, end)))
  const wire = new WireReader(bytes)
  wire.record = pieces[0]!.wire.record
  return { wire, start: 0, end: bytes.length }
}

/** A key and its AnyValue. */
export interface Entry {
  readonly key: Part
  readonly value: Part
}

export function readEntry(entry: Part, losses: LossCount): Entry {
  const { wire } = entry
  let key: Part = { wire, start: entry.end, end: entry.end }
  const values: Part[] = []
  eachField(entry, (tag, start, end) => {
    if (tag === TAG.KEY) key = { wire, start, end }
    else if (tag === TAG.VALUE) values.push({ wire, start, end })
    else losses.add('unknown_fields_left_out')
  })
  return { key, value: joined(values) ?? { wire, start: entry.end, end: entry.end } }
}

/** What an AnyValue holds: one of its fields, or none. */
export interface Content extends Part {
  /** The tag of the field; 0 where the value is empty. */
  readonly tag: number
}

const KNOWN: ReadonlySet<number> = new Set([
  TAG.ANY_STRING,
  TAG.ANY_BOOL,
  TAG.ANY_INT,
  TAG.ANY_DOUBLE,
  TAG.ANY_ARRAY,
  TAG.ANY_MAP,
  TAG.ANY_BYTES,
])

export function readContent(value: Part, losses: LossCount): Content {
  const { wire } = value
  const found: Content[] = []
  eachField(value, (tag, start, end) => {
    if (KNOWN.has(tag)) found.push({ tag, wire, start, end })
    else losses.add('unknown_fields_left_out')
  })
  const last = found.at(-1)
  if (last === undefined) return { tag: 0, wire, start: value.end, end: value.end }
  if (found.length === 1 || (last.tag !== TAG.ANY_ARRAY && last.tag !== TAG.ANY_MAP)) return last
  // Another member of a oneof takes away what the one before has had; messages of the same one are merged.
  const first = found.findLastIndex(({ tag }) => tag !== last.tag) + 1
  return { tag: last.tag, ...joined(found.slice(first))! }
}

/** The elements of an ArrayValue, or the entries of a KeyValueList. */
export function elementsOf(content: Part, losses: LossCount): Part[] {
  const { wire } = content
  const elements: Part[] = []
  eachField(content, (tag, start, end) => {
    if (tag === TAG.VALUES) elements.push({ wire, start, end })
    else losses.add('unknown_fields_left_out')
  })
  return elements
}

/** The bytes of a part, not copied. */
export function bytesOf({ wire, start, end }: Part): Buffer {
  return asBuffer(wire.bytes).subarray(start, end)
}
