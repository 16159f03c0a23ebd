/** Makes MessagePack, each value in its shortest form (MessagePack specification, "Serialization: type to format conversion"). */

export function nil(): Buffer {
  return Buffer.from([0xc0])
}

export function boolean(value: boolean): Buffer {
  return Buffer.from([value ? 0xc3 : 0xc2])
}

export function integer(value: number | bigint): Buffer {
  const big = BigInt(value)
  if (big >= 0n) return unsigned(big)
  if (big >= -32n) return Buffer.from([Number(big) + 256])
  if (big >= -(2n ** 7n)) return Buffer.from([0xd0, Number(big) + 256])
  if (big >= -(2n ** 15n)) return withBytes(0xd1, 2, (bytes) => bytes.writeInt16BE(Number(big), 1))
  if (big >= -(2n ** 31n)) return withBytes(0xd2, 4, (bytes) => bytes.writeInt32BE(Number(big), 1))
  return withBytes(0xd3, 8, (bytes) => bytes.writeBigInt64BE(big, 1))
}

function unsigned(value: bigint): Buffer {
  if (value < 2n ** 7n) return Buffer.from([Number(value)])
  if (value < 2n ** 8n) return Buffer.from([0xcc, Number(value)])
  if (value < 2n ** 16n) return withBytes(0xcd, 2, (bytes) => bytes.writeUInt16BE(Number(value), 1))
  if (value < 2n ** 32n) return withBytes(0xce, 4, (bytes) => bytes.writeUInt32BE(Number(value), 1))
  return withBytes(0xcf, 8, (bytes) => bytes.writeBigUInt64BE(value, 1))
}

export function double(value: number): Buffer {
  return withBytes(0xcb, 8, (bytes) => bytes.writeDoubleBE(value, 1))
}

/** @param text - as UTF-8. */
export function string(text: string | Uint8Array): Buffer {
  const content = typeof text === 'string' ? Buffer.from(text) : text
  return Buffer.concat([stringHeader(content.length), content])
}

export function binary(content: Uint8Array): Buffer {
  return Buffer.concat([binaryHeader(content.length), content])
}

/** EventTime: extension 0 of 8 bytes (Forward Protocol v1, "EventTime Ext Format"). */
export function eventTime(seconds: number, nanoseconds: number): Buffer {
  const bytes = Buffer.from([0xd7, 0x00, 0, 0, 0, 0, 0, 0, 0, 0])
  bytes.writeUInt32BE(seconds, 2)
  bytes.writeUInt32BE(nanoseconds, 6)
  return bytes
}

/** An array of values that are MessagePack already. */
export function array(elements: readonly Uint8Array[]): Buffer {
  return Buffer.concat([arrayHeader(elements.length), ...elements])
}

/** A map of pairs of keys and values that are MessagePack already. */
export function map(pairs: readonly (readonly [key: Uint8Array, value: Uint8Array])[]): Buffer {
  return Buffer.concat([mapHeader(pairs.length), ...pairs.flat()])
}

export function stringHeader(length: number): Buffer {
  if (length < 32) return Buffer.from([0xa0 | length])
  return length < 2 ** 8 ? Buffer.from([0xd9, length]) : sized(0xda, length)
}

export function binaryHeader(length: number): Buffer {
  return length < 2 ** 8 ? Buffer.from([0xc4, length]) : sized(0xc5, length)
}

export function arrayHeader(count: number): Buffer {
  return count < 16 ? Buffer.from([0x90 | count]) : sized(0xdc, count)
}

export function mapHeader(count: number): Buffer {
  return count < 16 ? Buffer.from([0x80 | count]) : sized(0xde, count)
}

/** @param first - of the form with 16 bits; the one with 32 comes next to it. */
function sized(first: number, size: number): Buffer {
  if (size < 2 ** 16) return withBytes(first, 2, (bytes) => bytes.writeUInt16BE(size, 1))
  return withBytes(first + 1, 4, (bytes) => bytes.writeUInt32BE(size, 1))
}

function withBytes(first: number, length: number, write: (bytes: Buffer) => void): Buffer {
  const bytes = Buffer.alloc(1 + length)
  bytes[0] = first
  write(bytes)
  return bytes
}
