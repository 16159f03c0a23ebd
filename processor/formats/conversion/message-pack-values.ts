import { isUtf8 } from 'node:buffer'
import { FieldsealError } from '../../errors.ts'
import { HeaderReader, TYPE } from '../message-pack/header.ts'
import { keyText } from '../message-pack/key-text.ts'
import { TAG } from '../otlp-schema.ts'
import { AnyValues } from './any-values.ts'
import { DEEPEST } from './limits.ts'
import type { LossCount } from './losses.ts'
import type { ProtobufWriter } from './protobuf-writer.ts'

const TRUE = 0xc3
const MOST_SIGNED = 2n ** 63n - 1n

/** Writes values of MessagePack as the content of AnyValues. */
export class MessagePackValues extends AnyValues {
  readonly reader: HeaderReader
  readonly #bytes: Buffer
  readonly #losses: LossCount

  constructor(bytes: Buffer, writer: ProtobufWriter, losses: LossCount) {
    super(writer)
    this.#bytes = bytes
    this.reader = new HeaderReader(bytes)
    this.#losses = losses
  }

  /** Where the value at `at` ends. */
  skip(at: number): number {
    return this.reader.skip(at, DEEPEST + 1)
  }

  /**
   * Goes through the map at `at`.
   *
   * @param visit - gets the key as a text and where the value starts; gives where it ends.
   * @param losses - for keys that are no texts, where they are written.
   * @returns where the map ends.
   */
  pairs(at: number, visit: (key: Buffer, value: number) => number, losses?: LossCount): number {
    const { reader } = this
    let position = reader.read(at)
    if (reader.type !== TYPE.MAP) throw reader.malformed('a map is none', at)
    for (let pending = reader.length; pending > 0; pending -= 1) {
      const end = this.skip(position)
      const key = this.#key(position, end, losses)
      position = visit(key, end)
    }
    return position
  }

  #key(at: number, end: number, losses: LossCount | undefined): Buffer {
    const { reader } = this
    reader.read(at)
    if (reader.type === TYPE.STRING || reader.type === TYPE.BINARY) return this.#bytes.subarray(reader.content, end)
    losses?.add('key_as_text')
    return keyText(this.#bytes, at, end)
  }

  /** The value at `at` where it is a string or binary. */
  textAt(at: number): Buffer | undefined {
    const { reader } = this
    const end = reader.read(at)
    const isText = reader.type === TYPE.STRING || reader.type === TYPE.BINARY
    return isText ? this.#bytes.subarray(reader.content, end) : undefined
  }

  /** The value at `at` where it is an integer. */
  integerAt(at: number): bigint | undefined {
    const { reader } = this
    reader.read(at)
    return reader.type === TYPE.UNSIGNED || reader.type === TYPE.SIGNED ? reader.integer() : undefined
  }

  isMap(at: number): boolean {
    this.reader.read(at)
    return this.reader.type === TYPE.MAP
  }

  isArray(at: number): boolean {
    this.reader.read(at)
    return this.reader.type === TYPE.ARRAY
  }

  /** Writes a KeyValue of an array that has the elements of several. */
  listEntry(tag: number, key: Uint8Array, arrays: readonly number[]): void {
    const { reader } = this
    const writer = this.writer
    const entry = writer.open(tag)
    writer.text(TAG.KEY, key)
    const value = writer.open(TAG.VALUE)
    const array = writer.open(TAG.ANY_ARRAY)
    for (const at of arrays) {
      let position = reader.read(at)
      for (let pending = reader.length; pending > 0; pending -= 1) position = this.field(TAG.VALUES, position, 1)
    }
    writer.close(array)
    writer.close(value)
    writer.close(entry)
  }

  protected override value(at: number, depth: number): number {
    const { reader } = this
    const writer = this.writer
    const end = reader.read(at)
    switch (reader.type) {
      case TYPE.NIL:
        return end
      case TYPE.BOOLEAN:
        writer.varint(TAG.ANY_BOOL, this.#bytes[at] === TRUE ? 1 : 0)
        return end
      case TYPE.UNSIGNED:
      case TYPE.SIGNED:
        this.#integer(reader.integer())
        return end
      case TYPE.FLOAT32:
      case TYPE.FLOAT64:
        writer.double(TAG.ANY_DOUBLE, reader.float())
        return end
      case TYPE.ARRAY:
        return this.#array(at, depth)
      case TYPE.MAP:
        return this.#map(at, depth)
      case TYPE.EXTENSION:
        this.#losses.add('extension_as_bytes')
        writer.bytes(TAG.ANY_BYTES, this.#bytes, reader.content, end)
        return end
      default: {
        // A string of MessagePack need not be UTF-8, and one of OTLP has to be.
        const content = this.#bytes.subarray(reader.content, end)
        const isText = reader.type === TYPE.STRING && isUtf8(content)
        writer.bytes(isText ? TAG.ANY_STRING : TAG.ANY_BYTES, content)
        return end
      }
    }
  }

  #integer(value: bigint): void {
    if (value <= MOST_SIGNED) {
      this.writer.int64(TAG.ANY_INT, value)
    } else {
      this.#losses.add('number_as_text')
      this.writer.bytes(TAG.ANY_STRING, Buffer.from(String(value)))
    }
  }

  #array(at: number, depth: number): number {
    const { reader } = this
    this.#checkDepth(at, depth)
    let position = reader.content
    const open = this.writer.open(TAG.ANY_ARRAY)
    for (let pending = reader.length; pending > 0; pending -= 1) position = this.field(TAG.VALUES, position, depth + 1)
    this.writer.close(open)
    return position
  }

  #map(at: number, depth: number): number {
    this.#checkDepth(at, depth)
    const open = this.writer.open(TAG.ANY_MAP)
    const end = this.pairs(at, (key, value) => this.entry(TAG.VALUES, key, value, depth + 1), this.#losses)
    this.writer.close(open)
    return end
  }

  #checkDepth(offset: number, depth: number): void {
    if (depth < DEEPEST) return
    throw new FieldsealError('FIELDSEAL_INPUT_TOO_DEEP', `the record is nested deeper than ${DEEPEST} levels`, {
      record: this.reader.record,
      offset,
    })
  }
}
