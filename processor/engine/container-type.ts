import type { Batch } from '../formats/batch.ts'
import { isWholeText } from '../formats/embedded-json/format.ts'
import { marksOf } from '../formats/extended-json.ts'
import type { Format } from '../formats/format.ts'

/** What a map or array is sealed as. */
export function containerType(batch: Batch, row: number, format: Format): 'json' | 'otlp+json' | 'text' {
  // All the JSON of a text is that text again.
  if (isWholeText(batch, row)) return 'text'
  return marksOf(format.name).size > 0 && !batch.isEmbedded(row) ? 'otlp+json' : 'json'
}
