import { FieldsealError } from '../../errors.ts'
import { CHAR, JsonScanner } from '../json-scanner.ts'
import { decodeEscapes, hasLoneSurrogate } from '../json-string.ts'
import { FORM, type JsonField, type JsonMessage, REQUEST_JSON } from '../otlp-json-fields.ts'
import { fieldName } from '../otlp-json-name.ts'
import { DEEPEST } from './limits.ts'
import type { LossCount } from './losses.ts'
import type { ProtobufWriter } from './protobuf-writer.ts'
import { severityNumberOfEnum } from './severity.ts'

const NULL_START = 0x6e
const INTEGER = /^-?\d{1,20}$/
const NUMBER = /^(?:-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|NaN|-?Infinity)$/
const HEX = /^(?:[0-9A-Fa-f]{2})*$/
/** Levels of JSON for each level of a value, and around it. */
const JSON_LEVELS = DEEPEST * 4 + 16

interface NamedField {
  readonly field: JsonField
  readonly tag: number
}

/** Fields by their names, of each message that has been seen. */
const named = new Map<JsonMessage, ReadonlyMap<string, NamedField>>()

function fieldsOf(message: JsonMessage): ReadonlyMap<string, NamedField> {
  const known = named.get(message)
  if (known !== undefined) return known
  const fields = new Map<string, NamedField>()
  for (const [tag, field] of [...message.byTag.entries(), ...message.byLongTag]) {
    const name = field?.name.toString('latin1').slice(1, -2)
    // Of two numbers of a field the first is the one that is written.
    if (field !== undefined && name !== undefined && !fields.has(name)) fields.set(name, { field, tag })
  }
  const scopeLogs = fields.get('scopeLogs')
  // What the OpenTelemetry Collector reads still (see `otlp-schema.ts`).
  if (scopeLogs !== undefined) fields.set('deprecatedScopeLogs', scopeLogs)
  named.set(message, fields)
  return fields
}

/** Writes an ExportLogsServiceRequest, given in OTLP's JSON encoding, as protobuf. Returns the number of its records. */
export function otlpJsonToProtobuf(bytes: Buffer, writer: ProtobufWriter, losses: LossCount): number {
  return new Conversion(bytes, writer, losses).request()
}

class Conversion {
  readonly #bytes: Buffer
  readonly #scanner: JsonScanner
  readonly #writer: ProtobufWriter
  readonly #losses: LossCount
  #scratch = Buffer.alloc(256)

  constructor(bytes: Buffer, writer: ProtobufWriter, losses: LossCount) {
    this.#bytes = bytes
    this.#scanner = new JsonScanner(bytes, bytes.length, JSON_LEVELS)
    this.#writer = writer
    this.#losses = losses
  }

  request(): number {
    const scanner = this.#scanner
    const end = this.#message(REQUEST_JSON, scanner.skipSpace(0), 0)
    if (scanner.skipSpace(end) !== scanner.end) throw scanner.malformed('something follows the request', end)
    return scanner.record
  }

  #message(type: JsonMessage, start: number, depth: number): number {
    const scanner = this.#scanner
    scanner.expect(CHAR.OPEN_BRACE, start, 'an object')
    const inside = this.#enter(type, start, depth)
    const fields = fieldsOf(type)
    const end = scanner.members(start, 0, (keyStart, keyEnd, value) => {
      const known = fields.get(fieldName(this.#name(keyStart, keyEnd)))
      if (known === undefined) {
        this.#losses.add('unknown_fields_left_out')
        return scanner.skipValue(value, 0)
      }
      // Protobuf's JSON mapping: null is absent, whatever the type.
      if (scanner.peek(value) === NULL_START) return scanner.scanLiteral(value)
      if (!known.field.repeated) return this.#field(known, value, inside)
      scanner.expect(CHAR.OPEN_BRACKET, value, 'an array')
      return scanner.elements(value, 0, (item) => this.#field(known, item, inside))
    })
    if (type.isRecord) scanner.record += 1
    return end
  }

  #enter({ isContainer }: JsonMessage, offset: number, depth: number): number {
    if (!isContainer) return depth
    if (depth < DEEPEST) return depth + 1
    throw new FieldsealError('FIELDSEAL_INPUT_TOO_DEEP', `the record is nested deeper than ${DEEPEST} levels`, {
      record: this.#scanner.record,
      offset,
    })
  }

  #field({ field, tag }: NamedField, start: number, depth: number): number {
    const scanner = this.#scanner
    const writer = this.#writer
    switch (field.form) {
      case FORM.MESSAGE: {
        const open = writer.open(tag)
        // An empty value of an array may be null.
        const isNull = scanner.peek(start) === NULL_START
        const end = isNull ? scanner.scanLiteral(start) : this.#message(field.message!, start, depth)
        writer.close(open)
        return end
      }
      case FORM.TEXT:
      case FORM.HEX:
      case FORM.BASE64: {
        scanner.expect(CHAR.QUOTE, start, 'a string')
        const end = scanner.scanString(start + 1)
        this.#string(field, tag, start + 1, end)
        return end + 1
      }
      case FORM.BOOLEAN: {
        const { text, end } = this.#scalar(start)
        if (text !== 'true' && text !== 'false') throw scanner.malformed('a value of another type', start)
        if (text === 'true' || !field.implicit) writer.varint(tag, text === 'true' ? 1 : 0)
        return end
      }
      default: {
        const { text, end } = this.#scalar(start)
        this.#number(field, tag, text, start)
        return end
      }
    }
  }

  /** A number or boolean, which may stand in quotes. */
  #scalar(start: number): { readonly text: string; readonly end: number } {
    const scanner = this.#scanner
    if (scanner.peek(start) === CHAR.QUOTE) {
      const end = scanner.scanString(start + 1)
      return { text: this.#bytes.toString('latin1', start + 1, end), end: end + 1 }
    }
    const isLiteral = scanner.peek(start) >= 0x61
    const end = isLiteral ? scanner.scanLiteral(start) : scanner.scanNumber(start)
    return { text: this.#bytes.toString('latin1', start, end), end }
  }

  /** The text of a string without its escapes; valid until the next one is asked for. */
  #text(start: number, end: number): Buffer {
    if (!this.#scanner.escaped) return this.#bytes.subarray(start, end)
    if (this.#scratch.length < end - start) this.#scratch = Buffer.alloc(end - start)
    return this.#scratch.subarray(0, decodeEscapes(this.#bytes, start, end, this.#scratch, 0))
  }

  /** The names of fields are ASCII: what is not need not be known. */
  #name(start: number, end: number): string {
    if (!this.#scanner.escaped) return this.#bytes.toString('latin1', start, end)
    return this.#text(start, end).toString('latin1')
  }

  #string({ form, implicit }: JsonField, tag: number, start: number, end: number): void {
    const writer = this.#writer
    if (implicit && start === end) return
    if (form === FORM.TEXT) {
      if (this.#scanner.escaped && hasLoneSurrogate(this.#bytes, start, end)) this.#losses.add('text_replaced')
      writer.text(tag, this.#text(start, end))
      return
    }
    const text = this.#bytes.toString('latin1', start, end)
    if (form === FORM.BASE64) writer.bytes(tag, Buffer.from(text, 'base64'))
    // OTLP, "trace_id": a receiver takes an invalid id for an absent one, and keeps the record.
    else if (HEX.test(text)) writer.bytes(tag, Buffer.from(text, 'hex'))
    else this.#losses.add('id_left_out')
  }

  #number({ form, implicit }: JsonField, tag: number, text: string, offset: number): void {
    const writer = this.#writer
    if (form === FORM.DOUBLE) {
      if (!NUMBER.test(text)) throw this.#scanner.malformed('a number is none', offset)
      writer.double(tag, Number(text))
      return
    }
    const value = integerOf(text)
    if (value === undefined) throw this.#scanner.malformed('a number is none', offset)
    if (implicit && value === 0n) return
    switch (form) {
      case FORM.INT64:
        if (value !== BigInt.asIntN(64, value)) throw this.#scanner.malformed('a number is too large', offset)
        writer.int64(tag, value)
        break
      case FORM.INT32:
        writer.int64(tag, BigInt.asIntN(32, value))
        break
      case FORM.UINT32:
        writer.varint(tag, Number(BigInt.asUintN(32, value)))
        break
      case FORM.FIXED32:
        writer.fixed32(tag, Number(BigInt.asUintN(32, value)))
        break
      case FORM.FIXED64:
        writer.fixed64(tag, BigInt.asUintN(64, value))
        break
    }
  }
}

/** Integers may be written with a fraction of zero or an exponent (protobuf, "ProtoJSON"); enums by their names. */
function integerOf(text: string): bigint | undefined {
  if (INTEGER.test(text)) return BigInt(text)
  const value = NUMBER.test(text) ? Number(text) : severityNumberOfEnum(text)
  return value !== undefined && Number.isSafeInteger(value) ? BigInt(value) : undefined
}
