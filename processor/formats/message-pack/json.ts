import { isUtf8 } from 'node:buffer'
import { arePairs, ExtendedJsonReader, MARKS, type ValueMaker } from '../extended-json.ts'
import { JsonScanner } from '../json-scanner.ts'
import { doubleText } from '../otlp-value-json.ts'
import { HeaderReader, TYPE } from './header.ts'
import * as write from './write.ts'

/** MessagePack as JSON text and back, with nothing lost but the widths of numbers: see `extended-json.ts`. */

const PAIRS = '$pairs'

/** The value that is all of `bytes`, which have been walked before. */
export function messagePackToJson(bytes: Uint8Array, text = new JsonText(bytes)): string {
  return text.value()
}

/** A key and a value, one behind the other, as JSON text of one member. */
export function entryToJson(bytes: Uint8Array, text = new JsonText(bytes)): string {
  const key = text.textKey()
  const keyText = key ?? text.value()
  const value = text.value()
  // A key that is no text, and one that would be taken for the mark of such an entry.
  return key === undefined || key === `"${PAIRS}"` ? `{"${PAIRS}":[[${keyText},${value}]]}` : `{${key}:${value}}`
}

/** JSON text as a value; `extended` where it was made by `messagePackToJson`. */
export function jsonToMessagePack(json: Uint8Array, extended: boolean, make = maker): Uint8Array {
  return new ExtendedJsonReader(json, extended, make).whole()
}

/** JSON text of one member as a key and a value; `extended` where it was made by `entryToJson`. */
export function jsonToEntry(json: Uint8Array, extended: boolean, make = maker): Uint8Array {
  const reader = new ExtendedJsonReader(json, extended, make)
  const { scanner } = reader
  const isPair = extended && isPairEntry(json)
  let entry: Uint8Array = new Uint8Array()
  scanner.members(scanner.skipSpace(0), 0, (keyStart, keyEnd, value) => {
    const read = isPair ? reader.pairs(value, 1) : reader.read(value, 1)
    // The header of a map of one pair is one byte.
    entry = isPair ? read.value.subarray(1) : Buffer.concat([write.string(reader.string(keyStart, keyEnd)), read.value])
    return read.end
  })
  return entry
}

/** Whether JSON text of one member stands for an entry whose key is no text: it is then one pair under `$pairs`. */
export function isPairEntry(json: Uint8Array): boolean {
  const scanner = new JsonScanner(json, json.length, Number.MAX_SAFE_INTEGER)
  let isPair = false
  scanner.members(scanner.skipSpace(0), 0, (keyStart, keyEnd, value) => {
    const key = Buffer.from(json.subarray(keyStart, keyEnd)).toString('latin1')
    let pairs = 0
    if (key === PAIRS && arePairs(scanner, value)) {
      scanner.elements(value, 0, (pair) => {
        pairs += 1
        return scanner.skipValue(pair, 0)
      })
    }
    isPair = pairs === 1
    return scanner.skipValue(value, 0)
  })
  return isPair
}

export const maker: ValueMaker<Uint8Array> = {
  null: write.nil,
  boolean: write.boolean,
  number: write.number,
  text: write.string,
  bytes: write.binary,
  extension: (bytes) => (bytes.length === 0 ? write.binary(bytes) : write.extension(bytes[0]!, bytes.subarray(1))),
  array: write.array,
  map: (entries) => write.map(entries.map(({ key, value }) => [write.string(key), value])),
  pairs: write.map,
}

/** Goes over MessagePack once, value by value. */
export class JsonText {
  readonly #bytes: Uint8Array
  readonly #reader: HeaderReader
  /** Where the next value starts. */
  at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#reader = new HeaderReader(bytes)
  }

  value(): string {
    const reader = this.#reader
    const end = reader.read(this.at)
    this.at = end
    const { content, length } = reader
    switch (reader.type) {
      case TYPE.NIL:
        return 'null'
      case TYPE.BOOLEAN:
        return String(this.#bytes[content] === 0xc3)
      case TYPE.UNSIGNED:
      case TYPE.SIGNED:
        return reader.integer().toString()
      case TYPE.FLOAT32:
      case TYPE.FLOAT64: {
        const value = reader.float()
        return Number.isFinite(value) ? doubleText(value) : `{"$double":"${value}"}`
      }
      case TYPE.STRING:
        return this.#isText(content, end) ? this.text(content, end) : this.marked('$text', content, end)
      case TYPE.BINARY:
        return this.marked('$bytes', content, end)
      case TYPE.ARRAY:
        return this.array(length)
      case TYPE.MAP:
        return this.map(length)
      default:
        return this.extension(reader.extensionType, content, end)
    }
  }

  array(length: number): string {
    return `[${Array.from({ length }, () => this.value()).join()}]`
  }

  /** @param content - where it starts; the type stands right before it. */
  extension(_type: number, content: number, end: number): string {
    return this.marked('$extension', content - 1, end)
  }

  /** Where the key ends that comes next. */
  endOfKey(): number {
    return this.#reader.endOf(this.at)
  }

  /** Whether the pair that comes next is left out; it has been passed then. */
  leavesOutPair(): boolean {
    return false
  }

  /** The key that comes next as JSON text, if it is a text; else nothing is read. */
  textKey(): string | undefined {
    const reader = this.#reader
    const end = reader.read(this.at)
    const { type, content } = reader
    if (type !== TYPE.STRING || !this.#isText(content, end)) return undefined
    this.at = end
    return this.text(content, end)
  }

  map(pairs: number): string {
    const entries: { readonly key: string; readonly value: string }[] = []
    let allText = true
    for (let i = 0; i < pairs; i += 1) {
      if (this.leavesOutPair()) continue
      const key = this.textKey()
      if (key === undefined) allText = false
      entries.push({ key: key ?? this.value(), value: this.value() })
    }
    if (!allText) return `{"${PAIRS}":[${entries.map(({ key, value }) => `[${key},${value}]`).join()}]}`
    const text = `{${entries.map(({ key, value }) => `${key}:${value}`).join()}}`
    const [first] = entries
    return entries.length === 1 && MARKS.has(JSON.parse(first!.key)) ? `{"$map":${text}}` : text
  }

  #isText(start: number, end: number): boolean {
    return isUtf8(this.#bytes.subarray(start, end))
  }

  text(start: number, end: number): string {
    return JSON.stringify(this.#part(start, end).toString('utf8'))
  }

  marked(mark: string, start: number, end: number): string {
    return `{"${mark}":"${this.#part(start, end).toString('base64')}"}`
  }

  #part(start: number, end: number): Buffer {
    return Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset + start, end - start)
  }
}
