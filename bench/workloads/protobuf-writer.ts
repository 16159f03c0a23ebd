/**
 * The part of the protobuf wire format (protobuf.dev/programming-guides/encoding) that the workloads need, one function
 * per kind of field. Each returns the field with its tag. Written for clarity: workloads are made before the clock runs.
 */

const WIRE = { varint: 0, fixed64: 1, lengthDelimited: 2, fixed32: 5 } as const

/** Base 128, least significant group first; negative numbers as 64-bit two's complement. */
export function varint(value: number | bigint): Buffer {
  let rest = BigInt.asUintN(64, BigInt(value))
  const bytes: number[] = []
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80)
    rest >>= 7n
  }
  bytes.push(Number(rest))
  return Buffer.from(bytes)
}

const tag = (field: number, wireType: number): Buffer => varint((field << 3) | wireType)

export const varintField = (field: number, value: number | bigint): Buffer =>
  Buffer.concat([tag(field, WIRE.varint), varint(value)])

export function fixed64Field(field: number, value: bigint): Buffer {
  const payload = Buffer.alloc(8)
  payload.writeBigUInt64LE(value)
  return Buffer.concat([tag(field, WIRE.fixed64), payload])
}

export function fixed32Field(field: number, value: number): Buffer {
  const payload = Buffer.alloc(4)
  payload.writeUInt32LE(value)
  return Buffer.concat([tag(field, WIRE.fixed32), payload])
}

export function doubleField(field: number, value: number): Buffer {
  const payload = Buffer.alloc(8)
  payload.writeDoubleLE(value)
  return Buffer.concat([tag(field, WIRE.fixed64), payload])
}

export const bytesField = (field: number, payload: Uint8Array): Buffer =>
  Buffer.concat([tag(field, WIRE.lengthDelimited), varint(payload.length), payload])

export const stringField = (field: number, text: string): Buffer => bytesField(field, Buffer.from(text, 'utf8'))

/** A message inside a message: its fields, one after the other. */
export const messageField = (field: number, fields: readonly Buffer[]): Buffer =>
  bytesField(field, Buffer.concat(fields))
