import { FieldsealError } from '../../errors.ts'
import {
  arrayHeader,
  binaryHeader,
  boolean,
  double,
  integer,
  mapHeader,
  nil,
  stringHeader,
} from '../message-pack/write.ts'
import { TAG } from '../otlp-schema.ts'
import { decodeVarint64 } from '../protobuf-wire.ts'
import type { ByteWriter } from './byte-writer.ts'
import { DEEPEST } from './limits.ts'
import type { LossCount } from './losses.ts'
import type { Member, MemberValue } from './members.ts'
import { bytesOf, type Content, elementsOf, type Part, readContent, readEntry } from './otlp-parts.ts'
import { asBuffer } from './protobuf-writer.ts'

/** Headers of one byte, which most are: made once. */
const BYTES: readonly Buffer[] = Array.from({ length: 256 }, (_, byte) => Buffer.of(byte))
const FIX_STRING = 0xa0
const FIX_MAP = 0x80

/** Writes AnyValues, and members of flattened records, as MessagePack: nothing of them is lost. */
export class MessagePackOutput {
  readonly #writer: ByteWriter
  readonly #losses: LossCount

  constructor(writer: ByteWriter, losses: LossCount) {
    this.#writer = writer
    this.#losses = losses
  }

  map(count: number): void {
    this.#writer.put(count < 16 ? BYTES[FIX_MAP | count]! : mapHeader(count))
  }

  text(bytes: Uint8Array, start = 0, end = bytes.length): void {
    const length = end - start
    this.#writer.put(length < 32 ? BYTES[FIX_STRING | length]! : stringHeader(length))
    this.#writer.put(bytes, start, end)
  }

  binary(bytes: Uint8Array): void {
    this.#writer.put(binaryHeader(bytes.length))
    this.#writer.put(bytes)
  }

  integer(value: number | bigint): void {
    this.#writer.put(value >= 0 && value < 0x80 ? BYTES[Number(value)]! : integer(value))
  }

  /** A pair's key: one of our names. */
  name(name: string): void {
    this.text(Buffer.from(name))
  }

  members(members: readonly Member[]): void {
    this.map(members.length)
    for (const { key, value } of members) {
      this.text(key)
      this.#member(value)
    }
  }

  #member(value: MemberValue): void {
    switch (value.kind) {
      case 'any':
        this.any(value.value, 0)
        break
      case 'text':
        this.text(value.text.wire.bytes, value.text.start, value.text.end)
        break
      case 'string':
        this.name(value.text)
        break
      case 'number':
        this.integer(value.number)
        break
      case 'map':
        this.members(value.members)
        break
      case 'list':
        this.#writer.put(arrayHeader(value.values.length))
        for (const item of value.values) this.any(item, 1)
        break
    }
  }

  /** KeyValues as a map. */
  entries(entries: readonly Part[], depth: number): void {
    this.map(entries.length)
    for (const entry of entries) {
      const { key, value } = readEntry(entry, this.#losses)
      this.text(key.wire.bytes, key.start, key.end)
      this.any(value, depth)
    }
  }

  any(value: Part, depth: number): void {
    const content = readContent(value, this.#losses)
    const { tag, wire, start, end } = content
    const writer = this.#writer
    switch (tag) {
      case TAG.ANY_STRING:
        this.text(wire.bytes, start, end)
        break
      case TAG.ANY_BYTES:
        this.binary(bytesOf(content))
        break
      case TAG.ANY_BOOL:
        writer.put(boolean(decodeVarint64(wire.bytes, start, end) !== 0n))
        break
      case TAG.ANY_INT:
        this.integer(end - start === 1 ? wire.bytes[start]! : decodeVarint64(wire.bytes, start, end))
        break
      case TAG.ANY_DOUBLE:
        writer.put(double(asBuffer(wire.bytes).readDoubleLE(start)))
        break
      case TAG.ANY_ARRAY: {
        const items = this.#elements(content, depth)
        writer.put(arrayHeader(items.length))
        for (const item of items) this.any(item, depth + 1)
        break
      }
      case TAG.ANY_MAP:
        this.entries(this.#elements(content, depth), depth + 1)
        break
      default:
        writer.put(nil())
    }
  }

  #elements(content: Content, depth: number): Part[] {
    if (depth < DEEPEST) return elementsOf(content, this.#losses)
    throw new FieldsealError('FIELDSEAL_INPUT_TOO_DEEP', `the record is nested deeper than ${DEEPEST} levels`, {
      record: content.wire.record,
    })
  }
}
