import { type Batch, FIELD, KIND } from '../formats/batch.ts'
import { hasLoneSurrogate } from '../formats/json-string.ts'
import { doubleText } from '../formats/otlp-value-json.ts'
import { textOf } from '../formats/value-text.ts'
import { booleanOf } from './claims.ts'

/** The source text of a number or boolean; a double always has a point or an exponent. */
export function scalarText(batch: Batch, row: number): string {
  const kind = batch.kind(row)
  if (kind === KIND.BOOLEAN) return String(booleanOf(batch, row))
  // Detectors do not see what makes an integer a double; a value that is sealed has it.
  if (kind === KIND.DOUBLE) return doubleText(batch.bytes.readDoubleLE(batch.get(row, FIELD.START)))
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
