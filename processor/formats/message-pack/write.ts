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

/** @param type - -128 to 127; below 0 is the specification's. */
export function extension(type: number, content: Uint8Array): Buffer {
  const fixed = FIXED_EXTENSIONS.indexOf(content.length)
  const header = fixed < 0 ? sizedExtension(content.length) : Buffer.from([0xd4 + fixed])
  return Buffer.concat([header, Buffer.from([type & 0xff]), content])
}

/** Lengths that have a form of their own. */
const FIXED_EXTENSIONS: readonly number[] = [1, 2, 4, 8, 16]

function sizedExtension(length: number): Buffer {
  return length < 2 ** 8 ? Buffer.from([0xc7, length]) : sized(0xc8, length)
}

/** A number's source text: an integer where it is one of 64 bits, signed or not, else a double. */
export function number(text: string): Buffer {
  // 2^64 has twenty digits. Of more the value is not worked out: that takes time with their square.
  if (/^-?\d{1,20}$/.test(text)) {
    const value = BigInt(text)
    if (value === BigInt.asIntN(64, value) || value === BigInt.asUintN(64, value)) return integer(value)
  }
  return double(Number(text))
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

/** The forms of a header, from the shortest on. */
interface Forms {
  /** The form that has its size in the first byte. */
  readonly fixed?: { readonly first: number; readonly most: number }
  /** First byte of the form of so many bits; the others come next to it, each of twice as many. */
  readonly first: number
  readonly bits: 8 | 16
}

const STRING_FORMS: Forms = { fixed: { first: 0xa0, most: 31 }, first: 0xd9, bits: 8 }
const BINARY_FORMS: Forms = { first: 0xc4, bits: 8 }
const ARRAY_FORMS: Forms = { fixed: { first: 0x90, most: 15 }, first: 0xdc, bits: 16 }
const MAP_FORMS: Forms = { fixed: { first: 0x80, most: 15 }, first: 0xde, bits: 16 }

function formsOf(first: number): Forms {
  if (first <= 0x8f || first >= 0xde) return MAP_FORMS
  if (first <= 0x9f || first >= 0xdc) return ARRAY_FORMS
  return first >= 0xc4 && first <= 0xc6 ? BINARY_FORMS : STRING_FORMS
}

/** The shortest form for the size, of those from `form` on: -1 is the fixed one, 0 the first with bits of its own. */
function formFor({ fixed, bits }: Forms, size: number, from: number): number {
  if (from < 0 && fixed !== undefined && size <= fixed.most) return -1
  let form = Math.max(0, from)
  while (size >= 2 ** (bits * 2 ** form)) form += 1
  return form
}

/**
 * The header of a string, binary, array or map that has got another size. A header that was wider than it had to be
 * stays as wide where that is enough: some senders write all of them with 32 bits. Others are as short as they can be.
 *
 * @param first - the first byte that it had.
 */
export function mendedHeader(first: number, sizeBefore: number, size: number): Buffer {
  const forms = formsOf(first)
  const { fixed, first: firstOfBits, bits } = forms
  const isFixed = fixed !== undefined && first >= fixed.first && first <= fixed.first + fixed.most
  const before = isFixed ? -1 : first - firstOfBits
  const form = formFor(forms, size, before === formFor(forms, sizeBefore, -1) ? -1 : before)
  if (form < 0) return Buffer.from([fixed!.first | size])
  const bytes = (bits / 8) * 2 ** form
  return withBytes(firstOfBits + form, bytes, (header) => header.writeUIntBE(size, 1, bytes))
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
