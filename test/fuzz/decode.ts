import { isUtf8 } from 'node:buffer'
import protobuf from 'protobufjs'
import { requestType } from '../../bench/checks/otlp-messages.ts'
import type { FormatName } from '../../processor/index.ts'
import { SEALED_LIST_KEY } from '../../rules/plan.ts'
import { type ForwardMessage, forwardLeaves, forwardMeaning, readForward } from './forward-message.ts'

// Records may be nested deeper than protobufjs reads by default; each level is three messages.
protobuf.Reader.recursionLimit = 1000
protobuf.util.recursionLimit = 1000

/** A string or number of a decoded batch, with the key that names it. */
export interface Leaf {
  readonly text: string
  readonly key: string
}

/** What other people's parsers make of a batch; undefined where they refuse it. */
export function decode(format: FormatName, bytes: Buffer): unknown {
  try {
    switch (format) {
      case 'otlp-protobuf':
        return requestType.toObject(requestType.decode(bytes), { longs: String, bytes: String })
      case 'otlp-json':
        return JSON.parse(text(bytes))
      case 'json-lines':
        return lines(text(bytes)).map((line) => (/^[ \t\r]*\{/.test(line) ? { json: JSON.parse(line) } : { line }))
      case 'text':
        return lines(text(bytes))
      case 'forward':
        return readForward(bytes)
    }
  } catch {
    return undefined
  }
}

function text(bytes: Buffer): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
}

/** Lines that are not blank, without their ends. */
function lines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/\r$/, ''))
    .filter((line) => /[^ \t\r]/.test(line))
}

/** Strings, numbers and keys of a decoded batch that rules may alter. */
export function leaves(format: FormatName, decoded: unknown): Leaf[] {
  switch (format) {
    case 'otlp-protobuf':
    case 'otlp-json':
      return otlpLeaves(decoded)
    case 'json-lines':
      return (decoded as ({ json: unknown } | { line: string })[]).flatMap((line) =>
        'line' in line ? [{ text: line.line, key: '' }] : plainLeaves(line.json, '', READ_ONLY_MEMBERS),
      )
    case 'text':
      return (decoded as string[]).map((line) => ({ text: line, key: '' }))
    case 'forward':
      return forwardLeaves(decoded as ForwardMessage)
  }
}

const READ_ONLY_MEMBERS = new Set(['level', 'time', 'timestamp', 'trace_id', 'span_id'])

function plainLeaves(value: unknown, key: string, skipped: ReadonlySet<string> = new Set()): Leaf[] {
  if (typeof value === 'string') return [{ text: value, key }]
  if (typeof value === 'number') return [{ text: String(value), key }]
  if (Array.isArray(value)) return value.flatMap((item) => plainLeaves(item, key))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) => [
    { text: name, key: '' },
    ...(skipped.has(name) ? [] : plainLeaves(member, name)),
  ])
}

type Loose = Readonly<Record<string, unknown>>

/** A member by its name in JSON or in the proto file; null is absent. */
function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  const known = Object.entries(value as Loose).filter(
    ([key, content]) => content !== null && key.replace(/_([a-z])/g, (_match, letter) => letter.toUpperCase()) === name,
  )
  return known.at(-1)?.[1]
}

function list(value: unknown, name: string): unknown[] {
  const found = member(value, name)
  return Array.isArray(found) ? found : []
}

function otlpLeaves(decoded: unknown): Leaf[] {
  return owners(decoded).flatMap(({ body, attributes }) => [
    ...anyLeaves(body, ''),
    ...attributes.flatMap(keyValueLeaves),
  ])
}

/** Whatever has attributes, and a body if it is a record. */
function owners(decoded: unknown): { readonly body: unknown; readonly attributes: unknown[] }[] {
  const owner = (value: unknown) => ({ body: member(value, 'body'), attributes: list(value, 'attributes') })
  return list(decoded, 'resourceLogs').flatMap((resource) => [
    owner(member(resource, 'resource')),
    ...list(resource, 'scopeLogs').flatMap((scope) => [
      owner(member(scope, 'scope')),
      ...list(scope, 'logRecords').map(owner),
    ]),
  ])
}

function keyValueLeaves(entry: unknown): Leaf[] {
  const name = keyOf(entry)
  return [{ text: name, key: '' }, ...anyLeaves(member(entry, 'value'), name)]
}

function keyOf(entry: unknown): string {
  const key = member(entry, 'key')
  return typeof key === 'string' ? key : ''
}

function anyLeaves(value: unknown, key: string): Leaf[] {
  const bytes = member(value, 'bytesValue')
  const scalars = ['stringValue', 'intValue', 'doubleValue'].flatMap((name) => member(value, name) ?? [])
  return [
    ...scalars.map((scalar) => ({ text: String(scalar), key })),
    ...(typeof bytes === 'string' ? textIn(Buffer.from(bytes, 'base64'), key) : []),
    ...list(member(value, 'arrayValue'), 'values').flatMap((item) => anyLeaves(item, key)),
    ...list(member(value, 'kvlistValue'), 'values').flatMap(keyValueLeaves),
  ]
}

/** Bytes are looked into where they are text. */
function textIn(bytes: Buffer, key: string): Leaf[] {
  return isUtf8(bytes) ? [{ text: bytes.toString('utf8'), key }] : []
}

/**
 * What a batch means: values with their types and keys, in order, without unknown fields and ways of writing. Strings of
 * OTLP are UTF-8, which has no halves of surrogate pairs.
 */
export function meaning(format: FormatName, decoded: unknown): unknown {
  if (format === 'forward') return forwardMeaning(decoded as ForwardMessage)
  if (format !== 'otlp-json' && format !== 'otlp-protobuf') return decoded
  // A value that is there twice is sealed twice, and only the last one comes back: the other leaves its JWE behind.
  const counts = (entry: unknown) => format === 'otlp-json' || keyOf(entry) !== SEALED_LIST_KEY
  return owners(decoded).map(({ body, attributes }) => [
    anyMeaning(body),
    ...attributes.filter(counts).map(keyValueMeaning),
  ])
}

function keyValueMeaning(entry: unknown): unknown {
  return [keyOf(entry).toWellFormed(), anyMeaning(member(entry, 'value'))]
}

function anyMeaning(value: unknown): unknown {
  const bytes = member(value, 'bytesValue')
  if (typeof bytes === 'string') return { bytes: Buffer.from(bytes, 'base64').toString('hex') }
  const array = member(value, 'arrayValue')
  if (array !== undefined) return { array: list(array, 'values').map(anyMeaning) }
  const map = member(value, 'kvlistValue')
  if (map !== undefined) return { map: list(map, 'values').map(keyValueMeaning) }
  const int = member(value, 'intValue')
  // `1e9` is an integer to OTLP's JSON and none to this program: what it stands for is the same.
  if (int !== undefined) {
    const number = Number(int) + 0
    return /^-?\d+$/.test(String(int)) && Math.abs(number) < 1e5 ? { int: number } : { number }
  }
  const double = member(value, 'doubleValue')
  if (double !== undefined) return { number: Number(double) }
  const text = member(value, 'stringValue')
  if (typeof text === 'string') return { text: text.toWellFormed() }
  const bool = member(value, 'boolValue')
  return bool === undefined ? 'empty' : { bool }
}
