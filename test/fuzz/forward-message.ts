import { isUtf8 } from 'node:buffer'
import type { Leaf } from './decode.ts'
import { type Pack, readPack, readStream } from './message-pack-tree.ts'

/** A message of Fluent Forward, with its entries one by one. */
export interface ForwardMessage {
  readonly tag: Pack
  readonly entries: readonly ForwardEntry[]
  readonly option: Pack | undefined
}

export interface ForwardEntry {
  readonly time: Pack
  readonly metadata: Pack | undefined
  readonly record: Pack
}

/** Reads a message in any mode; a heartbeat has no entries. @throws where it is none. */
export function readForward(bytes: Uint8Array): ForwardMessage {
  const message = readPack(bytes)
  if (message.kind === 'nil') return { tag: message, entries: [], option: undefined }
  const items = elements(message)
  const [tag, second, ...rest] = items
  if (tag === undefined || second === undefined || !isText(tag)) throw new Error('no message')
  if (second.kind === 'text' || second.kind === 'binary')
    return { tag, entries: readStream(second.bytes).flatMap(entry), option: onlyOption(rest) }
  if (second.kind === 'array') return { tag, entries: second.items.flatMap(entry), option: onlyOption(rest) }
  const [record, ...options] = rest
  if (record === undefined) throw new Error('no record')
  const option = onlyOption(options)
  const metadata = option?.kind === 'map' ? valueUnder(option, 'metadata') : undefined
  return {
    tag,
    entries: entry({ kind: 'array', items: [second, record] }).map((one) => ({ ...one, metadata })),
    option,
  }
}

function elements(pack: Pack): Pack[] {
  if (pack.kind !== 'array') throw new Error('no array')
  return pack.items
}

function onlyOption(items: readonly Pack[]): Pack | undefined {
  if (items.length > 1 || (items[0] !== undefined && items[0].kind !== 'map' && items[0].kind !== 'nil'))
    throw new Error('no option')
  return items[0]
}

function isText(pack: Pack): pack is Extract<Pack, { kind: 'text' | 'binary' }> {
  return pack.kind === 'text' || pack.kind === 'binary'
}

function entry(pack: Pack): ForwardEntry[] {
  if (pack.kind === 'nil') return []
  const [time, record, ...more] = elements(pack)
  if (time === undefined || record?.kind !== 'map' || more.length > 0) throw new Error('no entry')
  if (time.kind !== 'array') return [{ time, metadata: undefined, record }]
  const [moment, metadata] = time.items
  if (moment === undefined || metadata === undefined || time.items.length > 2) throw new Error('no time')
  return [{ time: moment, metadata, record }]
}

function nameOf(key: Pack): string {
  return isText(key) || key.kind === 'extension' ? Buffer.from(key.bytes).toString('utf8') : ''
}

function valueUnder(pack: Extract<Pack, { kind: 'map' }>, name: string): Pack | undefined {
  return pack.pairs.findLast(([key]) => nameOf(key) === name)?.[1]
}

/** Whether an entry is no record, but says that a group begins or ends. */
export function isMarker({ time }: ForwardEntry): boolean {
  return time.kind === 'extension' && Buffer.from(time.bytes).readUInt32BE(0) >= 0xfffffffe
}

const READ_ONLY = {
  record: ['level', 'time', 'timestamp', 'trace_id', 'span_id'],
  otlp: [
    'severity_number',
    'severity_text',
    'event_name',
    'trace_id',
    'span_id',
    'timestamp',
    'observed_timestamp',
    'trace_flags',
    'dropped_attributes_count',
  ],
  group: ['schema', 'resource_id', 'scope_id', 'dropped_attributes_count'],
  scope: ['name', 'version', 'schema', 'resource_id', 'scope_id', 'dropped_attributes_count'],
  option: ['chunk', 'size', 'compressed', 'fluent_signal', 'metadata'],
} as const

/** Strings, numbers and keys that rules may alter. */
export function forwardLeaves({ entries, option }: ForwardMessage): Leaf[] {
  return [
    ...entries.flatMap((one) => (isMarker(one) ? groupLeaves(one) : recordLeaves(one))),
    ...mapLeaves(option, READ_ONLY.option),
  ]
}

function recordLeaves({ metadata, record }: ForwardEntry): Leaf[] {
  return [
    ...mapLeaves(metadata, [], { otlp: (otlp) => mapLeaves(otlp, READ_ONLY.otlp) }),
    ...mapLeaves(record, READ_ONLY.record),
  ]
}

function groupLeaves({ metadata, record }: ForwardEntry): Leaf[] {
  return [
    ...mapLeaves(metadata, READ_ONLY.group),
    ...mapLeaves(record, READ_ONLY.group, {
      resource: (resource) => mapLeaves(resource, READ_ONLY.group),
      scope: (scope) => mapLeaves(scope, READ_ONLY.scope),
    }),
  ]
}

function mapLeaves(
  pack: Pack | undefined,
  skipped: readonly string[],
  special: Readonly<Record<string, (value: Pack) => Leaf[]>> = {},
): Leaf[] {
  if (pack?.kind !== 'map') return pack === undefined ? [] : leavesOf(pack, '')
  return pack.pairs.flatMap(([key, value]) => {
    const name = nameOf(key)
    if (skipped.includes(name)) return []
    return [...leavesOf(key, ''), ...(Object.hasOwn(special, name) ? special[name]!(value) : leavesOf(value, name))]
  })
}

function leavesOf(pack: Pack, key: string): Leaf[] {
  switch (pack.kind) {
    case 'text':
      return [{ text: Buffer.from(pack.bytes).toString('utf8'), key }]
    case 'binary':
    case 'extension':
      return isUtf8(pack.bytes) ? [{ text: Buffer.from(pack.bytes).toString('utf8'), key }] : []
    case 'integer':
    case 'float':
      return [{ text: String(pack.value), key }]
    case 'array':
      return pack.items.flatMap((item) => leavesOf(item, key))
    case 'map':
      return mapLeaves(pack, [])
    default:
      return []
  }
}

/** Values with their types and keys, in order, whatever forms they are written in. */
export function forwardMeaning({ tag, entries, option }: ForwardMessage): unknown {
  return [
    meaningOf(tag),
    entries.map(({ time, metadata, record }) => [time, metadata, record].map((one) => one && meaningOf(one))),
    option && meaningOf(option),
  ]
}

export function meaningOf(pack: Pack): unknown {
  switch (pack.kind) {
    case 'text':
    case 'binary':
      return { [pack.kind]: Buffer.from(pack.bytes).toString('hex') }
    case 'extension':
      return { [pack.kind]: [pack.type, Buffer.from(pack.bytes).toString('hex')] }
    case 'integer':
    case 'float':
    case 'boolean':
      return { [pack.kind]: pack.value }
    case 'array':
      return pack.items.map(meaningOf)
    case 'map':
      return { map: pack.pairs.map(([key, value]) => [meaningOf(key), meaningOf(value)]) }
    default:
      return pack.kind
  }
}
