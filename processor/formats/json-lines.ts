import { type Batch, FIELD, KIND } from './batch.ts'
import type { Format, TypedValue } from './format.ts'
import { walkJsonLines, walkTextLines } from './json-lines-walk.ts'
import { JsonScanner } from './json-scanner.ts'
import { replaceJsonParts, spliceJson } from './json-splice.ts'
import { encodeEscapes } from './json-string.ts'

const QUOTE = Buffer.from('"')
const COLON = Buffer.from(':')

export function jsonString(text: Uint8Array): Uint8Array {
  return Buffer.concat([QUOTE, encodeEscapes(text), QUOTE])
}

function encodeTyped(value: TypedValue): Uint8Array {
  switch (value.type) {
    case 'text':
      return jsonString(value.bytes)
    case 'number':
      // JSON has no NaN and no infinities.
      return /^-?\d/.test(value.text) ? Buffer.from(value.text) : jsonString(Buffer.from(value.text))
    case 'boolean':
      return Buffer.from(String(value.value))
    case 'bytes':
      return jsonString(Buffer.from(Buffer.from(value.bytes).toString('base64')))
    case 'json':
      return value.bytes
    case 'strings':
      return Buffer.from(`[${value.items.map((item) => Buffer.from(jsonString(item)).toString('utf8')).join()}]`)
  }
}

/** A plain line takes text alone, and only on one line. */
function encodeLine(value: TypedValue): Uint8Array {
  return value.type === 'text' ? value.bytes : encodeTyped(value)
}

function encodeEntry(key: Uint8Array, value: TypedValue): Uint8Array {
  return Buffer.concat([jsonString(key), COLON, encodeTyped(value)])
}

function tokenEnd(batch: Batch, row: number): number {
  const kind = batch.kind(row)
  const end = batch.get(row, FIELD.END)
  return kind === KIND.TEXT || kind === KIND.ESCAPED ? end + 1 : end
}

const shared = {
  encodeValue: (batch, row, value) => (batch.kind(row) === KIND.LINE ? encodeLine(value) : encodeTyped(value)),
  encodeEntry: (_batch, _row, key, value) => encodeEntry(key, value),
  newAttribute(batch, index, key, value) {
    const owner = batch.owners[index]!
    return {
      kind: 'append',
      at: owner.end - 1,
      open: owner.start,
      close: owner.end - 1,
      bytes: encodeEntry(key, value),
      first: false,
    }
  },
  extendList(batch, row, items) {
    const close = batch.get(row, FIELD.END) - 1
    const bytes = Buffer.from(items.map((item) => Buffer.from(jsonString(item)).toString('utf8')).join())
    return { kind: 'append', at: close, open: batch.get(row, FIELD.TOKEN), close, bytes, first: false }
  },
  replaceKey(batch, row, key) {
    const start = batch.get(row, FIELD.ENTRY)
    const end = new JsonScanner(batch.bytes, batch.bytes.length, 0).scanString(start + 1) + 1
    return { kind: 'replace', at: start, end, bytes: jsonString(key) }
  },
  removeAttribute: (batch, row) => ({ kind: 'remove', at: batch.get(row, FIELD.ENTRY), end: tokenEnd(batch, row) }),
  replaceParts: replaceJsonParts,
  tokenEnd,
  entryEnd: tokenEnd,
  takesAttributes: (batch, owner) => batch.owners[owner]!.start >= 0,
  splice: (batch, edits) => spliceJson(batch.bytes, 0, batch.length, edits),
  containerJson: (batch, row, edits) => ({
    bytes: spliceJson(batch.bytes, batch.get(row, FIELD.TOKEN), batch.get(row, FIELD.END), edits),
    extended: false,
  }),
  entryJson(batch, row, edits) {
    const entry = spliceJson(batch.bytes, batch.get(row, FIELD.ENTRY), tokenEnd(batch, row), edits)
    return { bytes: Buffer.concat([Buffer.from('{'), entry, Buffer.from('}')]), extended: false }
  },
  restoreEntry(_batch, _row, json) {
    const scanner = new JsonScanner(json.bytes, json.bytes.length, 1024)
    const start = scanner.skipSpace(0)
    const end = scanner.skipValue(start, 0)
    return json.bytes.subarray(start + 1, end - 1)
  },
} as const satisfies Omit<Format, 'name' | 'walk'>

/** One JSON object a line; a line that is none is a text. Blank lines stay. */
export const jsonLines: Format = { name: 'json-lines', walk: walkJsonLines, ...shared }

/** One text a line. */
export const text: Format = { name: 'text', walk: walkTextLines, ...shared }
