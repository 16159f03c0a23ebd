import { FieldsealError } from '../../errors.ts'

/** What a value is, by its first byte (MessagePack specification, "Formats"). */
export const TYPE = {
  NIL: 0,
  BOOLEAN: 1,
  /** 0 or above, in whichever width. */
  UNSIGNED: 2,
  /** A signed integer of 8 to 64 bits, or a negative fixint. */
  SIGNED: 3,
  FLOAT32: 4,
  FLOAT64: 5,
  STRING: 6,
  BINARY: 7,
  ARRAY: 8,
  MAP: 9,
  EXTENSION: 10,
} as const

/** By first byte: bytes that a value has which says so in that byte, of a container those of its header; 0 of others. */
const SIZES = Uint8Array.from({ length: 256 }, (_, first) => {
  if (first <= 0x9f || first >= 0xe0) return 1
  if (first <= 0xbf) return 1 + (first & 0x1f)
  if (first === 0xc0 || first === 0xc2 || first === 0xc3) return 1
  if (first >= 0xca && first <= 0xd3) return 1 + ([4, 8, 1, 2, 4, 8, 1, 2, 4, 8][first - 0xca] as number)
  return first >= 0xd4 && first <= 0xd8 ? 2 + 2 ** (first - 0xd4) : 0
})

/**
 * Reads the headers of MessagePack values, and decodes nothing: after `read`, the fields say what stands there.
 *
 * Bounded: whatever a header claims, a value that does not fit into the bytes that are there is malformed; so a count of
 * 2^32 costs nothing. Nesting is counted by whoever goes into containers.
 */
export class HeaderReader {
  readonly bytes: Uint8Array
  readonly #view: DataView
  /** Where the bytes end that may be read. */
  end: number
  /** Number of the record, for errors. */
  record = 0
  /** One of `TYPE`. */
  type: number = TYPE.NIL
  /** Bytes of a string, binary, extension or number; elements of an array; pairs of a map. */
  length = 0
  /** Where the content starts: the bytes of a number too, and of a fixint the byte itself. */
  content = 0
  /** Of an extension, -128 to 127. */
  extensionType = 0

  constructor(bytes: Uint8Array, end = bytes.length) {
    this.bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.end = end
  }

  /**
   * Reads the header of the value at `at`.
   *
   * @returns where the content ends; of an array or map, where its first element starts.
   * @throws FieldsealError `FIELDSEAL_INPUT_MALFORMED` where it is none, or goes beyond the end.
   */
  read(at: number): number {
    if (at >= this.end) throw this.malformed('a value is missing', at)
    const first = this.bytes[at] as number
    if (first <= 0x7f) return this.#set(TYPE.UNSIGNED, 1, at, at)
    if (first >= 0xe0) return this.#set(TYPE.SIGNED, 1, at, at)
    if (first <= 0x8f) return this.#container(TYPE.MAP, first & 0x0f, at + 1, at)
    if (first <= 0x9f) return this.#container(TYPE.ARRAY, first & 0x0f, at + 1, at)
    if (first <= 0xbf) return this.#set(TYPE.STRING, first & 0x1f, at + 1, at)
    switch (first) {
      case 0xc0:
        return this.#set(TYPE.NIL, 0, at + 1, at)
      case 0xc2:
      case 0xc3:
        return this.#set(TYPE.BOOLEAN, 1, at, at)
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return this.#sized(TYPE.BINARY, at, 1 << (first - 0xc4))
      case 0xc7:
      case 0xc8:
      case 0xc9:
        return this.#extension(at, 1 << (first - 0xc7))
      case 0xca:
        return this.#set(TYPE.FLOAT32, 4, at + 1, at)
      case 0xcb:
        return this.#set(TYPE.FLOAT64, 8, at + 1, at)
      case 0xcc:
      case 0xcd:
      case 0xce:
      case 0xcf:
        return this.#set(TYPE.UNSIGNED, 1 << (first - 0xcc), at + 1, at)
      case 0xd0:
      case 0xd1:
      case 0xd2:
      case 0xd3:
        return this.#set(TYPE.SIGNED, 1 << (first - 0xd0), at + 1, at)
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        this.#checkEnd(at + 2, at)
        this.extensionType = this.#view.getInt8(at + 1)
        return this.#set(TYPE.EXTENSION, 1 << (first - 0xd4), at + 2, at)
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.#sized(TYPE.STRING, at, 1 << (first - 0xd9))
      case 0xdc:
      case 0xdd:
        return this.#container(TYPE.ARRAY, this.#number(at, first === 0xdc ? 2 : 4), at + (first === 0xdc ? 3 : 5), at)
      case 0xde:
      case 0xdf:
        return this.#container(TYPE.MAP, this.#number(at, first === 0xde ? 2 : 4), at + (first === 0xde ? 3 : 5), at)
      default:
        // 0xc1, which is never used.
        throw this.malformed('a value has no type', at)
    }
  }

  /**
   * Where the value at `at` ends, with everything in it.
   *
   * @param depth - levels of containers that may be in each other.
   */
  skip(at: number, depth: number): number {
    let next = this.read(at)
    const { type } = this
    if (type !== TYPE.ARRAY && type !== TYPE.MAP) return next
    const count = type === TYPE.MAP ? 2 * this.length : this.length
    if (count > 0 && depth <= 0) {
      throw new FieldsealError('FIELDSEAL_INPUT_TOO_DEEP', 'the record is nested deeper than limits.depth', {
        record: this.record,
        offset: at,
      })
    }
    for (let i = 0; i < count; i += 1) next = this.skip(next, depth - 1)
    return next
  }

  /**
   * Where the value at `at` ends, however deep it is: one loop, for bytes that have been walked before. What was read
   * last is no longer there afterwards.
   */
  endOf(at: number): number {
    const { bytes, end } = this
    let next = at
    // Values that are still to come. Each has a byte, so that no count can make this go on for long.
    for (let pending = 1; pending > 0; pending -= 1) {
      const first = next < end ? bytes[next]! : 0xc1
      const size = SIZES[first]!
      if (size > 0) {
        // The size is in the first byte: so it is of nearly all values.
        next += size
        if (first >= 0x80 && first <= 0x9f) pending += first <= 0x8f ? 2 * (first & 0x0f) : first & 0x0f
        if (next > end) throw this.malformed('a value goes beyond the end', next - size)
      } else {
        next = this.read(next)
        if (this.type === TYPE.ARRAY) pending += this.length
        else if (this.type === TYPE.MAP) pending += 2 * this.length
      }
    }
    return next
  }

  /** The integer whose header was read last: exact, whatever its width. */
  integer(): bigint {
    return this.type === TYPE.SIGNED ? this.#signed() : this.#unsigned()
  }

  /** The number whose header was read last, as a double: of 64-bit integers the nearest. */
  float(): number {
    if (this.type === TYPE.FLOAT32) return this.#view.getFloat32(this.content)
    if (this.type === TYPE.FLOAT64) return this.#view.getFloat64(this.content)
    return Number(this.integer())
  }

  malformed(problem: string, offset: number): FieldsealError {
    return new FieldsealError('FIELDSEAL_INPUT_MALFORMED', problem, { record: this.record, offset })
  }

  #signed(): bigint {
    const { content, length } = this
    if (length === 1) return BigInt(this.#view.getInt8(content))
    if (length === 2) return BigInt(this.#view.getInt16(content))
    if (length === 4) return BigInt(this.#view.getInt32(content))
    return this.#view.getBigInt64(content)
  }

  #unsigned(): bigint {
    const { content, length } = this
    if (length === 1) return BigInt(this.#view.getUint8(content))
    if (length === 2) return BigInt(this.#view.getUint16(content))
    if (length === 4) return BigInt(this.#view.getUint32(content))
    return this.#view.getBigUint64(content)
  }

  #sized(type: number, at: number, width: number): number {
    return this.#set(type, this.#number(at, width), at + 1 + width, at)
  }

  #extension(at: number, width: number): number {
    const length = this.#number(at, width)
    const content = at + 2 + width
    this.#checkEnd(content, at)
    this.extensionType = this.#view.getInt8(content - 1)
    return this.#set(TYPE.EXTENSION, length, content, at)
  }

  /** The number in the header at `at`, behind its first byte. */
  #number(at: number, width: number): number {
    this.#checkEnd(at + 1 + width, at)
    if (width === 1) return this.#view.getUint8(at + 1)
    return width === 2 ? this.#view.getUint16(at + 1) : this.#view.getUint32(at + 1)
  }

  #set(type: number, length: number, content: number, at: number): number {
    const end = content + length
    this.#checkEnd(end, at)
    this.type = type
    this.length = length
    this.content = content
    return end
  }

  /** An element takes a byte at least, a pair two: a count that cannot be true is known at once. */
  #container(type: number, count: number, content: number, at: number): number {
    this.#checkEnd(content + (type === TYPE.MAP ? 2 * count : count), at)
    this.type = type
    this.length = count
    this.content = content
    return content
  }

  #checkEnd(end: number, at: number): void {
    if (end > this.end) throw this.malformed('a value goes beyond the end', at)
  }
}
