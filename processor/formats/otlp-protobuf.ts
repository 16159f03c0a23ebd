import { type Batch, FIELD, OWNER_KIND } from './batch.ts'
import type { Edit, Format, TypedValue } from './format.ts'
import { spliceRange } from './otlp-protobuf-splice.ts'
import { OtlpProtobufWalk } from './otlp-protobuf-walk.ts'
import { ANY_VALUE, KEY_VALUE, REQUEST, TAG } from './otlp-schema.ts'
import {
  anyValueToJson,
  jsonToAnyValue,
  jsonToKeyValue,
  keyValueFields,
  keyValueToJson,
  numberField,
} from './otlp-value-json.ts'
import { encodeField, encodeFields, Field, WireReader } from './protobuf-wire.ts'

/** A field of an AnyValue. */
export function encodeTyped(value: TypedValue): Uint8Array {
  return value.type === 'strings' ? encodeField(TAG.ANY_ARRAY, ...listItems(value.items)) : encodeSingle(value)
}

function encodeSingle(value: Exclude<TypedValue, { type: 'strings' }>): Uint8Array {
  switch (value.type) {
    case 'text':
      return encodeField(TAG.ANY_STRING, value.bytes)
    case 'number':
      return numberField(value.text)
    case 'boolean':
      return Uint8Array.of(TAG.ANY_BOOL, value.value ? 1 : 0)
    case 'bytes':
      return encodeField(TAG.ANY_BYTES, value.bytes)
    case 'json':
      return jsonToAnyValue(value.bytes, value.extended)
  }
}

/** Strings as the elements of an ArrayValue. */
function listItems(items: readonly Uint8Array[]): Field[] {
  return items.map((item) => new Field(TAG.VALUES, new Field(TAG.ANY_STRING, item)))
}

function encodeKeyValue(tag: number, key: Uint8Array, value: TypedValue): Uint8Array {
  const content = value.type === 'strings' ? new Field(TAG.ANY_ARRAY, ...listItems(value.items)) : encodeSingle(value)
  return encodeField(tag, ...keyValueFields(key, content))
}

/** The tag of the field that holds an entry, as it stands in the batch. */
function entryTag(batch: Batch, row: number): number {
  const wire = new WireReader(batch.bytes)
  return wire.varint31(batch.get(row, FIELD.ENTRY), batch.bytes.length)
}

function fieldContent(batch: Batch, at: number): { readonly start: number; readonly end: number } {
  const wire = new WireReader(batch.bytes)
  const end = wire.skip(wire.varint31(at, batch.bytes.length), wire.at, batch.bytes.length)
  return { start: wire.at, end }
}

const ATTRIBUTES_TAG = {
  [OWNER_KIND.RECORD]: TAG.RECORD_ATTRIBUTES,
  [OWNER_KIND.RESOURCE]: TAG.RESOURCE_ATTRIBUTES,
  [OWNER_KIND.SCOPE]: TAG.SCOPE_ATTRIBUTES,
} as const

function append(open: number, close: number, bytes: Uint8Array): Edit {
  // Before the message's end, so that the place lies inside of every message around it.
  return { kind: 'append', at: close - 0.5, open, close, bytes, first: false }
}

/** ExportLogsServiceRequest of opentelemetry-proto, as protobuf. */
export const otlpProtobuf: Format = {
  name: 'otlp-protobuf',
  takesAttributes: () => true,
  walk: (batch) => new OtlpProtobufWalk(batch).request(),
  encodeValue: (_batch, _row, value) => encodeTyped(value),
  encodeEntry: (batch, row, key, value) => encodeKeyValue(entryTag(batch, row), key, value),
  newAttribute(batch, index, key, value) {
    const owner = batch.owners[index]!
    return append(owner.start, owner.end, encodeKeyValue(ATTRIBUTES_TAG[owner.kind], key, value))
  },
  extendList(batch, row, items) {
    const { start, end } = fieldContent(batch, batch.get(row, FIELD.TOKEN))
    return append(start, end, encodeFields(listItems(items)))
  },
  replaceKey(batch, row, key) {
    const { start, end } = fieldContent(batch, batch.get(row, FIELD.ENTRY))
    const wire = new WireReader(batch.bytes)
    let at = start
    for (let position = start; position < end; ) {
      const field = position
      const tag = wire.varint31(position, end)
      position = wire.skip(tag, wire.at, end)
      if (tag === TAG.KEY) at = field
    }
    return { kind: 'replace', at, end: fieldContent(batch, at).end, bytes: encodeField(TAG.KEY, key) }
  },
  removeAttribute(batch, row) {
    const at = batch.get(row, FIELD.ENTRY)
    return { kind: 'remove', at, end: fieldContent(batch, at).end }
  },
  replaceParts(batch, row, parts) {
    const start = batch.get(row, FIELD.START)
    const pieces: Uint8Array[] = []
    let copied = 0
    for (const part of parts) {
      pieces.push(batch.bytes.subarray(start + copied, start + part.start), part.bytes)
      copied = part.end
    }
    pieces.push(batch.bytes.subarray(start + copied, batch.get(row, FIELD.END)))
    return [
      {
        kind: 'replace',
        at: batch.get(row, FIELD.TOKEN),
        end: batch.get(row, FIELD.END),
        bytes: encodeField(TAG.ANY_STRING, Buffer.concat(pieces)),
      },
    ]
  },
  tokenEnd: (batch, row) => batch.get(row, FIELD.END),
  entryEnd: (batch, row) => fieldContent(batch, batch.get(row, FIELD.ENTRY)).end,
  splice: (batch, edits) => spliceRange(batch, REQUEST, 0, batch.length, edits),
  containerJson(batch, row, edits) {
    const bytes = spliceRange(batch, ANY_VALUE, batch.get(row, FIELD.TOKEN), batch.get(row, FIELD.END), edits)
    return { bytes: Buffer.from(anyValueToJson(bytes)), extended: true }
  },
  entryJson(batch, row, edits) {
    const { start, end } = fieldContent(batch, batch.get(row, FIELD.ENTRY))
    return { bytes: Buffer.from(keyValueToJson(spliceRange(batch, KEY_VALUE, start, end, edits))), extended: true }
  },
  restoreEntry: (batch, row, json) => encodeField(entryTag(batch, row), jsonToKeyValue(json.bytes, json.extended)),
}
