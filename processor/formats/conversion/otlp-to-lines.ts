import { FieldsealError } from '../../errors.ts'
import { JsonWriter } from '../json-writer.ts'
import { TAG } from '../otlp-schema.ts'
import { doubleText } from '../otlp-value-json.ts'
import { decodeVarint64 } from '../protobuf-wire.ts'
import { DEEPEST } from './limits.ts'
import type { LossCount } from './losses.ts'
import { type FlattenedGroup, Flattening, type Member, type MemberValue } from './members.ts'
import { bytesOf, type Content, elementsOf, type Part, readContent, readEntry } from './otlp-parts.ts'
import { type OtlpGroup, type OtlpRecord, type OtlpVisitor, readOtlp } from './otlp-reader.ts'
import { asBuffer, tooLarge } from './protobuf-writer.ts'

const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const COLON = 0x3a
const NEWLINE = 0x0a

/** The records of an OTLP request, given as protobuf, each as one line of JSON. */
export function otlpToLines(bytes: Buffer, bodyKeys: readonly string[], limit: number, losses: LossCount): Buffer {
  const lines = new Lines(bytes.length, bodyKeys, limit, losses)
  readOtlp(bytes, losses, lines)
  return lines.finish()
}

class Lines implements OtlpVisitor {
  readonly #flattening: Flattening
  readonly #limit: number
  readonly #losses: LossCount
  readonly #json: JsonWriter
  #group: OtlpGroup | undefined
  #flattened: FlattenedGroup | undefined

  constructor(bytes: number, bodyKeys: readonly string[], limit: number, losses: LossCount) {
    this.#flattening = new Flattening(bodyKeys, losses)
    this.#limit = limit
    this.#losses = losses
    this.#json = new JsonWriter(bytes * 2 + 256)
  }

  finish(): Buffer {
    this.#losses.add('text_replaced', this.#json.replaced)
    return this.#json.finish()
  }

  group(group: OtlpGroup): void {
    this.#group = group
    this.#flattened = undefined
  }

  record(record: OtlpRecord): void {
    // Where a group has no records, nothing is worked out for it.
    this.#flattened ??= this.#flattening.group(this.#group!)
    this.#members(this.#flattening.record(record, this.#flattened, true))
    this.#json.mark(NEWLINE)
    // A record is much smaller than a batch: looking once a record is enough.
    if (this.#json.length > this.#limit) throw tooLarge(this.#limit)
  }

  #members(members: readonly Member[]): void {
    const json = this.#json
    json.mark(OPEN_BRACE)
    for (const { key, value } of members) {
      json.separate()
      json.text(key, 0, key.length)
      json.mark(COLON)
      this.#value(value)
    }
    json.mark(CLOSE_BRACE)
  }

  #value(value: MemberValue): void {
    const json = this.#json
    switch (value.kind) {
      case 'any':
        this.#any(value.value, 0)
        break
      case 'text':
        json.text(value.text.wire.bytes, value.text.start, value.text.end)
        break
      case 'string':
        this.#string(value.text)
        break
      case 'number':
        json.int32(value.number)
        break
      case 'map':
        this.#members(value.members)
        break
      case 'list':
        this.#list(value.values, (item) => this.#any(item, 1))
        break
    }
  }

  #string(text: string): void {
    const bytes = Buffer.from(text, 'latin1')
    this.#json.text(bytes, 0, bytes.length)
  }

  #list<Item>(items: readonly Item[], write: (item: Item) => void): void {
    this.#json.mark(OPEN_BRACKET)
    for (const item of items) {
      this.#json.separate()
      write(item)
    }
    this.#json.mark(CLOSE_BRACKET)
  }

  #any(value: Part, depth: number): void {
    const json = this.#json
    const content = readContent(value, this.#losses)
    const { tag, wire, start, end } = content
    switch (tag) {
      case TAG.ANY_STRING:
        json.text(wire.bytes, start, end)
        break
      case TAG.ANY_BOOL:
        json.ascii(decodeVarint64(wire.bytes, start, end) === 0n ? 'false' : 'true')
        break
      case TAG.ANY_INT:
        json.ascii(String(end - start === 1 ? wire.bytes[start]! : decodeVarint64(wire.bytes, start, end)))
        break
      case TAG.ANY_DOUBLE:
        this.#double(asBuffer(wire.bytes).readDoubleLE(start))
        break
      case TAG.ANY_BYTES:
        this.#losses.add('bytes_as_text')
        json.base64(wire.bytes, start, end)
        break
      case TAG.ANY_ARRAY:
        this.#list(this.#elements(content, depth), (item) => this.#any(item, depth + 1))
        break
      case TAG.ANY_MAP:
        this.#map(this.#elements(content, depth), depth)
        break
      default:
        json.ascii('null')
    }
  }

  /** Always with a point or an exponent: a whole number without is an integer. */
  #double(value: number): void {
    if (Number.isFinite(value)) {
      this.#json.ascii(doubleText(value))
    } else {
      this.#losses.add('number_as_text')
      this.#json.ascii(`"${value}"`)
    }
  }

  #elements(content: Content, depth: number): Part[] {
    if (depth < DEEPEST) return elementsOf(content, this.#losses)
    throw new FieldsealError('FIELDSEAL_INPUT_TOO_DEEP', `the record is nested deeper than ${DEEPEST} levels`, {
      record: content.wire.record,
    })
  }

  #map(entries: readonly Part[], depth: number): void {
    const json = this.#json
    json.mark(OPEN_BRACE)
    for (const entry of entries) {
      const { key, value } = readEntry(entry, this.#losses)
      const bytes = bytesOf(key)
      json.separate()
      json.text(bytes, 0, bytes.length)
      json.mark(COLON)
      this.#any(value, depth + 1)
    }
    json.mark(CLOSE_BRACE)
  }
}
