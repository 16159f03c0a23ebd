import { type Batch, FIELD } from '../batch.ts'
import type { Edit, TextPart } from '../format.ts'

/**
 * The edit that replaces parts of the text of a row, and with them its header.
 *
 * @param headerOf - the header of the text once its length is another one.
 */
export function replaceTextParts(
  batch: Batch,
  row: number,
  parts: readonly TextPart[],
  headerOf: (at: number, lengthBefore: number, length: number) => Uint8Array,
): Edit[] {
  const start = batch.get(row, FIELD.START)
  const end = batch.get(row, FIELD.END)
  const at = batch.get(row, FIELD.TOKEN)
  const pieces: Uint8Array[] = []
  let copied = 0
  let length = end - start
  for (const part of parts) {
    pieces.push(batch.bytes.subarray(start + copied, start + part.start), part.bytes)
    copied = part.end
    length += part.bytes.length - (part.end - part.start)
  }
  pieces.push(batch.bytes.subarray(start + copied, end))
  return [{ kind: 'replace', at, end, bytes: Buffer.concat([headerOf(at, end - start, length), ...pieces]) }]
}
