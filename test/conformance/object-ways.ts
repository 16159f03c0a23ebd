import type { ObjectEngine } from '../../processor/engine.ts'
import { openLogRecord, openObject } from '../../processor/open.ts'
import { EVERYONE, KEY_PAIRS } from '../processor/engine/fixtures.ts'
import { jsonCarries } from './json-lines-way.ts'
import type { Entries, LogRecord, Value } from './model.ts'
import { keysIn, valuesOf } from './model.ts'

/** A way in for records that are values in the program, one at a time. */
export interface ObjectWay {
  readonly format: 'object' | 'log-record'
  /** Whether the record can be said in JavaScript, with nothing lost. */
  carries(record: LogRecord): boolean
  write(record: LogRecord): object
  seal(engine: ObjectEngine, record: object): { readonly record: object; readonly edited: boolean }
  open(record: object): { readonly record: object; readonly unopened: number; readonly moved: number }
  read(record: object): LogRecord
}

const opening = { keys: EVERYONE.map((name) => KEY_PAIRS[name].privateJwk) }

function asObject(value: Value): unknown {
  switch (value.type) {
    case 'text':
      return value.text
    case 'integer':
      return Number.isSafeInteger(Number(value.value)) ? Number(value.value) : value.value
    case 'double':
      return value.value
    case 'boolean':
      return value.value
    case 'bytes':
      return value.bytes
    case 'map':
      return objectOf(value.entries)
    case 'array':
      return value.values.map(asObject)
    case 'null':
      return null
  }
}

function objectOf(entries: Entries): object {
  return Object.fromEntries(entries.map(([key, value]) => [key, asObject(value)]))
}

function toValue(value: unknown): Value {
  if (value === null) return { type: 'null' }
  if (Buffer.isBuffer(value)) return { type: 'bytes', bytes: value }
  if (Array.isArray(value)) return { type: 'array', values: value.map(toValue) }
  switch (typeof value) {
    case 'string':
      return { type: 'text', text: value }
    case 'bigint':
      return { type: 'integer', value }
    case 'boolean':
      return { type: 'boolean', value }
    case 'number':
      return isInteger(value) ? { type: 'integer', value: BigInt(value) } : { type: 'double', value }
    case 'object':
      return { type: 'map', entries: toEntries(value) }
    default:
      throw new Error(`not in the corpus: ${typeof value}`)
  }
}

/** JavaScript has one type of number: one that is whole is an integer. */
function isInteger(value: number): boolean {
  return Number.isSafeInteger(value) && !Object.is(value, -0)
}

function toEntries(value: unknown): Entries {
  return Object.entries(value as object).map(([key, inner]) => [key, toValue(inner)] as const)
}

/** What an object would have in another order, or once. */
function isFaithful(entries: Entries): boolean {
  const keys = entries.map(([key]) => key)
  return new Set(keys).size === keys.length && !keys.some((key) => /^\d+$/.test(key))
}

function objectCarries(record: LogRecord): boolean {
  const parts = [record.resource, record.scope, record.attributes]
  return (
    parts.every((entries) => isFaithful(entries) && [...keysIn(entries)].every((key) => key.isWellFormed())) &&
    valuesOf(record).every(
      (value) =>
        (value.type !== 'double' || !isInteger(value.value)) && (value.type !== 'map' || isFaithful(value.entries)),
    )
  )
}

/** What JSON lines carry, and values that JSON lacks. */
function loggerCarries(record: LogRecord): boolean {
  const keysAlone = record.attributes.map(([key]) => [key, { type: 'null' }] as const)
  return objectCarries(record) && jsonCarries({ ...record, body: undefined, attributes: keysAlone })
}

/** `msg` is the body, as in a JSON line. */
export const LOGGER_WAY: ObjectWay = {
  format: 'object',
  carries: loggerCarries,
  write: ({ body, attributes }) => ({
    ...(body === undefined ? {} : { msg: asObject(body) }),
    ...objectOf(attributes),
  }),
  seal: (engine, record) => engine.sealObject(record),
  open: (record) => openObject(record, opening),
  read(record) {
    const { msg, ...rest } = record as { msg?: unknown }
    return {
      resource: [],
      scope: [],
      body: msg === undefined ? undefined : toValue(msg),
      attributes: toEntries(rest),
    }
  },
}

/** As the OpenTelemetry SDK has them. */
export const SDK_WAY: ObjectWay = {
  format: 'log-record',
  carries: objectCarries,
  write: ({ resource, scope, body, attributes }) => ({
    resource: { attributes: objectOf(resource) },
    instrumentationScope: { name: 'name', attributes: objectOf(scope) },
    attributes: objectOf(attributes),
    ...(body === undefined ? {} : { body: asObject(body) }),
  }),
  seal: (engine, record) => engine.sealLogRecord(record),
  open: (record) => openLogRecord(record, opening),
  read(record) {
    const { resource, instrumentationScope, body, attributes } = record as Record<string, { attributes?: unknown }>
    return {
      resource: toEntries(resource?.attributes),
      scope: toEntries(instrumentationScope?.attributes),
      body: body === undefined ? undefined : toValue(body),
      attributes: toEntries(attributes),
    }
  },
}

export const OBJECT_WAYS: readonly ObjectWay[] = [LOGGER_WAY, SDK_WAY]

/** Those of the records that a way can carry, if need be without their resource and scope. */
export function carriedAsObjects(way: ObjectWay, records: readonly LogRecord[]): LogRecord[] {
  return records
    .map((record) => (way.carries(record) ? record : { ...record, resource: [], scope: [] }))
    .filter((record) => way.carries(record))
}
