import { type Entries, type Holder, NOTHING, numberOf, type Plain, serviceOf, ValueBudget } from './content.ts'
import { JsonReader } from './json-reader.ts'
import { type Beside, batchHolder, beside, recordHolder, resourceHolder, scopeHolder } from './otlp-holders.ts'
import { asUtf8 } from './utf8.ts'

/** Fields that hold no text of anybody's, and what they look like where that is so. */
const PLAIN_FIELDS: ReadonlyMap<string, RegExp> = new Map([
  ['timeUnixNano', /^\d{1,20}$/],
  ['observedTimeUnixNano', /^\d{1,20}$/],
  ['severityNumber', /^\d{1,2}$/],
  ['flags', /^\d{1,10}$/],
  ['droppedAttributesCount', /^\d{1,10}$/],
  ['traceId', /^(?:[0-9A-Fa-f]{32})?$/],
  ['spanId', /^(?:[0-9A-Fa-f]{16})?$/],
])

/** Reads an ExportLogsServiceRequest from OTLP's JSON encoding, a record at a time. */
export function* readOtlpJson(bytes: Buffer): Iterable<Holder> {
  const text = bytes.toString('utf8')
  const reader = new OtlpJsonReader(text)
  const rest = beside()
  const lists = reader.places(0, ['resourceLogs'], rest, true)
  yield batchHolder(rest)
  for (const list of lists) {
    for (const place of reader.elements(list)) yield* reader.resourceLogs(place)
  }
}

class OtlpJsonReader {
  readonly #text: string
  readonly #budget = new ValueBudget()

  constructor(text: string) {
    this.#text = text
  }

  #at(place: number): JsonReader {
    const reader = new JsonReader(this.#text, this.#budget)
    reader.at = place
    return reader
  }

  /**
   * Where the members of these names stand in the object at a place; the others are unknown.
   *
   * @param known - what takes a member of another name, and says whether it has.
   */
  places(
    place: number,
    names: readonly string[],
    rest: Beside,
    isAll = false,
    known: (name: string, value: Plain) => boolean = () => false,
  ): number[] {
    this.#budget.renew()
    const found: number[] = []
    const reader = this.#at(place)
    reader.members((key) => {
      const name = fieldName(key)
      if (names.includes(name)) {
        reader.peek()
        found.push(reader.at)
        reader.skip()
        return
      }
      const value = reader.value()
      if (!known(name, value)) unknownMember(key, value, rest)
    })
    if (isAll) reader.end()
    return found
  }

  /** Where the elements stand of the array at a place; null is an empty one. */
  *elements(place: number): Iterable<number> {
    const reader = this.#at(place)
    if (reader.peek() === 'n') return
    const places: number[] = []
    reader.elements(() => {
      reader.peek()
      places.push(reader.at)
      reader.skip()
    })
    yield* places
  }

  *resourceLogs(place: number): Iterable<Holder> {
    const rest = beside()
    const attributes: [string, Plain][] = []
    const lists = this.places(place, ['scopeLogs', 'deprecatedScopeLogs'], rest, false, (name, value) => {
      if (name === 'schemaUrl') return field(rest, 'resource.schema_url', value)
      if (name !== 'resource' || value.kind !== 'map') return false
      for (const [key, inner] of value.entries) {
        if (fieldName(key) !== 'attributes' || !keyValues(inner, attributes, rest)) unknownMember(key, inner, rest)
      }
      return true
    })
    const service = serviceOf(attributes)
    yield resourceHolder(service, attributes, rest)
    for (const list of lists) {
      for (const scope of this.elements(list)) yield* this.#scopeLogs(scope, service)
    }
  }

  *#scopeLogs(place: number, service: string): Iterable<Holder> {
    const rest = beside()
    const attributes: [string, Plain][] = []
    const lists = this.places(place, ['logRecords'], rest, false, (name, value) => {
      if (name === 'schemaUrl') return field(rest, 'scope.schema_url', value)
      if (name !== 'scope' || value.kind !== 'map') return false
      for (const [key, inner] of value.entries) scopeMember(key, inner, attributes, rest)
      return true
    })
    yield scopeHolder(service, attributes, rest)
    for (const list of lists) {
      for (const record of this.elements(list)) {
        this.#budget.renew()
        yield this.#record(this.#at(record).value(), service)
      }
    }
  }

  #record(value: Plain, service: string): Holder {
    const rest = beside()
    const attributes: [string, Plain][] = []
    if (value.kind !== 'map') rest.unknown.push(value)
    else for (const [key, inner] of value.entries) recordMember(key, inner, attributes, rest)
    return recordHolder(service, attributes, rest)
  }
}

function recordMember(key: string, value: Plain, attributes: [string, Plain][], rest: Beside): void {
  const name = fieldName(key)
  if (name === 'body') for (const body of anyValues(value, rest)) rest.fields.push(['body', body])
  else if (name === 'severityText') field(rest, 'severity', value)
  else if (name === 'eventName') field(rest, 'event_name', value)
  else if (name !== 'attributes' || !keyValues(value, attributes, rest)) unknownMember(key, value, rest)
}

function scopeMember(key: string, value: Plain, attributes: [string, Plain][], rest: Beside): void {
  const name = fieldName(key)
  if (name === 'name') field(rest, 'scope.name', value)
  else if (name === 'version') field(rest, 'scope.version', value)
  else if (name !== 'attributes' || !keyValues(value, attributes, rest)) unknownMember(key, value, rest)
}

function field(rest: Beside, path: string, value: Plain): true {
  rest.fields.push([path, value])
  return true
}

/** A member that the schema does not have, or of another kind than it says: key and value may be anything. */
function unknownMember(key: string, value: Plain, rest: Beside): void {
  const form = PLAIN_FIELDS.get(fieldName(key))
  const isScalar = value.kind === 'text' || value.kind === 'number'
  if (form !== undefined && isScalar && form.test(value.bytes.toString('latin1'))) return
  rest.unknown.push({ kind: 'map', entries: [[key, value]] })
}

/** @returns false where it is no list of them. */
function keyValues(value: Plain, into: [string, Plain][], rest: Beside): boolean {
  if (value.kind !== 'array') return value.kind === 'nothing'
  for (const item of value.items) {
    if (item.kind === 'map') keyValue(item.entries, into, rest)
    else rest.unknown.push(item)
  }
  return true
}

function keyValue(members: Entries, into: [string, Plain][], rest: Beside): void {
  const keys: string[] = []
  const values: Plain[] = []
  for (const [name, value] of members) {
    if (name === 'key' && value.kind === 'text') keys.push(value.bytes.toString('utf8'))
    else if (name === 'value') for (const one of anyValues(value, rest)) values.push(one)
    else unknownMember(name, value, rest)
  }
  const key = keys.pop() ?? ''
  for (const other of keys) into.push([other, NOTHING])
  for (const value of values.length > 0 ? values : [NOTHING]) into.push([key, value])
}

/** The values of an `AnyValue`: one, if it is as it should be. */
function anyValues(value: Plain, rest: Beside): Plain[] {
  if (value.kind !== 'map') {
    if (value.kind !== 'nothing') rest.unknown.push(value)
    return []
  }
  return value.entries.flatMap(([key, inner]) => {
    const read = anyValue(fieldName(key), inner, rest)
    if (read === undefined) unknownMember(key, inner, rest)
    return read ?? []
  })
}

function anyValue(name: string, value: Plain, rest: Beside): Plain | undefined {
  if (value.kind === 'nothing') return NOTHING
  switch (name) {
    case 'stringValue':
      return value
    case 'boolValue':
      return value
    case 'intValue':
    case 'doubleValue':
      return value.kind === 'text' ? numberOf(value.bytes.toString('utf8')) : value
    case 'bytesValue':
      return value.kind === 'text' ? { kind: 'bytes', bytes: base64(value.bytes) } : undefined
    case 'arrayValue':
      return value.kind === 'map' ? { kind: 'array', items: listed(value.entries, rest, arrayItems) } : undefined
    case 'kvlistValue':
      return value.kind === 'map' ? { kind: 'map', entries: listed(value.entries, rest, mapEntries) } : undefined
    default:
      return undefined
  }
}

/** What stands under `values` of an `ArrayValue` or a `KeyValueList`. */
function listed<T>(members: Entries, rest: Beside, read: (value: Plain, rest: Beside) => T[] | undefined): T[] {
  return members.flatMap(([key, value]) => {
    const items = fieldName(key) === 'values' ? read(value, rest) : undefined
    if (items === undefined && value.kind !== 'nothing') unknownMember(key, value, rest)
    return items ?? []
  })
}

function arrayItems(value: Plain, rest: Beside): Plain[] | undefined {
  return value.kind === 'array' ? value.items.flatMap((item) => anyValues(item, rest)) : undefined
}

function mapEntries(value: Plain, rest: Beside): [string, Plain][] | undefined {
  const entries: [string, Plain][] = []
  return keyValues(value, entries, rest) ? entries : undefined
}

/** Base64 in either alphabet; what is none is looked at as it stands. */
function base64(text: Buffer): Buffer {
  const source = text.toString('latin1')
  return /^[A-Za-z0-9+/_-]*={0,2}$/.test(source) ? asUtf8(Buffer.from(source, 'base64')) : text
}

/** The names of the proto files are read as well as the lowerCamelCase of the specification. */
function fieldName(key: string): string {
  return key.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase())
}
