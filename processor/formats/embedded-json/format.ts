import { type Batch, FIELD } from '../batch.ts'
import type { Edit, Format } from '../format.ts'
import { jsonLines } from '../json-lines.ts'
import { spliceJson } from '../json-splice.ts'
import type { EmbeddingBatch } from './batch.ts'
import type { EmbeddedText } from './texts.ts'

/**
 * A format for batches with embedded JSON: values in there are spliced as JSON, in the decoded text; texts with edits
 * are then written back as the strings that they were, in the format around them.
 */
export function embeddingFormat(outer: Format): Format {
  const of = (batch: Batch, row: number): Format => (batch.isEmbedded(row) ? jsonLines : outer)
  return {
    name: outer.name,
    walk: outer.walk,
    takesAttributes: outer.takesAttributes,
    newAttribute: outer.newAttribute,
    encodeValue(batch, row, value) {
      // In the place of all the JSON comes the text itself, which is quoted with the string that it stands in.
      if (isWholeText(batch, row))
        return value.type === 'text' || value.type === 'json' ? value.bytes : jsonLines.encodeValue(batch, row, value)
      return of(batch, row).encodeValue(batch, row, value)
    },
    encodeEntry: (batch, row, key, value) => of(batch, row).encodeEntry(batch, row, key, value),
    extendList: (batch, row, items) => of(batch, row).extendList(batch, row, items),
    removeAttribute: (batch, row) => of(batch, row).removeAttribute(batch, row),
    hasTextKey: (batch, row) => of(batch, row).hasTextKey?.(batch, row) ?? true,
    replaceKey: (batch, row, key) => of(batch, row).replaceKey(batch, row, key),
    replaceParts: (batch, row, parts) => of(batch, row).replaceParts(batch, row, parts),
    tokenEnd: (batch, row) => (isWholeText(batch, row) ? textOf(batch, row).end : of(batch, row).tokenEnd(batch, row)),
    entryEnd: (batch, row) => of(batch, row).entryEnd(batch, row),
    containerJson(batch, row, edits) {
      if (!isWholeText(batch, row)) return of(batch, row).containerJson(batch, row, edits)
      const { start, end } = textOf(batch, row)
      return { bytes: spliceJson(batch.bytes, start, end, edits), extended: false }
    },
    entryJson: (batch, row, edits) => of(batch, row).entryJson(batch, row, edits),
    restoreEntry: (batch, row, json) => of(batch, row).restoreEntry(batch, row, json),
    splice: (batch, edits) => outer.splice(batch, withTexts(batch as EmbeddingBatch, outer, edits)),
  }
}

/** Whether the row is all the JSON of a text. */
export function isWholeText(batch: Batch, row: number): boolean {
  return batch.isEmbedded(row) && batch.node(row).parent === undefined
}

function textOf(batch: Batch, row: number): EmbeddedText {
  return (batch as EmbeddingBatch).textAt(batch.get(row, FIELD.START))!
}

/** Edits inside of texts become one for each text. */
function withTexts(batch: EmbeddingBatch, outer: Format, edits: readonly Edit[]): Edit[] {
  const all: Edit[] = []
  const inside = new Map<number, Edit[]>()
  for (const edit of edits) {
    if (batch.textAt(edit.at) === undefined) {
      all.push(edit)
      continue
    }
    const row = batch.rowAround(edit.at)
    const those = inside.get(row)
    if (those === undefined) inside.set(row, [edit])
    else those.push(edit)
  }
  for (const [row, those] of inside) {
    const { start, end } = batch.textAt(those[0]!.at)!
    const text = spliceJson(batch.bytes, start, end, those)
    const bytes = outer.encodeValue(batch, row, { type: 'text', bytes: text })
    all.push({ kind: 'replace', at: batch.get(row, FIELD.TOKEN), end: outer.tokenEnd(batch, row), bytes })
  }
  return all
}
