import { isUtf8 } from 'node:buffer'
import { ExtendedJsonReader, MARKS, type MadeEntry, type ValueMaker } from './extended-json.ts'
import { TAG } from './otlp-schema.ts'
import { decodeVarint64, encodeField, encodeFields, encodeVarint64, Field, WireReader } from './protobuf-wire.ts'

/** AnyValue as JSON text and back, with nothing lost: see `extended-json.ts`. */

/** The text of a double: the shortest that gives the same double, always with a point or an exponent. */
export function doubleText(value: number): string {
  if (!Number.isFinite(value)) return String(value)
  const text = Object.is(value, -0) ? '-0' : String(value)
  return /[.e]/.test(text) ? text : `${text}.0`
}

/** The content of an AnyValue as JSON text. */
export function anyValueToJson(bytes: Uint8Array): string {
  const wire = new WireReader(bytes)
  return anyValue(wire, [[0, bytes.length]])
}

/** The content of a KeyValue as the JSON text `{"key": value}`. */
export function keyValueToJson(bytes: Uint8Array): string {
  const { key, value } = keyValue(new WireReader(bytes), 0, bytes.length)
  return `{${key}:${value}}`
}

/** Where the content of a message stands. */
type Range = readonly [start: number, end: number]

/** @param ranges - of one AnyValue: protobuf puts a message together that is there in several pieces. */
function anyValue(wire: WireReader, ranges: readonly Range[]): string {
  let text = 'null'
  let container = 0
  let contents: Range[] = []
  for (const [start, end] of ranges) {
    let position = start
    while (position < end) {
      const tag = wire.varint31(position, end)
      const from = wire.at
      position = wire.skip(tag, from, end)
      if (tag === TAG.ANY_ARRAY || tag === TAG.ANY_MAP) {
        wire.length(from, position)
        if (tag !== container) contents = []
        container = tag
        contents.push([wire.at, position])
        continue
      }
      const scalar = scalarText(wire, tag, from, position)
      if (scalar === undefined) continue
      text = scalar
      container = 0
    }
  }
  if (container === 0) return text
  const items = contents.flatMap(([start, end]) => [...elements(wire, start, end)])
  if (container === TAG.ANY_MAP) return mapText(items.map(([start, end]) => keyValue(wire, start, end)))
  return `[${items.map((item) => anyValue(wire, [item])).join()}]`
}

/** A string, boolean, number or bytes. */
function scalarText(wire: WireReader, tag: number, from: number, end: number): string | undefined {
  const { bytes } = wire
  switch (tag) {
    case TAG.ANY_BOOL:
      return decodeVarint64(bytes, from, end) === 0n ? 'false' : 'true'
    case TAG.ANY_INT:
      return decodeVarint64(bytes, from, end).toString()
    case TAG.ANY_DOUBLE: {
      const value = new DataView(bytes.buffer, bytes.byteOffset).getFloat64(from, true)
      return Number.isFinite(value) ? doubleText(value) : `{"$double":"${value}"}`
    }
    case TAG.ANY_STRING:
    case TAG.ANY_BYTES: {
      wire.length(from, end)
      const start = wire.at
      if (tag === TAG.ANY_BYTES) return `{"$bytes":"${base64(bytes, start, end)}"}`
      if (isUtf8(bytes.subarray(start, end))) return stringText(bytes, start, end)
      return `{"$text":"${base64(bytes, start, end)}"}`
    }
  }
  return undefined
}

function partOf(bytes: Uint8Array, start: number, end: number): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start)
}

function base64(bytes: Uint8Array, start: number, end: number): string {
  return partOf(bytes, start, end).toString('base64')
}

function stringText(bytes: Uint8Array, start: number, end: number): string {
  return JSON.stringify(partOf(bytes, start, end).toString('utf8'))
}

function mapText(entries: readonly { readonly key: string; readonly value: string }[]): string {
  const text = `{${entries.map(({ key, value }) => `${key}:${value}`).join()}}`
  const [first] = entries
  const looksMarked = entries.length === 1 && first !== undefined && MARKS.has(JSON.parse(first.key))
  return looksMarked ? `{"$map":${text}}` : text
}

function* elements(wire: WireReader, start: number, end: number): Iterable<[number, number]> {
  let position = start
  while (position < end) {
    const tag = wire.varint31(position, end)
    position = wire.skip(tag, wire.at, end)
    if (tag !== TAG.VALUES) continue
    // `skip` has moved `at` behind the length.
    yield [wire.at, position]
  }
}

function keyValue(wire: WireReader, start: number, end: number): { key: string; value: string } {
  let key = '""'
  const values: Range[] = []
  let position = start
  while (position < end) {
    const tag = wire.varint31(position, end)
    position = wire.skip(tag, wire.at, end)
    const from = wire.at
    if (tag === TAG.KEY) key = stringText(wire.bytes, from, position)
    else if (tag === TAG.VALUE) values.push([from, position])
  }
  return { key, value: anyValue(wire, values) }
}

/** JSON text as the content of an AnyValue; `extended` where it was made by `anyValueToJson`. */
export function jsonToAnyValue(json: Uint8Array, extended: boolean): Uint8Array {
  return new ExtendedJsonReader(json, extended, anyValueMaker).whole()
}

/** The JSON text `{"key": value}` as the content of a KeyValue. */
export function jsonToKeyValue(json: Uint8Array, extended: boolean): Uint8Array {
  const reader = new ExtendedJsonReader(json, extended, anyValueMaker)
  let content: Uint8Array = new Uint8Array()
  const { scanner } = reader
  scanner.members(scanner.skipSpace(0), 0, (keyStart, keyEnd, value) => {
    const key = reader.string(keyStart, keyEnd)
    const read = reader.read(value, 1)
    content = encodeFields(keyValueFields(key, read.value))
    return read.end
  })
  return content
}

/** The fields of a KeyValue, given that of its AnyValue. An empty key is left out, as proto3's encoders do. */
export function keyValueFields(key: Uint8Array, value: Uint8Array | Field): Field[] {
  const valueField = new Field(TAG.VALUE, value)
  return key.length === 0 ? [valueField] : [new Field(TAG.KEY, key), valueField]
}

/** A number's text as a field of an AnyValue: an integer of 64 bits where it is one, else a double. */
export function numberField(text: string): Uint8Array {
  if (/^-?\d+$/.test(text)) {
    const value = BigInt(text)
    if (value === BigInt.asIntN(64, value)) return Buffer.concat([Uint8Array.of(TAG.ANY_INT), encodeVarint64(value)])
  }
  const bytes = Buffer.alloc(9)
  bytes[0] = TAG.ANY_DOUBLE
  bytes.writeDoubleLE(Number(text), 1)
  return bytes
}

/** Makes the contents of AnyValues. */
const anyValueMaker: ValueMaker<Uint8Array> = {
  null: () => new Uint8Array(),
  boolean: (value) => Uint8Array.of(TAG.ANY_BOOL, value ? 1 : 0),
  number: numberField,
  text: (bytes) => encodeField(TAG.ANY_STRING, bytes),
  bytes: (bytes) => encodeField(TAG.ANY_BYTES, bytes),
  array: (values) => encodeField(TAG.ANY_ARRAY, Buffer.concat(values.map((value) => encodeField(TAG.VALUES, value)))),
  map: (entries) => encodeField(TAG.ANY_MAP, Buffer.concat(entries.map(mapEntry))),
}

function mapEntry({ key, value }: MadeEntry<Uint8Array>): Uint8Array {
  return encodeField(TAG.VALUES, ...keyValueFields(key, value))
}
