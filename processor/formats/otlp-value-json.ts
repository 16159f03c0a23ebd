import { isUtf8 } from 'node:buffer'
import { CHAR, JsonScanner } from './json-scanner.ts'
import { decodeEscapes } from './json-string.ts'
import { TAG } from './otlp-schema.ts'
import { decodeVarint64, encodeField, encodeFields, encodeVarint64, Field, WireReader } from './protobuf-wire.ts'

/**
 * AnyValue as JSON text and back, with nothing lost: the plaintext of a map or array that is sealed whole.
 *
 * Strings, booleans, maps and arrays are what they look like, in the order in which they came, keys that occur twice
 * included. An integer has neither point nor exponent, a double always has one: `5` and `5.0` are different values.
 * What JSON lacks is written as an object of one member: `{"$bytes": base64}`, `{"$double": "NaN"}`, `{"$text": base64}`
 * for a string that is not UTF-8, and `{"$map": {...}}` around a map that would itself look like one of these.
 */

export const MARKS: readonly string[] = ['$bytes', '$double', '$map', '$text']

/** Deeper than any record may be: the text was made by `anyValueToJson`, and sealed. */
const DEEPEST = 1024

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
  const looksMarked = entries.length === 1 && first !== undefined && MARKS.includes(JSON.parse(first.key))
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
  const reader = new ValueReader(json, extended)
  return reader.read(reader.scanner.skipSpace(0), 0).content
}

/** The JSON text `{"key": value}` as the content of a KeyValue. */
export function jsonToKeyValue(json: Uint8Array, extended: boolean): Uint8Array {
  const reader = new ValueReader(json, extended)
  let content: Uint8Array = new Uint8Array()
  const { scanner } = reader
  scanner.members(scanner.skipSpace(0), 0, (keyStart, keyEnd, value) => {
    const key = reader.string(keyStart, keyEnd)
    const read = reader.read(value, 1)
    content = encodeFields(keyValueFields(key, read.content))
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

interface Read {
  readonly content: Uint8Array
  readonly end: number
}

class ValueReader {
  readonly scanner: JsonScanner
  readonly #bytes: Uint8Array
  readonly #extended: boolean

  constructor(json: Uint8Array, extended: boolean) {
    this.scanner = new JsonScanner(json, json.length, DEEPEST)
    this.#bytes = json
    this.#extended = extended
  }

  string(start: number, end: number): Uint8Array {
    const target = new Uint8Array(end - start)
    return target.subarray(0, decodeEscapes(this.#bytes, start, end, target, 0))
  }

  read(start: number, depth: number): Read {
    const { scanner } = this
    const byte = scanner.peek(start)
    if (byte === CHAR.OPEN_BRACE) return this.#object(start, depth)
    if (byte === CHAR.OPEN_BRACKET) return this.#array(start, depth)
    if (byte === CHAR.QUOTE) {
      const end = scanner.scanString(start + 1)
      return { content: encodeField(TAG.ANY_STRING, this.string(start + 1, end)), end: end + 1 }
    }
    const end = scanner.skipValue(start, depth)
    return { content: this.#plain(partOf(this.#bytes, start, end).toString('latin1')), end }
  }

  #plain(text: string): Uint8Array {
    if (text === 'null') return new Uint8Array()
    if (text === 'true' || text === 'false') return Uint8Array.of(TAG.ANY_BOOL, text === 'true' ? 1 : 0)
    return numberField(text)
  }

  #array(start: number, depth: number): Read {
    const values: Uint8Array[] = []
    const end = this.scanner.elements(start, depth, (value) => {
      const read = this.read(value, depth + 1)
      values.push(encodeField(TAG.VALUES, read.content))
      return read.end
    })
    return { content: encodeField(TAG.ANY_ARRAY, Buffer.concat(values)), end }
  }

  #object(start: number, depth: number): Read {
    const { entries, end } = this.#entries(start, depth, this.#extended)
    const [only] = entries
    const marked = this.#extended && only !== undefined && entries.length === 1 ? this.#marked(only) : undefined
    return { content: marked ?? mapField(entries), end }
  }

  /** @param mayBeMarked - false for a map under `$map`: that is a map, whatever it looks like. */
  #entries(
    start: number,
    depth: number,
    mayBeMarked: boolean,
  ): { readonly entries: readonly Entry[]; readonly end: number } {
    const entries: Entry[] = []
    const end = this.scanner.members(start, depth, (keyStart, keyEnd, value) => {
      const key = this.string(keyStart, keyEnd)
      const isMap = mayBeMarked && entries.length === 0 && this.#isMapMark(key, value, depth)
      const read = isMap ? this.#map(value, depth + 1) : this.read(value, depth + 1)
      entries.push({ key, content: read.content, token: value, end: read.end })
      return read.end
    })
    return { entries, end }
  }

  /** Whether a first member is the only one, and `$map`. */
  #isMapMark(key: Uint8Array, value: number, depth: number): boolean {
    const { scanner } = this
    if (Buffer.from(key).toString('latin1') !== '$map' || scanner.peek(value) !== CHAR.OPEN_BRACE) return false
    return scanner.peek(scanner.skipSpace(scanner.skipValue(value, depth + 1))) === CHAR.CLOSE_BRACE
  }

  #map(start: number, depth: number): Read {
    const { entries, end } = this.#entries(start, depth, false)
    return { content: mapField(entries), end }
  }

  #marked({ key, content, token, end }: Entry): Uint8Array | undefined {
    const mark = Buffer.from(key).toString('latin1')
    if (mark === '$map') return content
    // Whoever has the public key can seal what `anyValueToJson` never writes: such a map is what it looks like.
    if (!MARKS.includes(mark) || this.#bytes[token] !== CHAR.QUOTE) return undefined
    const text = Buffer.from(this.string(token + 1, end - 1)).toString('latin1')
    if (mark === '$double') return numberField(text)
    return encodeField(mark === '$bytes' ? TAG.ANY_BYTES : TAG.ANY_STRING, Buffer.from(text, 'base64'))
  }
}

interface Entry {
  readonly key: Uint8Array
  readonly content: Uint8Array
  readonly token: number
  readonly end: number
}

function mapField(entries: readonly Entry[]): Uint8Array {
  const fields = entries.map(({ key, content }) => encodeField(TAG.VALUES, ...keyValueFields(key, content)))
  return encodeField(TAG.ANY_MAP, Buffer.concat(fields))
}
