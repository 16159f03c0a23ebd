import { varintSize, WIRE, writeVarint } from '../../formats/protobuf-wire.ts'

/** A field of a small message: a whole number from 0 to 2^31-1, a text, or a message. */
export type Field = readonly [number: number, value: number | string | Buffer]

/** Encodes a small message. As proto3 wants it, numbers that are 0 and texts that are empty are left out. */
export function message(...fields: readonly Field[]): Buffer {
  return Buffer.concat(fields.map(encodeField))
}

function encodeField([number, value]: Field): Buffer {
  if (typeof value === 'number') return value === 0 ? EMPTY : Buffer.concat([varint(number << 3), varint(value)])
  if (value === '') return EMPTY
  const content = typeof value === 'string' ? Buffer.from(value) : value
  return Buffer.concat([varint((number << 3) | WIRE.LEN), varint(content.length), content])
}

const EMPTY = Buffer.alloc(0)

function varint(value: number): Buffer {
  const bytes = Buffer.alloc(varintSize(value))
  writeVarint(bytes, 0, value)
  return bytes
}
