import type { Batch } from '../formats/batch.ts'
import { isWholeText } from '../formats/embedded-json/format.ts'
import type { Format } from '../formats/format.ts'

/** What a map or array is sealed as. */
export function containerType(batch: Batch, row: number, format: Format): 'json' | 'otlp+json' | 'text' {
  // All the JSON of a text is that text again.
  if (isWholeText(batch, row)) return 'text'
  return format.name.startsWith('otlp') && !batch.isEmbedded(row) ? 'otlp+json' : 'json'
}
