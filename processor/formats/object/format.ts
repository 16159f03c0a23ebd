import { type Batch, FIELD } from '../batch.ts'
import type { Edit, Format, TypedValue } from '../format.ts'
import { forward } from '../forward.ts'
import { spliceMessagePack } from '../message-pack/splice.ts'
import { replaceTextParts } from '../message-pack/text-parts.ts'
import * as write from '../message-pack/write.ts'
import { jsonToNative, jsonToNativeEntry, nativeEntryToJson, nativeNumber, nativeToJson } from './json.ts'
import { LogRecordWalk } from './log-record-walk.ts'
import { ObjectWalk, type RecordWalk } from './walk.ts'

const FIRST_TEXT = 0xa0
const LAST_FIXED_TEXT = 0xbf

function encodeTyped(value: TypedValue): Uint8Array {
  switch (value.type) {
    case 'text':
      return write.string(value.bytes)
    case 'number':
      return nativeNumber(value.text)
    case 'boolean':
      return write.boolean(value.value)
    case 'bytes':
      return write.binary(value.bytes)
    case 'json':
      return jsonToNative(value.bytes, value.extended)
    case 'strings':
      return write.array(value.items.map(write.string))
  }
}

function spliced(batch: Batch, row: number, start: number, edits: readonly Edit[]): Buffer {
  return spliceMessagePack(batch.bytes, batch.get(row, start), batch.get(row, FIELD.END), edits)
}

/** The header of a text that stood at `at` and has got another size; a native value becomes a text. */
function textHeader(bytes: Uint8Array, at: number, sizeBefore: number, size: number): Uint8Array {
  const first = bytes[at]!
  const isText = (first >= FIRST_TEXT && first <= LAST_FIXED_TEXT) || (first >= 0xd9 && first <= 0xdb)
  return isText ? write.mendedHeader(first, sizeBefore, size) : write.stringHeader(size)
}

function formatOf(name: string, make: (batch: Batch) => RecordWalk): Format {
  return {
    // The bytes are MessagePack, and are edited as such.
    ...forward,
    name,
    walk: (batch) => batch.walkOf(make).record(),
    encodeValue: (_batch, _row, value) => encodeTyped(value),
    encodeEntry: (_batch, _row, key, value) => Buffer.concat([write.string(key), encodeTyped(value)]),
    replaceParts: (batch, row, parts) =>
      replaceTextParts(batch, row, parts, (at, lengthBefore, length) =>
        textHeader(batch.bytes, at, lengthBefore, length),
      ),
    splice: (batch, edits) => spliceMessagePack(batch.bytes, 0, batch.length, edits),
    containerJson: (batch, row, edits) => ({
      bytes: Buffer.from(nativeToJson(spliced(batch, row, FIELD.TOKEN, edits))),
      extended: true,
    }),
    entryJson: (batch, row, edits) => ({
      bytes: Buffer.from(nativeEntryToJson(spliced(batch, row, FIELD.ENTRY, edits))),
      extended: true,
    }),
    restoreEntry: (_batch, _row, json) => jsonToNativeEntry(json.bytes, json.extended),
  }
}

/** A record of a logger, as `ObjectWriter` writes it. */
export const object: Format = formatOf('object', (batch) => new ObjectWalk(batch))

/** A log record of the OpenTelemetry SDK. */
export const logRecord: Format = formatOf('log-record', (batch) => new LogRecordWalk(batch))
