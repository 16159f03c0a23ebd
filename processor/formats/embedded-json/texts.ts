import { FieldsealError } from '../../errors.ts'
import { type Batch, FIELD } from '../batch.ts'
import { isSealedObject } from '../json-lines-walk.ts'
import { CHAR, JsonScanner } from '../json-scanner.ts'
import { isTextual, textOf } from '../value-text.ts'

/** A body that is a text, and the text JSON: where it was decoded to, behind the batch. */
export interface EmbeddedText {
  /** Where the content of the text starts in the batch. */
  readonly at: number
  /** The decoded text, in bytes of the batch with what was added to it. */
  readonly start: number
  readonly end: number
}

export interface EmbeddedTexts {
  /** The batch, a byte that parts, and the decoded texts one behind the other. */
  readonly bytes: Buffer
  /** Bytes of the batch alone. */
  readonly length: number
  /** In the order in which they are decoded. */
  readonly texts: readonly EmbeddedText[]
}

/** Levels to which it is found out whether a text is JSON: far more than a record may have (`limits.depth`). */
const DEEPEST = 1000

/** Places in a batch are signed numbers of 32 bits. */
const MOST_BYTES = 2 ** 31 - 1

/**
 * Finds bodies that are JSON objects or arrays in a text, as containers write what a program logged (`{"log":"{…}\n"}`).
 *
 * What only begins like JSON is a text like any other. What is JSON and too deep for a record is no text, to be looked at
 * without its keys: whoever walks over it refuses it.
 *
 * @param batch - with rows of all bodies.
 * @param isWanted - which of those that are JSON are to be read as such.
 * @returns undefined where there is none.
 */
export function embeddedTexts(batch: Batch, isWanted: (text: Buffer) => boolean): EmbeddedTexts | undefined {
  const texts: EmbeddedText[] = []
  const pieces: Buffer[] = [batch.bytes, Buffer.from('\n')]
  let length = batch.bytes.length + 1
  for (let row = 0; row < batch.count; row += 1) {
    if (batch.node(row).parent !== undefined || !isTextual(batch.kind(row))) continue
    const text = textOf(batch, row)
    // A body that was sealed whole is JSON too, and stays what it is.
    if (!isJsonContainer(text) || isSealedObject(batch, text, 0, text.length) || !isWanted(text)) continue
    texts.push({ at: batch.get(row, FIELD.START), start: length, end: length + text.length })
    pieces.push(text)
    length += text.length
    if (length > MOST_BYTES)
      throw new FieldsealError('FIELDSEAL_INPUT_TOO_LARGE', 'the batch with its bodies decoded is over 2 GiB')
  }
  if (texts.length === 0) return undefined
  return { bytes: Buffer.concat(pieces, length), length: batch.bytes.length, texts }
}

function isJsonContainer(text: Buffer): boolean {
  const scanner = new JsonScanner(text, text.length, DEEPEST)
  const start = scanner.skipSpace(0)
  const first = text[start]
  if (first !== CHAR.OPEN_BRACE && first !== CHAR.OPEN_BRACKET) return false
  try {
    return scanner.skipSpace(scanner.skipValue(start, 1)) === text.length
  } catch (error) {
    // Nobody knows what is in something that goes so deep: it counts as JSON, and is refused.
    return error instanceof FieldsealError && error.code === 'FIELDSEAL_INPUT_TOO_DEEP'
  }
}
