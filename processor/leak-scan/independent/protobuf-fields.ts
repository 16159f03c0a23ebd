import { UnreadableError } from './content.ts'

/** Wire types (protobuf, "Encoding"). */
export const WIRE = { VARINT: 0, FIXED64: 1, LENGTH: 2, GROUP_START: 3, GROUP_END: 4, FIXED32: 5 } as const

export type Range = readonly [start: number, end: number]

/** A field as it stands in the bytes: its content is `[start, end)`. */
export type FieldVisitor = (number: number, wire: number, start: number, end: number) => void

/**
 * Calls `visit` for each field in `[from, to)`. What stands in a group, which OTLP has none of, counts as standing
 * beside it: so it is seen, and no depth has to be counted.
 */
export function forEachField(bytes: Buffer, from: number, to: number, visit: FieldVisitor): void {
  let at = from
  while (at < to) {
    const first = bytes[at]!
    let number = first >> 3
    let wire = first & 7
    let start = at + 1
    // Nearly all tags, lengths and numbers are below 128, and need no BigInt.
    if (first >= 0x80) {
      const tag = varint(bytes, at, to)
      number = Number(tag.value >> 3n)
      wire = Number(tag.value & 7n)
      start = tag.end
    }
    if (number === 0 || number >= 2 ** 29) throw new UnreadableError('a field without a number')
    let end = start
    if (wire === WIRE.LENGTH && start < to && bytes[start]! < 0x80) {
      end = start + 1 + bytes[start]!
      start += 1
    } else if (wire === WIRE.VARINT) end = start < to && bytes[start]! < 0x80 ? start + 1 : varint(bytes, start, to).end
    else if (wire === WIRE.FIXED64) end = start + 8
    else if (wire === WIRE.FIXED32) end = start + 4
    else if (wire === WIRE.LENGTH) {
      const length = varint(bytes, start, to)
      start = length.end
      // Compared as it is: a length beyond what a double holds is beyond the end.
      if (length.value > BigInt(to - start)) throw new UnreadableError('a field goes beyond the end')
      end = start + Number(length.value)
    } else if (wire !== WIRE.GROUP_START && wire !== WIRE.GROUP_END) {
      throw new UnreadableError('a field of no wire type')
    }
    if (end > to) throw new UnreadableError('a field is cut off')
    visit(number, wire, start, end)
    at = end
  }
}

/** A varint of up to ten bytes. */
export function varint(bytes: Buffer, from: number, to: number): { readonly value: bigint; readonly end: number } {
  // Nearly all tags and lengths are below 128.
  if (from < to && bytes[from]! < 0x80) return { value: BigInt(bytes[from]!), end: from + 1 }
  let value = 0n
  for (let at = from, shift = 0n; at < to && shift < 70n; at += 1, shift += 7n) {
    value |= BigInt(bytes[at]! & 0x7f) << shift
    if (bytes[at]! < 0x80) return { value, end: at + 1 }
  }
  throw new UnreadableError('a number is cut off')
}
