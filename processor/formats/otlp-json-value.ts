import { CHAR, JsonScanner } from './json-scanner.ts'
import { decodeEscapes, encodeEscapes } from './json-string.ts'
import { fieldNameAt } from './otlp-json-name.ts'
import { TAG } from './otlp-schema.ts'
import { doubleText, keyValueFields, numberField } from './otlp-value-json.ts'
import { decodeVarint64, encodeField, encodeFields, WireReader } from './protobuf-wire.ts'

/**
 * AnyValue and KeyValue between OTLP's two encodings. What is written as JSON is compact, with 64-bit integers as
 * decimal strings, as the specification asks for.
 */

/** Deeper than any record may be; the text has been walked before. */
const DEEPEST = 1024
const NULL_START = 0x6e

export function jsonQuoted(text: Uint8Array): string {
  return `"${Buffer.from(encodeEscapes(text)).toString('utf8')}"`
}

/** The content of an AnyValue as OTLP JSON. */
export function anyValueToOtlpJson(bytes: Uint8Array): string {
  return anyValue(new WireReader(bytes), 0, bytes.length)
}

/** The content of a KeyValue as OTLP JSON. */
export function keyValueToOtlpJson(bytes: Uint8Array): string {
  return keyValue(new WireReader(bytes), 0, bytes.length)
}

function anyValue(wire: WireReader, start: number, end: number): string {
  let text = '{}'
  let position = start
  while (position < end) {
    const tag = wire.varint31(position, end)
    const from = wire.at
    position = wire.skip(tag, from, end)
    text = field(wire, tag, from, position) ?? text
  }
  return text
}

function field(wire: WireReader, tag: number, from: number, end: number): string | undefined {
  const { bytes } = wire
  switch (tag) {
    case TAG.ANY_BOOL:
      return `{"boolValue":${decodeVarint64(bytes, from, end) !== 0n}}`
    case TAG.ANY_INT:
      return `{"intValue":"${decodeVarint64(bytes, from, end)}"}`
    case TAG.ANY_DOUBLE: {
      const value = new DataView(bytes.buffer, bytes.byteOffset).getFloat64(from, true)
      return `{"doubleValue":${Number.isFinite(value) ? doubleText(value) : `"${value}"`}}`
    }
  }
  if ((tag & 7) !== 2) return undefined
  wire.length(from, end)
  const start = wire.at
  switch (tag) {
    case TAG.ANY_STRING:
      return `{"stringValue":${jsonQuoted(bytes.subarray(start, end))}}`
    case TAG.ANY_BYTES:
      return `{"bytesValue":"${Buffer.from(bytes.subarray(start, end)).toString('base64')}"}`
    case TAG.ANY_ARRAY:
      return `{"arrayValue":{"values":[${values(wire, start, end, anyValue).join()}]}}`
    case TAG.ANY_MAP:
      return `{"kvlistValue":{"values":[${values(wire, start, end, keyValue).join()}]}}`
  }
  return undefined
}

function values(
  wire: WireReader,
  start: number,
  end: number,
  write: (wire: WireReader, start: number, end: number) => string,
): string[] {
  const items: string[] = []
  let position = start
  while (position < end) {
    const tag = wire.varint31(position, end)
    position = wire.skip(tag, wire.at, end)
    if (tag === TAG.VALUES) items.push(write(wire, wire.at, position))
  }
  return items
}

function keyValue(wire: WireReader, start: number, end: number): string {
  let key = '""'
  let value = '{}'
  let position = start
  while (position < end) {
    const tag = wire.varint31(position, end)
    position = wire.skip(tag, wire.at, end)
    const from = wire.at
    if (tag === TAG.KEY) key = jsonQuoted(wire.bytes.subarray(from, position))
    else if (tag === TAG.VALUE) value = anyValue(wire, from, position)
  }
  return `{"key":${key},"value":${value}}`
}

/** OTLP JSON of an AnyValue, which has been walked before, as the content of an AnyValue. */
export function otlpJsonToAnyValue(json: Uint8Array): Uint8Array {
  const reader = new OtlpJsonReader(json)
  return reader.anyValue(reader.scanner.skipSpace(0)).content
}

/** OTLP JSON of a KeyValue, which has been walked before, as the content of a KeyValue. */
export function otlpJsonToKeyValue(json: Uint8Array): Uint8Array {
  const reader = new OtlpJsonReader(json)
  return reader.keyValue(reader.scanner.skipSpace(0)).content
}

interface Read {
  readonly content: Uint8Array
  readonly end: number
}

class OtlpJsonReader {
  readonly scanner: JsonScanner
  readonly #bytes: Uint8Array

  constructor(json: Uint8Array) {
    this.scanner = new JsonScanner(json, json.length, DEEPEST)
    this.#bytes = json
  }

  #string(start: number, end: number): Uint8Array {
    const target = new Uint8Array(end - start)
    return target.subarray(0, decodeEscapes(this.#bytes, start, end, target, 0))
  }

  anyValue(start: number): Read {
    const { scanner } = this
    if (scanner.peek(start) !== CHAR.OPEN_BRACE) return { content: new Uint8Array(), end: scanner.skipValue(start, 0) }
    let content: Uint8Array = new Uint8Array()
    const end = scanner.members(start, 0, (keyStart, keyEnd, value) => {
      const read = this.#field(fieldNameAt(this.#bytes, keyStart, keyEnd), value)
      if (read !== undefined) content = read.content
      return read?.end ?? scanner.skipValue(value, 0)
    })
    return { content, end }
  }

  #field(name: string, start: number): Read | undefined {
    const { scanner } = this
    // Protobuf's JSON mapping: null is absent, whatever the type.
    if (scanner.peek(start) === NULL_START) return undefined
    switch (name) {
      case 'stringValue':
      case 'bytesValue': {
        if (scanner.peek(start) !== CHAR.QUOTE) return undefined
        const end = scanner.scanString(start + 1)
        const text = this.#string(start + 1, end)
        const content =
          name === 'stringValue'
            ? encodeField(TAG.ANY_STRING, text)
            : encodeField(TAG.ANY_BYTES, Buffer.from(Buffer.from(text).toString('latin1'), 'base64'))
        return { content, end: end + 1 }
      }
      case 'boolValue':
        return {
          content: Uint8Array.of(TAG.ANY_BOOL, scanner.peek(start) === 0x74 ? 1 : 0),
          end: scanner.skipValue(start, 0),
        }
      case 'intValue':
      case 'doubleValue': {
        const end = scanner.skipValue(start, 0)
        const text = Buffer.from(this.#bytes.subarray(start, end)).toString('latin1').replaceAll('"', '')
        return { content: numberField(name === 'intValue' ? text : doubleText(Number(text))), end }
      }
      case 'arrayValue':
        return this.#values(start, TAG.ANY_ARRAY, (item) => this.anyValue(item))
      case 'kvlistValue':
        return this.#values(start, TAG.ANY_MAP, (item) => this.keyValue(item))
    }
    return undefined
  }

  #values(start: number, tag: number, read: (item: number) => Read): Read | undefined {
    const { scanner } = this
    if (scanner.peek(start) !== CHAR.OPEN_BRACE) return undefined
    const fields: Uint8Array[] = []
    const end = scanner.members(start, 0, (keyStart, keyEnd, value) => {
      if (fieldNameAt(this.#bytes, keyStart, keyEnd) !== 'values' || scanner.peek(value) !== CHAR.OPEN_BRACKET)
        return scanner.skipValue(value, 0)
      return scanner.elements(value, 0, (item) => {
        const one = read(item)
        fields.push(encodeField(TAG.VALUES, one.content))
        return one.end
      })
    })
    return { content: encodeField(tag, Buffer.concat(fields)), end }
  }

  keyValue(start: number): Read {
    const { scanner } = this
    let key: Uint8Array = new Uint8Array()
    let content: Uint8Array = new Uint8Array()
    const end = scanner.members(start, 0, (keyStart, keyEnd, value) => {
      const name = fieldNameAt(this.#bytes, keyStart, keyEnd)
      if (name === 'key' && scanner.peek(value) === CHAR.QUOTE) {
        const stop = scanner.scanString(value + 1)
        key = this.#string(value + 1, stop)
        return stop + 1
      }
      if (name !== 'value') return scanner.skipValue(value, 0)
      const read = this.anyValue(value)
      content = read.content
      return read.end
    })
    return { content: encodeFields(keyValueFields(key, content)), end }
  }
}
