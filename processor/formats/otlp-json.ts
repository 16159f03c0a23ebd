import { FieldsealError } from '../errors.ts'
import { type Batch, FIELD, type Owner } from './batch.ts'
import type { Edit, Format, TypedValue } from './format.ts'
import { CHAR, JsonScanner } from './json-scanner.ts'
import { replaceJsonParts, spliceJson } from './json-splice.ts'
import { fieldNameAt } from './otlp-json-name.ts'
import {
  anyValueToOtlpJson,
  jsonQuoted,
  keyValueToOtlpJson,
  otlpJsonToAnyValue,
  otlpJsonToKeyValue,
} from './otlp-json-value.ts'
import { OtlpJsonWalk } from './otlp-json-walk.ts'
import { encodeTyped } from './otlp-protobuf.ts'
import { anyValueToJson, jsonToKeyValue, keyValueToJson } from './otlp-value-json.ts'

function encode(value: TypedValue): string {
  return anyValueToOtlpJson(encodeTyped(value))
}

function encodeKeyValue(key: Uint8Array, value: TypedValue): Uint8Array {
  return Buffer.from(`{"key":${jsonQuoted(key)},"value":${encode(value)}}`)
}

function valueEnd(batch: Batch, start: number): number {
  return new JsonScanner(batch.bytes, batch.bytes.length, Number.MAX_SAFE_INTEGER).skipValue(start, 0)
}

/** Where the member `attributes` starts, if it stands in front and lists nothing but the entry: `newAttribute` made it. */
function madeListStart(batch: Batch, owner: Owner, at: number, end: number): number | undefined {
  const scanner = new JsonScanner(batch.bytes, batch.bytes.length, Number.MAX_SAFE_INTEGER)
  const first = scanner.skipSpace(owner.start + 1)
  const isFirst = batch.bytes.toString('latin1', first, owner.attributesStart).replace(/\s/g, '') === '"attributes":'
  const isOnly =
    scanner.skipSpace(owner.attributesStart + 1) === at && scanner.skipSpace(end) === owner.attributesEnd - 1
  return isFirst && isOnly ? first : undefined
}

function listText(items: readonly string[]): Uint8Array {
  return Buffer.from(items.join())
}

/** Where the elements of the array value of `row` are listed. */
function valuesArray(batch: Batch, row: number): { readonly open: number; readonly close: number } | undefined {
  const { bytes } = batch
  const scanner = new JsonScanner(bytes, bytes.length, Number.MAX_SAFE_INTEGER)
  let found: { open: number; close: number } | undefined
  scanner.members(batch.get(row, FIELD.TOKEN), 0, (typeStart, typeEnd, list) =>
    fieldNameAt(bytes, typeStart, typeEnd) !== 'arrayValue' || scanner.peek(list) !== CHAR.OPEN_BRACE
      ? scanner.skipValue(list, 0)
      : scanner.members(list, 0, (nameStart, nameEnd, value) => {
          const isList =
            fieldNameAt(bytes, nameStart, nameEnd) === 'values' && scanner.peek(value) === CHAR.OPEN_BRACKET
          const end = scanner.skipValue(value, 0)
          if (isList) found = { open: value, close: end - 1 }
          return end
        }),
  )
  return found
}

/** ExportLogsServiceRequest of opentelemetry-proto, as JSON. */
export const otlpJson: Format = {
  name: 'otlp-json',
  walk: (batch) => new OtlpJsonWalk(batch).request(),
  encodeValue(_batch, _row, value) {
    // A string that protobuf cannot hold, with half of a surrogate pair, stands here as it stood.
    const isString = value.type === 'json' && !value.extended && value.bytes[0] === CHAR.QUOTE
    if (isString) return Buffer.concat([Buffer.from('{"stringValue":'), value.bytes, Buffer.from('}')])
    return Buffer.from(encode(value))
  },
  encodeEntry: (_batch, _row, key, value) => encodeKeyValue(key, value),
  newAttribute(batch, index, key, value) {
    const owner = batch.owners[index]!
    const bytes = encodeKeyValue(key, value)
    if (owner.attributesStart < 0) {
      // In front, where no exporter puts an empty list: the opener then knows that the list was made for this.
      return {
        kind: 'append',
        at: owner.start,
        open: owner.start,
        close: owner.end - 1,
        bytes: Buffer.concat([Buffer.from('"attributes":['), bytes, Buffer.from(']')]),
        first: true,
      }
    }
    if (batch.bytes[owner.attributesStart] !== CHAR.OPEN_BRACKET) {
      return {
        kind: 'replace',
        at: owner.attributesStart,
        end: owner.attributesEnd,
        bytes: Buffer.concat([Buffer.from('['), bytes, Buffer.from(']')]),
      }
    }
    return {
      kind: 'append',
      at: owner.attributesEnd - 1,
      open: owner.attributesStart,
      close: owner.attributesEnd - 1,
      bytes,
      first: false,
    }
  },
  extendList(batch, row, items) {
    const list = valuesArray(batch, row)
    if (list === undefined) {
      const start = batch.get(row, FIELD.TOKEN)
      return {
        kind: 'replace',
        at: start,
        end: valueEnd(batch, start),
        bytes: Buffer.from(encode({ type: 'strings', items })),
      }
    }
    return {
      kind: 'append',
      at: list.close,
      ...list,
      bytes: listText(items.map((item) => encode({ type: 'text', bytes: item }))),
      first: false,
    }
  },
  replaceKey(batch, row, key) {
    const scanner = new JsonScanner(batch.bytes, batch.bytes.length, Number.MAX_SAFE_INTEGER)
    let edit: Edit | undefined
    scanner.members(batch.get(row, FIELD.ENTRY), 0, (nameStart, nameEnd, value) => {
      const isKey = fieldNameAt(batch.bytes, nameStart, nameEnd) === 'key'
      const end = scanner.skipValue(value, 0)
      if (isKey) edit = { kind: 'replace', at: value, end, bytes: Buffer.from(jsonQuoted(key)) }
      return end
    })
    if (edit === undefined) throw new FieldsealError('FIELDSEAL_INTERNAL', 'an entry has no key')
    return edit
  },
  removeAttribute(batch, row) {
    const owner = batch.owners[batch.get(row, FIELD.OWNER)]!
    const at = batch.get(row, FIELD.ENTRY)
    const end = valueEnd(batch, at)
    const list = madeListStart(batch, owner, at, end)
    return list === undefined ? { kind: 'remove', at, end } : { kind: 'remove', at: list, end: owner.attributesEnd }
  },
  replaceParts: replaceJsonParts,
  tokenEnd: (batch, row) => valueEnd(batch, batch.get(row, FIELD.TOKEN)),
  entryEnd: (batch, row) => valueEnd(batch, batch.get(row, FIELD.ENTRY)),
  takesAttributes: (batch, owner) => batch.owners[owner]!.start >= 0,
  splice: (batch, edits) => spliceJson(batch.bytes, 0, batch.length, edits),
  containerJson(batch, row, edits) {
    const start = batch.get(row, FIELD.TOKEN)
    const json = spliceJson(batch.bytes, start, valueEnd(batch, start), edits)
    return { bytes: Buffer.from(anyValueToJson(otlpJsonToAnyValue(json))), extended: true }
  },
  entryJson(batch, row, edits) {
    const start = batch.get(row, FIELD.ENTRY)
    const json = spliceJson(batch.bytes, start, valueEnd(batch, start), edits)
    return { bytes: Buffer.from(keyValueToJson(otlpJsonToKeyValue(json))), extended: true }
  },
  restoreEntry: (_batch, _row, json) => Buffer.from(keyValueToOtlpJson(jsonToKeyValue(json.bytes, json.extended))),
}
