import { FieldsealError } from '../errors.ts'

/** Wire types (protobuf encoding guide, "Message structure"). */
export const WIRE = { VARINT: 0, FIXED64: 1, LEN: 2, START_GROUP: 3, END_GROUP: 4, FIXED32: 5 } as const

/** Groups inside groups that are skipped; protobuf's own parsers stop at 100 levels. */
const MOST_GROUPS = 100

export function malformed(what: string, offset: number, record: number): FieldsealError {
  return new FieldsealError('FIELDSEAL_INPUT_MALFORMED', `malformed protobuf: ${what}`, { record, offset })
}

/** Reads protobuf's building blocks from a range of bytes. After each call `at` is the first byte behind it. */
export class WireReader {
  readonly bytes: Uint8Array
  at = 0
  /** Number of the record that is being read, for errors. */
  record = 0

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  /** A tag or a length, of at most 31 bits. */
  varint31(start: number, end: number): number {
    const bytes = this.bytes
    let value = 0
    let position = start
    for (let shift = 0; shift < 35; shift += 7) {
      if (position >= end) throw malformed('a number is cut off', position, this.record)
      const byte = bytes[position]!
      position += 1
      if (shift === 28 && byte > 0x07) throw malformed('a length or tag is too large', position, this.record)
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) {
        this.at = position
        return value
      }
    }
    throw malformed('a number is too long', position, this.record)
  }

  /** The end of a varint of at most ten bytes. */
  skipVarint(start: number, end: number): number {
    const stop = Math.min(end, start + 10)
    for (let position = start; position < stop; position += 1) {
      if (this.bytes[position]! < 0x80) return position + 1
    }
    throw malformed('a number is cut off or too long', start, this.record)
  }

  /** Length of a LEN field; `at` is then the first byte of its content, which lies within `end`. */
  length(start: number, end: number): number {
    const length = this.varint31(start, end)
    if (length > end - this.at) throw malformed('a length reaches beyond its message', start, this.record)
    return length
  }

  /** The end of a field whose tag has been read and whose content starts at `start`. */
  skip(tag: number, start: number, end: number): number {
    if (tag >>> 3 === 0) throw malformed('field number 0', start, this.record)
    let position: number
    switch (tag & 7) {
      case WIRE.VARINT:
        return this.skipVarint(start, end)
      case WIRE.FIXED64:
        position = start + 8
        break
      case WIRE.LEN: {
        const length = this.length(start, end)
        return this.at + length
      }
      case WIRE.START_GROUP:
        return this.#skipGroup(tag, start, end)
      case WIRE.FIXED32:
        position = start + 4
        break
      default:
        throw malformed('unknown wire type', start, this.record)
    }
    if (position > end) throw malformed('a field is cut off', start, this.record)
    return position
  }

  /** Groups are of old and still part of the wire format: an unknown one is kept like any unknown field. */
  #skipGroup(tag: number, start: number, end: number): number {
    const open = [tag >>> 3]
    let position = start
    while (open.length > 0) {
      const inner = this.varint31(position, end)
      position = this.at
      if ((inner & 7) === WIRE.START_GROUP) {
        if (open.length >= MOST_GROUPS) throw malformed('groups are nested too deep', position, this.record)
        open.push(inner >>> 3)
      } else if ((inner & 7) === WIRE.END_GROUP) {
        if (open.pop() !== inner >>> 3) throw malformed('a group ends that was not begun', position, this.record)
      } else {
        position = this.skip(inner, position, end)
      }
    }
    return position
  }
}

/** Bytes of a number of at most 31 bits as a varint. */
export function varintSize(value: number): number {
  if (value < 0x80) return 1
  if (value < 0x4000) return 2
  if (value < 0x200000) return 3
  return value < 0x10000000 ? 4 : 5
}

/** Writes a number of at most 31 bits as a varint of minimal length, and returns the position behind it. */
export function writeVarint(target: Uint8Array, at: number, value: number): number {
  let position = at
  let rest = value
  while (rest > 0x7f) {
    target[position] = (rest & 0x7f) | 0x80
    position += 1
    rest >>>= 7
  }
  target[position] = rest
  return position + 1
}

/** A number of at most 31 bits as a varint of minimal length. */
export function encodeVarint(value: number): Uint8Array {
  const bytes = new Uint8Array(varintSize(value))
  writeVarint(bytes, 0, value)
  return bytes
}

/** A 64-bit integer as a varint of minimal length; negative ones take ten bytes. */
export function encodeVarint64(value: bigint): Uint8Array {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, value)
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80)
    rest >>= 7n
  }
  bytes.push(Number(rest))
  return Uint8Array.from(bytes)
}

/** A LEN field that is put together when it is written: fields inside of fields are not copied level by level. */
export class Field {
  /** Bytes with tag and length. */
  readonly length: number
  readonly #tag: number
  readonly #contentLength: number
  readonly #content: readonly (Uint8Array | Field)[]

  constructor(tag: number, ...content: readonly (Uint8Array | Field)[]) {
    let length = 0
    for (const part of content) length += part.length
    this.length = varintSize(tag) + varintSize(length) + length
    this.#tag = tag
    this.#contentLength = length
    this.#content = content
  }

  /** Writes the field and returns the position behind it. */
  write(target: Uint8Array, at: number): number {
    let position = writeVarint(target, writeVarint(target, at, this.#tag), this.#contentLength)
    for (const part of this.#content) {
      if (part instanceof Field) {
        position = part.write(target, position)
      } else {
        target.set(part, position)
        position += part.length
      }
    }
    return position
  }
}

/** LEN fields, one behind the other. */
export function encodeFields(fields: readonly Field[]): Uint8Array {
  const bytes = Buffer.allocUnsafe(fields.reduce((length, field) => length + field.length, 0))
  let at = 0
  for (const field of fields) at = field.write(bytes, at)
  return bytes
}

/** A LEN field: tag, length, content. */
export function encodeField(tag: number, ...content: readonly (Uint8Array | Field)[]): Uint8Array {
  return encodeFields([new Field(tag, ...content)])
}

/** The signed 64-bit integer at `start`. */
export function decodeVarint64(bytes: Uint8Array, start: number, end: number): bigint {
  let value = 0n
  for (let position = end - 1; position >= start; position -= 1) value = (value << 7n) | BigInt(bytes[position]! & 0x7f)
  return BigInt.asIntN(64, value)
}
