import { type Entries, type Holder, LEVEL, type Plain, serviceOf, UnreadableError, ValueBudget } from './content.ts'
import { type Header, MessagePackReader } from './message-pack-reader.ts'
import { membersOf } from './record-members.ts'
import { asUtf8 } from './utf8.ts'

/** Seconds of the EventTime of Fluent Bit's markers: a group begins, a group ends. */
const FIRST_MARKER = 0xfffffffe
const GROUP_START = 0xffffffff

/** Reads one message of Fluent Forward (Forward Protocol v1 and v1.5), uncompressed, in any mode. */
export function* readForward(bytes: Buffer, bodyKeys: readonly string[]): Iterable<Holder> {
  const budget = new ValueBudget()
  const reader = new MessagePackReader(bytes, budget)
  const message = reader.header()
  if (message.type === 'nil') return
  if (message.type !== 'array' || message.size < 2) throw new UnreadableError('no message')
  const tag = reader.header()
  if (!isText(tag)) throw new UnreadableError('no tag')
  const fields: Holder['fields'] = [['tag', { kind: 'text', bytes: asUtf8(reader.content(tag)) }]]
  const start = reader.at
  const second = reader.header()
  const isSingle = second.type !== 'array' && !isText(second)
  const before = isSingle ? 3 : 2
  if (message.size < before || message.size > before + 1) throw new UnreadableError('no message')
  // The option comes last, and speaks for all that comes before.
  reader.at = start
  for (let i = 1; i < before; i += 1) reader.skip()
  const option = message.size > before ? reader.value() : undefined
  if (!reader.isAtEnd) throw new UnreadableError('something follows the message')
  const { attributes, metadata } = optionOf(option, isSingle)
  yield { level: LEVEL.BATCH, service: '', root: 'resource', attributes, fields, unknown: [] }

  const entries = new ForwardEntries(budget, bodyKeys)
  reader.at = start
  if (isSingle) {
    entries.time(reader)
    yield entries.record(metadata, reader.value())
  } else if (second.type === 'array') {
    reader.header()
    for (let i = 0; i < second.size; i += 1) yield* entries.entry(reader)
  } else {
    const stream = new MessagePackReader(reader.content(second), budget)
    while (!stream.isAtEnd) yield* entries.entry(stream)
  }
}

/** What an option says beside what the two ends of a connection need of it. */
function optionOf(option: Plain | undefined, isSingle: boolean): { attributes: Entries; metadata: Plain | undefined } {
  if (option === undefined || option.kind === 'nothing') return { attributes: [], metadata: undefined }
  if (option.kind !== 'map') throw new UnreadableError('an option is a map')
  let metadata: Plain | undefined
  const attributes = option.entries.filter(([key, value]) => {
    if (key === 'compressed' && !(value.kind === 'text' && value.bytes.equals(Buffer.from('text'))))
      throw new UnreadableError('a compressed message')
    // Of several the last is the record's; the others are looked at with the option.
    if (!isSingle || key !== 'metadata' || metadata !== undefined) return true
    metadata = value
    return false
  })
  return { attributes, metadata }
}

class ForwardEntries {
  readonly #budget: ValueBudget
  readonly #bodyKeys: readonly string[]
  #service = ''

  constructor(budget: ValueBudget, bodyKeys: readonly string[]) {
    this.#budget = budget
    this.#bodyKeys = bodyKeys
  }

  /** `[time, record]` or `[[time, metadata], record]`. */
  *entry(reader: MessagePackReader): Iterable<Holder> {
    this.#budget.renew()
    const entry = reader.header()
    // A heartbeat.
    if (entry.type === 'nil') return
    if (entry.type !== 'array' || entry.size !== 2) throw new UnreadableError('no entry')
    const start = reader.at
    const first = reader.header()
    const hasMetadata = first.type === 'array'
    if (hasMetadata && first.size !== 2) throw new UnreadableError('a time is followed by metadata')
    if (!hasMetadata) reader.at = start
    const seconds = this.time(reader)
    const metadata = hasMetadata ? reader.value() : undefined
    const record = reader.value()
    if (seconds < FIRST_MARKER) yield this.record(metadata, record)
    else yield* this.#marker(seconds, metadata, record)
  }

  /** @returns the seconds of an EventTime; -1 for any other time. */
  time(reader: MessagePackReader): number {
    const header = reader.header()
    if (['nil', 'integer', 'float'].includes(header.type)) return -1
    if (header.type !== 'extension' || header.value !== 0 || header.size !== 8) throw new UnreadableError('no time')
    return reader.content(header).readUInt32BE(0)
  }

  record(metadata: Plain | undefined, record: Plain): Holder {
    if (record.kind !== 'map') throw new UnreadableError('a record is a map')
    const { attributes, fields } = membersOf(record.entries, this.#bodyKeys)
    const beside = metadataOf(metadata)
    return {
      level: LEVEL.RECORD,
      service: this.#service,
      root: 'attributes',
      attributes: [...beside.attributes, ...attributes],
      fields: [...beside.fields, ...fields],
      unknown: [],
    }
  }

  /** The resource and scope of the records that follow, up to the next marker. */
  *#marker(seconds: number, metadata: Plain | undefined, body: Plain): Iterable<Holder> {
    const group = groupOf([...mapOf(metadata), ...mapOf(body)])
    this.#service = seconds === GROUP_START ? serviceOf(group.resource) : ''
    const common = { service: this.#service, unknown: [] }
    yield { ...common, level: LEVEL.RESOURCE, root: 'resource', attributes: group.resource, fields: [] }
    yield { ...common, level: LEVEL.SCOPE, root: 'scope', attributes: group.scope, fields: group.fields }
  }
}

type Members = (readonly [string, Plain])[]

function groupOf(entries: Entries): { resource: Members; scope: Members; fields: Members } {
  const resource: Members = []
  const scope: Members = []
  const fields: Members = []
  for (const [key, value] of entries) {
    if (key === 'resource' && value.kind === 'map') lift(value.entries, resource)
    else if (key === 'scope' && value.kind === 'map') lift(value.entries, scope, fields)
    else if (!isNumberOfMessage(key, value)) resource.push([key, value])
  }
  return { resource, scope, fields }
}

/** Takes over a resource or scope, with its attributes in the place of `attributes`. */
function lift(entries: Entries, into: Members, fields?: Members): void {
  for (const [key, value] of entries) {
    if (key === 'attributes' && value.kind === 'map') for (const member of value.entries) into.push(member)
    else if (fields !== undefined && value.kind === 'text' && (key === 'name' || key === 'version'))
      fields.push([`scope.${key}`, value])
    else if (!isNumberOfMessage(key, value)) into.push([key, value])
  }
}

function isNumberOfMessage(key: string, value: Plain): boolean {
  return ['resource_id', 'scope_id', 'dropped_attributes_count'].includes(key) && value.kind === 'number'
}

/** Metadata of an entry: what Fluent Bit keeps of an OTLP record, and whatever else a sender says. */
function metadataOf(metadata: Plain | undefined): { attributes: Members; fields: Members } {
  const attributes: Members = []
  const fields: Members = []
  for (const [key, value] of mapOf(metadata)) {
    if (key !== 'otlp' || value.kind !== 'map') {
      attributes.push([key, value])
      continue
    }
    for (const [name, inner] of value.entries) {
      if (name === 'attributes' && inner.kind === 'map') for (const member of inner.entries) attributes.push(member)
      else if (name === 'severity_text' && inner.kind === 'text') fields.push(['severity', inner])
      else if (name === 'event_name' && inner.kind === 'text') fields.push(['event_name', inner])
      else if (!isPlainField(name, inner)) attributes.push([name, inner])
    }
  }
  return { attributes, fields }
}

const NUMBERS = ['severity_number', 'timestamp', 'observed_timestamp', 'trace_flags', 'dropped_attributes_count']
const ID_BYTES: ReadonlyMap<string, number> = new Map([
  ['trace_id', 16],
  ['span_id', 8],
])

/** What says nothing of anybody: numbers of the protocol, and ids as digits. Bytes of an id are looked at as text. */
function isPlainField(name: string, value: Plain): boolean {
  if (value.kind === 'number') return NUMBERS.includes(name)
  const size = ID_BYTES.get(name)
  return size !== undefined && value.kind === 'text' && isHex(value.bytes, 2 * size)
}

function isHex(text: Buffer, length: number): boolean {
  return text.length === 0 || (text.length === length && /^[0-9A-Fa-f]+$/.test(text.toString('latin1')))
}

function mapOf(value: Plain | undefined): Entries {
  if (value === undefined || value.kind === 'nothing') return []
  if (value.kind !== 'map') throw new UnreadableError('metadata is a map')
  return value.entries
}

function isText({ type }: Header): boolean {
  return type === 'text' || type === 'binary'
}
