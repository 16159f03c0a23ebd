import { isUtf8 } from 'node:buffer'
import { FieldsealError } from '../errors.ts'
import { WIRE, WireReader } from './protobuf-wire.ts'

/** Messages in messages: each level is looked at as a text as well, so that it costs as much as the whole. */
const MOST_LEVELS = 8

/**
 * Calls `visit` for everything that may be a text in the content of a field that no schema tells of. It may be a text,
 * bytes, or a message: where it can be read as a message it is, and where it can be read as a text it is that too.
 */
export function forEachText(
  bytes: Buffer,
  start: number,
  end: number,
  visit: (start: number, end: number) => void,
  levels = MOST_LEVELS,
): void {
  if (start === end) return
  const fields = levels > 1 ? messageFields(bytes, start, end) : undefined
  for (let i = 0; fields !== undefined && i < fields.length; i += 2)
    forEachText(bytes, fields[i]!, fields[i + 1]!, visit, levels - 1)
  if (fields === undefined || isUtf8(bytes.subarray(start, end))) visit(start, end)
}

/** Where the contents of fields with a length start and end; undefined where it is no message. */
function messageFields(bytes: Buffer, start: number, end: number): readonly number[] | undefined {
  const wire = new WireReader(bytes)
  const fields: number[] = []
  try {
    for (let position = start; position < end; ) {
      const tag = wire.varint31(position, end)
      position = wire.skip(tag, wire.at, end)
      if ((tag & 7) === WIRE.LEN) fields.push(wire.at, position)
    }
    return fields
  } catch (error) {
    if (error instanceof FieldsealError) return undefined
    throw error
  }
}
