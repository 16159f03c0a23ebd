import { isUtf8 } from 'node:buffer'
import { type Batch, FIELD } from './batch.ts'
import type { Edit, Format, TypedValue } from './format.ts'
import { forwardParts } from './forward-message.ts'
import { ForwardWalk } from './forward-walk.ts'
import { HeaderReader, TYPE } from './message-pack/header.ts'
import { entryToJson, jsonToEntry, jsonToMessagePack, messagePackToJson } from './message-pack/json.ts'
import { spliceMessagePack } from './message-pack/splice.ts'
import { replaceTextParts } from './message-pack/text-parts.ts'
import * as write from './message-pack/write.ts'

function encodeTyped(value: TypedValue): Uint8Array {
  switch (value.type) {
    case 'text':
      return write.string(value.bytes)
    case 'number':
      return write.number(value.text)
    case 'boolean':
      return write.boolean(value.value)
    case 'bytes':
      return write.binary(value.bytes)
    case 'json':
      return jsonToMessagePack(value.bytes, value.extended)
    case 'strings':
      return write.array(value.items.map(write.string))
  }
}

function encodeEntry(key: Uint8Array, value: TypedValue): Uint8Array {
  return Buffer.concat([write.string(key), encodeTyped(value)])
}

function append(open: number, close: number, bytes: Uint8Array): Edit {
  // Before the end, so that the place lies inside of everything around it.
  return { kind: 'append', at: close - 0.5, open, close, bytes, first: false }
}

/** The end of a value is that of its entry, too. */
const endOf = (batch: Batch, row: number): number => batch.get(row, FIELD.END)

/** One uncompressed message of Fluent Forward, in MessagePack. */
export const forward: Format = {
  name: 'forward',
  takesAttributes: (batch, owner) => batch.owners[owner]!.start >= 0,
  walk: (batch) => new ForwardWalk(batch).message(),
  encodeValue: (_batch, _row, value) => encodeTyped(value),
  encodeEntry: (_batch, _row, key, value) => encodeEntry(key, value),
  newAttribute(batch, index, key, value) {
    const owner = batch.owners[index]!
    return append(owner.start, owner.end, encodeEntry(key, value))
  },
  extendList: (batch, row, items) =>
    append(batch.get(row, FIELD.TOKEN), endOf(batch, row), Buffer.concat(items.map(write.string))),
  removeAttribute: (batch, row) => ({
    kind: 'remove',
    at: batch.get(row, FIELD.ENTRY),
    end: endOf(batch, row),
  }),
  hasTextKey(batch, row) {
    const reader = new HeaderReader(batch.bytes, batch.length)
    const end = reader.read(batch.get(row, FIELD.ENTRY))
    return reader.type === TYPE.STRING && isUtf8(batch.bytes.subarray(reader.content, end))
  },
  replaceKey(batch, row, key) {
    const at = batch.get(row, FIELD.ENTRY)
    return { kind: 'replace', at, end: new HeaderReader(batch.bytes).endOf(at), bytes: write.string(key) }
  },
  replaceParts: (batch, row, parts) =>
    replaceTextParts(batch, row, parts, (at, lengthBefore, length) =>
      write.mendedHeader(batch.bytes[at]!, lengthBefore, length),
    ),
  tokenEnd: endOf,
  entryEnd: endOf,
  splice(batch, edits) {
    const parts = forwardParts(new HeaderReader(batch.bytes, batch.length))
    const stream = parts?.mode === 'packed' ? parts.at : -1
    return spliceMessagePack(batch.bytes, 0, batch.length, edits, stream)
  },
  containerJson(batch, row, edits) {
    const bytes = spliceMessagePack(batch.bytes, batch.get(row, FIELD.TOKEN), endOf(batch, row), edits)
    return { bytes: Buffer.from(messagePackToJson(bytes)), extended: true }
  },
  entryJson(batch, row, edits) {
    const bytes = spliceMessagePack(batch.bytes, batch.get(row, FIELD.ENTRY), endOf(batch, row), edits)
    return { bytes: Buffer.from(entryToJson(bytes)), extended: true }
  },
  restoreEntry: (_batch, _row, json) => jsonToEntry(json.bytes, json.extended),
}
