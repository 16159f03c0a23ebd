import {
  booleanOf,
  type Entries,
  type Holder,
  MOST_DEPTH,
  NOTHING,
  numberOf,
  type Plain,
  serviceOf,
  UnreadableError,
  ValueBudget,
} from './content.ts'
import { type Beside, batchHolder, beside, recordHolder, resourceHolder, scopeHolder } from './otlp-holders.ts'
import { forEachField, type Range, varint, WIRE } from './protobuf-fields.ts'
import type { ProtobufRecordLook } from './protobuf-record-look.ts'
import { readUnknown } from './unknown-field.ts'
import { asUtf8 } from './utf8.ts'

/** Records that are looked at together first: of four that are clean but for every twentieth, nearly all are clean. */
const LOOKED_AT_TOGETHER = 4

/**
 * Reads an ExportLogsServiceRequest (opentelemetry-proto v1) from its protobuf encoding, a record at a time.
 *
 * @param look - a record that it says is clean is given as one that holds nothing.
 */
export function* readOtlpProtobuf(bytes: Buffer, look?: ProtobufRecordLook): Iterable<Holder> {
  const reader = new OtlpProtobufReader(bytes, look)
  const rest = beside()
  const resources = reader.messages(0, bytes.length, [1], rest.unknown)
  yield batchHolder(rest)
  for (const range of resources) yield* reader.resourceLogs(range)
}

class OtlpProtobufReader {
  readonly #bytes: Buffer
  readonly #look: ProtobufRecordLook | undefined
  readonly #budget = new ValueBudget()

  constructor(bytes: Buffer, look: ProtobufRecordLook | undefined) {
    this.#bytes = bytes
    this.#look = look
  }

  /** The messages in the fields of these numbers; whatever else has a length is unknown. */
  messages(start: number, end: number, numbers: readonly number[], unknown: Plain[]): Range[] {
    const ranges: Range[] = []
    forEachField(this.#bytes, start, end, (number, wire, from, to) => {
      if (wire !== WIRE.LENGTH) return
      if (numbers.includes(number)) ranges.push([from, to])
      else readUnknown(this.#bytes, from, to, unknown)
    })
    return ranges
  }

  /** `ResourceLogs`. The resource may come behind its records. */
  *resourceLogs([start, end]: Range): Iterable<Holder> {
    this.#budget.renew()
    const rest = beside()
    const attributes: [string, Plain][] = []
    const scopes: Range[] = []
    this.#fields(start, end, rest, (number, from, to) => {
      if (number === 1) this.#attributed(from, to, rest, attributes, 1)
      // 1000: `deprecated_scope_logs`, which the OpenTelemetry Collector reads still.
      else if (number === 2 || number === 1000) scopes.push([from, to])
      else if (number === 3) rest.fields.push(['resource.schema_url', this.#text(from, to)])
      else return false
      return true
    })
    const service = serviceOf(attributes)
    yield resourceHolder(service, attributes, rest)
    for (const range of scopes) yield* this.#scopeLogs(range, service)
  }

  *#scopeLogs([start, end]: Range, service: string): Iterable<Holder> {
    this.#budget.renew()
    const rest = beside()
    const attributes: [string, Plain][] = []
    const records: Range[] = []
    this.#fields(start, end, rest, (number, from, to) => {
      if (number === 1) this.#scope(from, to, rest, attributes)
      else if (number === 2) records.push([from, to])
      else if (number === 3) rest.fields.push(['scope.schema_url', this.#text(from, to)])
      else return false
      return true
    })
    yield scopeHolder(service, attributes, rest)
    const look = this.#look
    if (look !== undefined) yield* this.#looked(records, service, look)
    else for (const range of records) yield this.#record(range, service)
  }

  /** Records in turn; those that are clean hold nothing. */
  *#looked(records: readonly Range[], service: string, look: ProtobufRecordLook): Iterable<Holder> {
    const clean = recordHolder(service, [], beside())
    for (let at = 0; at < records.length; at += LOOKED_AT_TOGETHER) {
      const some = records.slice(at, at + LOOKED_AT_TOGETHER)
      const areClean = look.areClean(this.#bytes, some)
      for (const range of some) {
        yield areClean || look.areClean(this.#bytes, [range]) ? clean : this.#record(range, service)
      }
    }
  }

  #scope(start: number, end: number, rest: Beside, attributes: [string, Plain][]): void {
    this.#fields(start, end, rest, (number, from, to) => {
      if (number === 1) rest.fields.push(['scope.name', this.#text(from, to)])
      else if (number === 2) rest.fields.push(['scope.version', this.#text(from, to)])
      else if (number === 3) this.#keyValue(from, to, rest, attributes, 0)
      else return false
      return true
    })
  }

  #record([start, end]: Range, service: string): Holder {
    this.#budget.renew()
    const rest = beside()
    const attributes: [string, Plain][] = []
    this.#fields(start, end, rest, (number, from, to) => {
      if (number === 3) rest.fields.push(['severity', this.#text(from, to)])
      else if (number === 5) for (const value of this.#anyValues(from, to, rest, 0)) rest.fields.push(['body', value])
      else if (number === 6) this.#keyValue(from, to, rest, attributes, 0)
      else if (number === 12) rest.fields.push(['event_name', this.#text(from, to)])
      // Ids of a trace and a span; of any other length they are something else.
      else return (number === 9 && to - from === 16) || (number === 10 && to - from === 8)
      return true
    })
    return recordHolder(service, attributes, rest)
  }

  /** A message with attributes and nothing else that holds a text. */
  #attributed(start: number, end: number, rest: Beside, attributes: [string, Plain][], wanted: number): void {
    this.#fields(start, end, rest, (number, from, to) => {
      if (number !== wanted) return false
      this.#keyValue(from, to, rest, attributes, 0)
      return true
    })
  }

  /** Calls `visit` for fields with a length; those that it does not know are unknown. */
  #fields(
    start: number,
    end: number,
    rest: Beside,
    visit: (number: number, from: number, to: number) => boolean,
  ): void {
    forEachField(this.#bytes, start, end, (number, wire, from, to) => {
      if (wire !== WIRE.LENGTH) return
      this.#budget.take()
      if (!visit(number, from, to)) readUnknown(this.#bytes, from, to, rest.unknown)
    })
  }

  /** An entry for each key and value that are there, were there several of either. */
  #keyValue(start: number, end: number, rest: Beside, into: [string, Plain][], depth: number): void {
    const keys: string[] = []
    const values: Plain[] = []
    this.#fields(start, end, rest, (number, from, to) => {
      if (number === 1) keys.push(this.#bytes.toString('utf8', from, to))
      else if (number === 2) for (const value of this.#anyValues(from, to, rest, depth)) values.push(value)
      else return false
      return true
    })
    if (keys.length === 0) keys.push('')
    if (values.length === 0) values.push(NOTHING)
    for (const [index, key] of keys.entries()) {
      // Of several keys the last is the one that readers take; the others are looked at without the value.
      if (index < keys.length - 1) into.push([key, NOTHING])
      else for (const value of values) into.push([key, value])
    }
  }

  /** The values of an `AnyValue`: one, if it is as it should be. */
  #anyValues(start: number, end: number, rest: Beside, depth: number): Plain[] {
    const values: Plain[] = []
    forEachField(this.#bytes, start, end, (number, wire, from, to) => {
      this.#budget.take()
      const value = this.#anyValue(number, wire, from, to, rest, depth)
      if (value !== undefined) values.push(value)
      else if (wire === WIRE.LENGTH) readUnknown(this.#bytes, from, to, rest.unknown)
    })
    return values
  }

  #anyValue(number: number, wire: number, from: number, to: number, rest: Beside, depth: number): Plain | undefined {
    if (wire === WIRE.VARINT) {
      if (number === 2) return booleanOf(varint(this.#bytes, from, to).value !== 0n)
      return number === 3 ? integer(varint(this.#bytes, from, to).value) : undefined
    }
    if (wire === WIRE.FIXED64) return number === 4 ? numberOf(String(this.#bytes.readDoubleLE(from))) : undefined
    if (wire !== WIRE.LENGTH) return undefined
    switch (number) {
      case 1:
        return this.#text(from, to)
      case 5:
        return { kind: 'array', items: this.#items(from, to, rest, deeper(depth)) }
      case 6:
        return { kind: 'map', entries: this.#entries(from, to, rest, deeper(depth)) }
      case 7:
        return { kind: 'bytes', bytes: asUtf8(this.#bytes.subarray(from, to)) }
      default:
        return undefined
    }
  }

  #items(start: number, end: number, rest: Beside, depth: number): Plain[] {
    const items: Plain[] = []
    this.#fields(start, end, rest, (number, from, to) => {
      if (number !== 1) return false
      for (const value of this.#anyValues(from, to, rest, depth)) items.push(value)
      return true
    })
    return items
  }

  #entries(start: number, end: number, rest: Beside, depth: number): Entries {
    const entries: [string, Plain][] = []
    this.#fields(start, end, rest, (number, from, to) => {
      if (number !== 1) return false
      this.#keyValue(from, to, rest, entries, depth)
      return true
    })
    return entries
  }

  #text(from: number, to: number): Plain {
    return { kind: 'text', bytes: asUtf8(this.#bytes.subarray(from, to)) }
  }
}

function integer(value: bigint): Plain {
  return { kind: 'number', bytes: Buffer.from(BigInt.asIntN(64, value).toString()) }
}

function deeper(depth: number): number {
  if (depth >= MOST_DEPTH) throw new UnreadableError('a record that is too deep')
  return depth + 1
}
