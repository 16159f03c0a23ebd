import type { Batch } from './batch.ts'

/** A value with its type, as it is put into a record. */
export type TypedValue =
  | { readonly type: 'text'; readonly bytes: Uint8Array }
  /** A number's source text: `36028797018963964`, `5.0`, `1e3`. */
  | { readonly type: 'number'; readonly text: string }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'bytes'; readonly bytes: Uint8Array }
  /** A JSON text; `extended` where it was made from OTLP values (see `otlp-value-json.ts`). */
  | { readonly type: 'json'; readonly bytes: Uint8Array; readonly extended: boolean }
  | { readonly type: 'strings'; readonly items: readonly Uint8Array[] }

/**
 * A change to a batch.
 *
 * `replace` and `remove` concern the bytes from `at`, a row's `TOKEN` or `ENTRY` or a place inside a text, to `end`;
 * what is removed takes its separators with it. `append` adds to a message, object or array whose content or token
 * begins at `open` and whose end is `close`.
 */
export type Edit =
  | { readonly kind: 'replace'; readonly at: number; readonly end: number; readonly bytes: Uint8Array }
  | { readonly kind: 'remove'; readonly at: number; readonly end: number }
  | {
      readonly kind: 'append'
      readonly at: number
      readonly open: number
      readonly close: number
      readonly bytes: Uint8Array
      readonly first: boolean
    }

/** A part of a text, in bytes of the decoded text, and what is to stand there. */
export interface TextPart {
  readonly start: number
  readonly end: number
  readonly bytes: Uint8Array
  /** In JSON: the bytes were cut out of a string as it stands there, and have its escapes already. */
  readonly escaped?: boolean
}

export interface JsonText {
  readonly bytes: Uint8Array
  readonly extended: boolean
}

/**
 * Walks over a batch and splices changes into it.
 *
 * `walk` reports every value whose path the plan wants to see, and changes nothing. `splice` copies what no edit
 * touches, byte for byte, and mends the lengths that enclose an edit.
 */
export interface Format {
  readonly name: string
  /** Whether a record can be given a further attribute; where it cannot, texts are sealed whole. */
  takesAttributes(batch: Batch, owner: number): boolean
  /**
   * @throws FieldsealError `FIELDSEAL_INPUT_MALFORMED`, `FIELDSEAL_INPUT_TOO_DEEP` or `FIELDSEAL_INPUT_TOO_LARGE`, with
   *   the number of the record.
   */
  walk(batch: Batch): void
  /** A value as it is to stand in the place of a row's token. */
  encodeValue(batch: Batch, row: number, value: TypedValue): Uint8Array
  /** An entry with another key and value, to stand in the place of a row's entry. */
  encodeEntry(batch: Batch, row: number, key: Uint8Array, value: TypedValue): Uint8Array
  /** Adds an attribute to an owner that takes attributes. */
  newAttribute(batch: Batch, owner: number, key: Uint8Array, value: TypedValue): Edit
  /** Adds strings to the array of a row. */
  extendList(batch: Batch, row: number, items: readonly Uint8Array[]): Edit
  /** Takes away the attribute that `newAttribute` made, given its row. */
  removeAttribute(batch: Batch, row: number): Edit
  /**
   * Whether the key of a row's entry is a text in UTF-8, so that one which is made from it leads back to it; absent where
   * all keys are.
   */
  hasTextKey?(batch: Batch, row: number): boolean
  /** Gives the entry of a row another key. */
  replaceKey(batch: Batch, row: number, key: Uint8Array): Edit
  /** Replaces parts of a text, in order and apart from each other. */
  replaceParts(batch: Batch, row: number, parts: readonly TextPart[]): Edit[]
  /** Where the replaceable value of a row ends. */
  tokenEnd(batch: Batch, row: number): number
  /** Where the entry of a row ends. */
  entryEnd(batch: Batch, row: number): number
  /** The batch with edits carried out; edits do not overlap, and need not be in order. */
  splice(batch: Batch, edits: readonly Edit[]): Buffer
  /** A container as JSON text, with the edits inside it carried out. */
  containerJson(batch: Batch, row: number, edits: readonly Edit[]): JsonText
  /** An entry as the JSON text `{"key": value}`, with the edits inside it carried out. */
  entryJson(batch: Batch, row: number, edits: readonly Edit[]): JsonText
  /** The entry that `entryJson` wrote, to stand in the place of a row's entry. */
  restoreEntry(batch: Batch, row: number, json: JsonText): Uint8Array
}
