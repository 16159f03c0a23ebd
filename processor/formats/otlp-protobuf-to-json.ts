import { FieldsealError } from '../errors.ts'
import { LossCount } from './conversion/losses.ts'
import { JsonWriter } from './json-writer.ts'
import { FORM, type JsonField, type JsonMessage, REQUEST_JSON } from './otlp-json-fields.ts'
import { malformed, WIRE, WireReader } from './protobuf-wire.ts'

/** The most that `limits.depth` can be set to: maps and arrays inside of each other. */
const DEEPEST = 200

const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const TRUE = Buffer.from('true')
const FALSE = Buffer.from('false')

/**
 * An ExportLogsServiceRequest in OTLP's JSON encoding, on one line without a line break at its end: names in
 * lowerCamelCase, numbers of 64 bits as decimal strings, enums as numbers, ids in hexadecimal, bytes in base64.
 * Members come in the order of the fields on the wire, and what has the default of its type is left out (proto3).
 *
 * Fields that OTLP does not know are left out, and with them those that only profiles use. A text that is not UTF-8
 * gets U+FFFD for what is wrong in it. What is there more than once is read as protobuf says: the last one counts, and
 * messages are merged.
 *
 * The text takes two to three times the bytes of usual logs, and at most some ten times those of hostile ones.
 *
 * @throws FieldsealError `FIELDSEAL_INPUT_MALFORMED`, or `FIELDSEAL_INPUT_TOO_DEEP` beyond 200 levels of maps and
 *   arrays, with the number of the record.
 */
export function otlpProtobufToJson(bytes: Buffer, losses = new LossCount()): Buffer {
  const usual = new Conversion(bytes)
  usual.message(REQUEST_JSON, 0, bytes.length, 0)
  losses.add('unknown_fields_left_out', usual.unknown)
  if (!usual.isScattered) return usual.finish(losses)
  const scattered = new Conversion(bytes)
  scattered.gathered(REQUEST_JSON, [0, bytes.length], 0)
  return scattered.finish(losses)
}

/** One pass over a request. */
class Conversion {
  readonly json: JsonWriter
  /**
   * Whether something is there twice, or the elements of a list are not beside each other: what was written is of no
   * use then, and everything is gathered before it is written. Nothing is begun anew halfway, where that could be done
   * on each level again: two passes are the most.
   */
  isScattered = false
  /** Fields that are not known. */
  unknown = 0
  readonly #bytes: Buffer
  readonly #wire: WireReader
  #gathers = false
  /** Where the content of the field starts that was passed last. */
  #from = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
    this.#wire = new WireReader(bytes)
    this.json = new JsonWriter(bytes.length * 2 + 256)
  }

  finish(losses: LossCount): Buffer {
    losses.add('text_replaced', this.json.replaced)
    return this.json.finish()
  }

  /** Writes a message as its fields come. */
  message(type: JsonMessage, start: number, end: number, depth: number): void {
    const { json } = this
    const inside = this.#enter(type, start, depth)
    let seen = 0
    let list: JsonField | undefined
    let position = start
    json.mark(OPEN_BRACE)
    while (position < end) {
      const field = this.#field(type, position, end)
      position = this.#wire.at
      if (field === undefined) {
        this.unknown += 1
        continue
      }
      const from = this.#from
      if (field === list) {
        json.separate()
        this.#value(field, from, position, inside)
        continue
      }
      if (list !== undefined) json.mark(CLOSE_BRACKET)
      list = undefined
      const bit = 1 << field.slot
      if (type.oneof ? seen !== 0 : (seen & bit) !== 0) this.isScattered = true
      seen |= bit
      if (field.implicit && this.#isDefault(field, from, position)) continue
      json.separate()
      json.raw(field.name)
      if (field.repeated) {
        json.mark(OPEN_BRACKET)
        list = field
      }
      this.#value(field, from, position, inside)
    }
    if (list !== undefined) json.mark(CLOSE_BRACKET)
    json.mark(CLOSE_BRACE)
    if (type.isRecord) this.#wire.record += 1
  }

  /**
   * Writes a message that was gathered.
   *
   * @param pieces - where it starts and ends, and starts and ends again: protobuf puts the pieces of a message together.
   */
  gathered(type: JsonMessage, pieces: readonly number[], depth: number): void {
    this.#gathers = true
    const { json } = this
    const inside = this.#enter(type, pieces[0] ?? 0, depth)
    const found: (number[] | undefined)[] = []
    this.#each(type, pieces, (field, from, end) => {
      // Another member of a oneof takes away what the one before has had.
      if (type.oneof && found[field.slot] === undefined) found.length = 0
      if (field.form !== FORM.MESSAGE || field.repeated) found[field.slot] = [from, end]
      else if (found[field.slot] === undefined) found[field.slot] = [from, end]
      else found[field.slot]!.push(from, end)
    })
    json.mark(OPEN_BRACE)
    for (const field of type.fields) {
      const at = found[field.slot]
      if (at === undefined || (field.implicit && this.#isDefault(field, at[0]!, at[1]!))) continue
      json.separate()
      json.raw(field.name)
      if (field.repeated) this.#gatheredList(type, field, pieces, inside)
      else if (field.message !== undefined) this.gathered(field.message, at, inside)
      else this.#value(field, at[0]!, at[1]!, inside)
    }
    json.mark(CLOSE_BRACE)
    if (type.isRecord) this.#wire.record += 1
  }

  /** The elements are looked for again, rather than remembered: there can be millions. */
  #gatheredList(type: JsonMessage, wanted: JsonField, pieces: readonly number[], depth: number): void {
    this.json.mark(OPEN_BRACKET)
    this.#each(type, pieces, (field, from, end) => {
      if (field !== wanted) return
      this.json.separate()
      this.#value(field, from, end, depth)
    })
    this.json.mark(CLOSE_BRACKET)
  }

  #each(type: JsonMessage, pieces: readonly number[], visit: (field: JsonField, from: number, end: number) => void) {
    for (let piece = 0; piece < pieces.length; piece += 2) {
      const end = pieces[piece + 1]!
      let position = pieces[piece]!
      while (position < end) {
        const field = this.#field(type, position, end)
        position = this.#wire.at
        if (field !== undefined) visit(field, this.#from, position)
      }
    }
  }

  #enter({ isContainer }: JsonMessage, start: number, depth: number): number {
    if (!isContainer) return depth
    if (depth < DEEPEST) return depth + 1
    throw new FieldsealError('FIELDSEAL_INPUT_TOO_DEEP', `the record is nested deeper than ${DEEPEST} levels`, {
      record: this.#wire.record,
      offset: start,
    })
  }

  /**
   * Reads a tag and passes its field: `#from` is then where its content starts, and `at` of the reader where it ends.
   *
   * @returns undefined for a field that is not known.
   */
  #field(type: JsonMessage, start: number, end: number): JsonField | undefined {
    const bytes = this.#bytes
    const wire = this.#wire
    let position = start + 1
    let tag = bytes[start]!
    if (tag >= 0x80) {
      tag = wire.varint31(start, end)
      position = wire.at
    }
    const field = tag < 0x80 ? type.byTag[tag] : type.byLongTag.get(tag)
    if (field === undefined) {
      wire.at = wire.skip(tag, position, end)
      return undefined
    }
    let stop: number
    switch (tag & 7) {
      case WIRE.LEN: {
        // Most lengths are one byte; the reader's own loop takes the others.
        let length = position < end ? bytes[position]! : 0x80
        if (length < 0x80 && length < end - position) {
          position += 1
        } else {
          length = wire.length(position, end)
          position = wire.at
        }
        stop = position + length
        break
      }
      case WIRE.VARINT:
        stop = position < end && bytes[position]! < 0x80 ? position + 1 : wire.skipVarint(position, end)
        break
      default:
        stop = position + ((tag & 7) === WIRE.FIXED64 ? 8 : 4)
        if (stop > end) throw malformed('a field is cut off', start, wire.record)
    }
    this.#from = position
    wire.at = stop
    return field
  }

  #isDefault({ form }: JsonField, from: number, end: number): boolean {
    if (form === FORM.TEXT || form === FORM.HEX || form === FORM.BASE64) return from === end
    // A number is 0 where all of its bits are, and those of a varint but the one that says that more follows.
    const mask = form === FORM.FIXED32 || form === FORM.FIXED64 ? 0xff : 0x7f
    for (let position = from; position < end; position += 1) {
      if ((this.#bytes[position]! & mask) !== 0) return false
    }
    return true
  }

  #value(field: JsonField, from: number, end: number, depth: number): void {
    const { json } = this
    const bytes = this.#bytes
    switch (field.form) {
      case FORM.MESSAGE:
        if (this.#gathers) this.gathered(field.message!, [from, end], depth)
        else this.message(field.message!, from, end, depth)
        break
      case FORM.TEXT:
        json.text(bytes, from, end)
        break
      case FORM.HEX:
        json.hex(bytes, from, end)
        break
      case FORM.BASE64:
        json.base64(bytes, from, end)
        break
      case FORM.BOOLEAN:
        json.raw(this.#isDefault(field, from, end) ? FALSE : TRUE)
        break
      case FORM.UINT32:
        json.uint32(lowBits(bytes, from, end))
        break
      case FORM.INT32:
        json.int32(lowBits(bytes, from, end) | 0)
        break
      case FORM.INT64:
        json.quotedInt64(highBits(bytes, from, end), lowBits(bytes, from, end))
        break
      case FORM.FIXED32:
        json.uint32(bytes.readUInt32LE(from))
        break
      case FORM.FIXED64:
        json.quotedUint64(bytes.readUInt32LE(from + 4), bytes.readUInt32LE(from))
        break
      case FORM.DOUBLE:
        json.double(bytes.readDoubleLE(from))
        break
    }
  }
}

/** The lower 32 bits of a varint. */
function lowBits(bytes: Uint8Array, start: number, end: number): number {
  let bits = 0
  const stop = Math.min(end, start + 5)
  for (let position = start; position < stop; position += 1) {
    bits |= (bytes[position]! & 0x7f) << (7 * (position - start))
  }
  return bits >>> 0
}

/** The upper 32 bits of a varint, from bit 4 of its fifth byte to bit 0 of its tenth. */
function highBits(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 5) return 0
  let bits = (bytes[start + 4]! & 0x7f) >>> 4
  for (let position = start + 5; position < end; position += 1) {
    bits |= (bytes[position]! & 0x7f) << (7 * (position - start) - 32)
  }
  return bits >>> 0
}
