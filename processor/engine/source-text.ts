import { type Batch, FIELD, KIND } from '../formats/batch.ts'
import { hasLoneSurrogate } from '../formats/json-string.ts'
import { doubleText } from '../formats/otlp-value-json.ts'
import { floatAt, textOf } from '../formats/value-text.ts'

/** The source text of a number or boolean; a double always has a point or an exponent. */
export function scalarText(batch: Batch, row: number): string {
  const kind = batch.kind(row)
  if (kind === KIND.BOOLEAN) return String(booleanOf(batch, row))
  // Detectors do not see what makes an integer a double; a value that is sealed has it.
  if (kind === KIND.DOUBLE) return doubleText(batch.bytes.readDoubleLE(batch.get(row, FIELD.START)))
  if (kind === KIND.FLOAT)
    return doubleText(floatAt(batch.bytes, batch.get(row, FIELD.START), batch.get(row, FIELD.END)))
  if (kind !== KIND.NUMBER && kind !== KIND.REAL) return textOf(batch, row).toString('latin1')
  const text = batch.bytes.toString('latin1', batch.get(row, FIELD.START), batch.get(row, FIELD.END))
  return kind === KIND.REAL && /^-?\d+$/.test(text) ? `${text}.0` : text
}

/** The string as it stands in JSON, where it holds half of a surrogate pair and so has no UTF-8 form. */
export function sourceWithoutUtf8(batch: Batch, row: number): Buffer | undefined {
  if (batch.kind(row) !== KIND.ESCAPED) return undefined
  const start = batch.get(row, FIELD.START)
  const end = batch.get(row, FIELD.END)
  return hasLoneSurrogate(batch.bytes, start, end) ? batch.bytes.subarray(start - 1, end + 1) : undefined
}

/**
 * `true` in JSON; 0xc3 in MessagePack; in protobuf a varint that is not 0, which may be any number, and longer than it
 * needs to be.
 */
export function booleanOf(batch: Batch, row: number): boolean {
  const token = batch.bytes.subarray(batch.get(row, FIELD.START), batch.get(row, FIELD.END))
  // All bytes of a varint but the last one are 0x80 and above: no varint looks like a literal.
  if (token.length >= 4 && token[0]! < 0x80) return token[0] === 0x74
  // The last byte of a varint is below 0x80.
  if (token.length === 1 && token[0]! >= 0x80) return token[0] === 0xc3
  return token.some((byte) => (byte & 0x7f) !== 0)
}
