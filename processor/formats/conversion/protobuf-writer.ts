import { isUtf8 } from 'node:buffer'
import { FieldsealError } from '../../errors.ts'
import { varintSize, writeVarint } from '../protobuf-wire.ts'
import type { LossCount } from './losses.ts'

/** Bytes of a varint of 64 bits. */
const LONGEST_VARINT = 10

/**
 * Protobuf that is written from front to back, into a buffer which grows up to a limit. The length of a message is put
 * in front of it once it is closed; where it takes more than one byte, the message is moved by that.
 */
export class ProtobufWriter {
  readonly #limit: number
  readonly #losses: LossCount
  #bytes: Buffer
  #at = 0

  /** @param limit - bytes that may be written. */
  constructor(expected: number, limit: number, losses: LossCount) {
    this.#limit = limit
    this.#losses = losses
    this.#bytes = Buffer.allocUnsafeSlow(Math.max(64, Math.min(expected, limit)))
  }

  /** What has been written; nothing is to be written any more. */
  finish(): Buffer {
    return this.#bytes.subarray(0, this.#at)
  }

  /** Begins a message, and gives what `close` needs. */
  open(tag: number): number {
    this.#tag(tag, 1)
    this.#at += 1
    return this.#at
  }

  close(start: number): void {
    const length = this.#at - start
    const more = varintSize(length) - 1
    if (more > 0) {
      this.#room(more)
      this.#bytes.copyWithin(start + more, start, this.#at)
      this.#at += more
    }
    writeVarint(this.#bytes, start - 1, length)
  }

  /** A field of bytes, or a message that is protobuf already. */
  bytes(tag: number, bytes: Uint8Array, start = 0, end = bytes.length): void {
    const length = end - start
    this.#tag(tag, varintSize(length) + length)
    this.#at = writeVarint(this.#bytes, this.#at, length)
    this.#put(bytes, start, end)
  }

  /** A string field: protobuf's are UTF-8. */
  text(tag: number, bytes: Uint8Array, start = 0, end = bytes.length): void {
    if (isAscii(bytes, start, end) || isUtf8(bytes.subarray(start, end))) {
      this.bytes(tag, bytes, start, end)
    } else {
      this.#losses.add('text_replaced')
      this.bytes(tag, Buffer.from(asBuffer(bytes).toString('utf8', start, end)))
    }
  }

  /** @param value - not negative, and of at most 32 bits. */
  varint(tag: number, value: number): void {
    if (value > 0x7fff_ffff) {
      this.int64(tag, BigInt(value))
      return
    }
    this.#tag(tag, LONGEST_VARINT)
    this.#at = writeVarint(this.#bytes, this.#at, value)
  }

  int64(tag: number, value: bigint): void {
    if (value >= 0n && value <= 0x7fff_ffffn) {
      this.varint(tag, Number(value))
      return
    }
    this.#tag(tag, LONGEST_VARINT)
    let rest = BigInt.asUintN(64, value)
    while (rest > 0x7fn) {
      this.#bytes[this.#at] = Number(rest & 0x7fn) | 0x80
      this.#at += 1
      rest >>= 7n
    }
    this.#bytes[this.#at] = Number(rest)
    this.#at += 1
  }

  fixed32(tag: number, value: number): void {
    this.#tag(tag, 4)
    this.#at = this.#bytes.writeUInt32LE(value, this.#at)
  }

  fixed64(tag: number, value: bigint): void {
    this.#tag(tag, 8)
    this.#at = this.#bytes.writeBigUInt64LE(value, this.#at)
  }

  double(tag: number, value: number): void {
    this.#tag(tag, 8)
    this.#at = this.#bytes.writeDoubleLE(value, this.#at)
  }

  /** Fields that are protobuf already. */
  raw(bytes: Uint8Array): void {
    this.#room(bytes.length)
    this.#put(bytes, 0, bytes.length)
  }

  /** @param content - bytes of the field there must be room for. */
  #tag(tag: number, content: number): void {
    this.#room(LONGEST_VARINT + content)
    this.#at = writeVarint(this.#bytes, this.#at, tag)
  }

  #put(bytes: Uint8Array, start: number, end: number): void {
    if (end - start > 32) {
      asBuffer(bytes).copy(this.#bytes, this.#at, start, end)
      this.#at += end - start
    } else {
      for (let i = start; i < end; i += 1, this.#at += 1) this.#bytes[this.#at] = bytes[i]!
    }
  }

  #room(bytes: number): void {
    const needed = this.#at + bytes
    if (needed <= this.#bytes.length) return
    if (needed > this.#limit + LONGEST_VARINT) throw tooLarge(this.#limit)
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, Math.ceil(this.#bytes.length * 1.5)))
    this.#bytes.copy(grown, 0, 0, this.#at)
    this.#bytes = grown
  }
}

export function tooLarge(limit: number): FieldsealError {
  return new FieldsealError('FIELDSEAL_INPUT_TOO_LARGE', `the batch takes more than ${limit} bytes in another format`)
}

export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
}

function isAscii(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start > 64) return false
  for (let i = start; i < end; i += 1) {
    if (bytes[i]! >= 0x80) return false
  }
  return true
}
