import { isUtf8 } from 'node:buffer'
import { type Plain, UnreadableError } from './content.ts'
import { forEachField, WIRE } from './protobuf-fields.ts'
import { asUtf8 } from './utf8.ts'

/** Messages in each other: each level is looked at as a text as well, so that it costs as much as the whole. */
const MOST_LEVELS = 8

/**
 * What may be read in a field that no schema tells of. A field with a length may be a text, bytes, or a message: where it
 * can be read as a message it is, and where it can be read as a text it is that too.
 */
export function readUnknown(bytes: Buffer, start: number, end: number, into: Plain[], levels = MOST_LEVELS): void {
  const content = bytes.subarray(start, end)
  if (content.length === 0) return
  const isMessage = levels > 1 && isReadable(bytes, start, end)
  if (isMessage) {
    forEachField(bytes, start, end, (_number, wire, from, to) => {
      if (wire === WIRE.LENGTH) readUnknown(bytes, from, to, into, levels - 1)
    })
  }
  if (!isMessage || isUtf8(content)) into.push({ kind: 'bytes', bytes: asUtf8(content) })
}

function isReadable(bytes: Buffer, start: number, end: number): boolean {
  try {
    forEachField(bytes, start, end, () => undefined)
    return true
  } catch (error) {
    if (error instanceof UnreadableError) return false
    throw error
  }
}
