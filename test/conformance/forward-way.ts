import { isMarker, readForward } from '../fuzz/forward-message.ts'
import {
  arr,
  bin,
  bool,
  eventTime,
  float,
  int,
  map,
  nil,
  type Pack,
  str,
  writePack,
} from '../fuzz/message-pack-tree.ts'
import type { Entries, LogRecord, Value } from './model.ts'

/** By Fluent Forward as Fluent Bit and fluentd write it: a packed stream in a str32, with a group for each resource. */

function pack(value: Value): Pack {
  switch (value.type) {
    case 'text':
      return str(value.text)
    case 'integer':
      return int(value.value)
    case 'double':
      return float(value.value)
    case 'boolean':
      return bool(value.value)
    case 'bytes':
      return bin(value.bytes)
    case 'map':
      return map(pairs(value.entries))
    case 'array':
      return arr(...value.values.map(pack))
    case 'null':
      return nil
  }
}

function pairs(entries: Entries): [Pack, Pack][] {
  return entries.map(([key, value]) => [str(key), pack(value)])
}

/** Keys of a record that are not those of attributes. */
const RESERVED = ['msg', 'message', 'log', 'level', 'time', 'timestamp', 'trace_id', 'span_id']

export function forwardCarries({ attributes }: LogRecord): boolean {
  return !attributes.some(([key]) => RESERVED.includes(key))
}

const GROUP_START = eventTime(0xffffffff)
const GROUP_END = eventTime(0xfffffffe)

export function toForward(records: readonly LogRecord[]): Buffer {
  const items = records.flatMap(({ resource, scope, body, attributes }, index): Pack[] => [
    arr(
      arr(GROUP_START, map({ schema: str('otlp'), resource_id: int(index), scope_id: int(0) })),
      map({
        resource: map({ attributes: map(pairs(resource)) }),
        scope: map({ name: str('name'), attributes: map(pairs(scope)) }),
      }),
    ),
    arr(
      arr(eventTime(1_700_000_000, index), map({})),
      map(pairs(body === undefined ? attributes : [['log', body], ...attributes])),
    ),
    arr(arr(GROUP_END, map({})), map({})),
  ])
  return writePack(arr(str('app'), { kind: 'stream', items, as: 'text', wide: 3 }, map({ size: int(items.length) })))
}

function toValue(value: Pack): Value {
  switch (value.kind) {
    case 'text':
      return { type: 'text', text: Buffer.from(value.bytes).toString() }
    case 'integer':
      return { type: 'integer', value: value.value }
    case 'float':
      return { type: 'double', value: value.value }
    case 'boolean':
      return { type: 'boolean', value: value.value }
    case 'binary':
      return { type: 'bytes', bytes: Buffer.from(value.bytes) }
    case 'map':
      return { type: 'map', entries: toEntries(value) }
    case 'array':
      return { type: 'array', values: value.items.map(toValue) }
    case 'nil':
      return { type: 'null' }
    default:
      throw new Error(`not in the corpus: ${value.kind}`)
  }
}

function toEntries(value: Pack | undefined): Entries {
  if (value?.kind !== 'map') throw new Error('no map')
  return value.pairs.map(([key, inner]) => [textOf(key), toValue(inner)])
}

function textOf(key: Pack): string {
  if (key.kind !== 'text') throw new Error('no text')
  return Buffer.from(key.bytes).toString()
}

function member(value: Pack | undefined, name: string): Pack | undefined {
  return value?.kind === 'map' ? value.pairs.find(([key]) => textOf(key) === name)?.[1] : undefined
}

export function fromForward(bytes: Buffer): LogRecord[] {
  const records: LogRecord[] = []
  let group: Pack | undefined
  for (const entry of readForward(bytes).entries) {
    if (isMarker(entry)) {
      group = entry.record
      continue
    }
    const entries = toEntries(entry.record)
    records.push({
      resource: toEntries(member(member(group, 'resource'), 'attributes')),
      scope: toEntries(member(member(group, 'scope'), 'attributes')),
      body: entries.find(([key]) => key === 'log')?.[1],
      attributes: entries.filter(([key]) => key !== 'log'),
    })
  }
  return records
}
