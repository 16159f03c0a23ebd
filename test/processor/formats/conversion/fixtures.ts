import fc from 'fast-check'
import { type ConversionOptions, convertTo } from '../../../../processor/formats/conversion/index.ts'
import type { FormatName } from '../../../../processor/formats/index.ts'
import { decodedJson, type Json, requestType } from '../otlp-full-messages.ts'

export const NOW = 1_800_000_000_000_000_001n
export const OPTIONS: ConversionOptions = { bodyKeys: ['msg', 'message', 'log'], now: NOW }

export type Message = Record<string, Json>

export function encoded(request: object): Buffer {
  return Buffer.from(requestType.encode(requestType.fromObject(request)).finish())
}

export function convert(
  target: FormatName,
  format: FormatName,
  bytes: Buffer | string,
  options: Partial<ConversionOptions> = {},
) {
  return convertTo(target, { bytes: Buffer.from(bytes), format }, { ...OPTIONS, ...options })
}

/** Kinds of losses that were counted. */
export function lostOf({ lost }: { readonly lost: Readonly<Record<string, number>> }): Record<string, number> {
  return Object.fromEntries(Object.entries(lost).filter(([, count]) => count > 0))
}

/** A record with what it has from the messages around it. */
export interface FullRecord {
  readonly resource: Message
  readonly scope: Message
  readonly record: Message
}

/** All records of a request, as OTLP JSON by protobufjs. */
export function recordsOf(bytes: Buffer): FullRecord[] {
  const list = (value: Json | undefined) => (value ?? []) as Message[]
  return list((decodedJson(bytes) as Message).resourceLogs).flatMap(({ resource, scopeLogs, schemaUrl }) =>
    list(scopeLogs).flatMap(({ scope, logRecords, schemaUrl: scopeUrl }) =>
      list(logRecords).map((record) => ({
        resource: withUrl(resource, schemaUrl),
        scope: withUrl(scope, scopeUrl),
        record,
      })),
    ),
  )
}

function withUrl(message: Json | undefined, schemaUrl: Json | undefined): Message {
  return { ...((message ?? {}) as Message), ...(schemaUrl === undefined ? {} : { schemaUrl }) }
}

/** The only record of a batch, once it is OTLP. */
export function recordFrom(format: FormatName, bytes: Buffer | string, options: Partial<ConversionOptions> = {}) {
  const [only] = recordsOf(convert('otlp-protobuf', format, bytes, options).bytes)
  return only!
}

export function attributesOf({ attributes = [] }: Message): Record<string, Json | undefined> {
  const entries = (attributes as Message[]).map(({ key = '', value }) => [String(key), value] as const)
  return Object.fromEntries(entries)
}

/** A value that has no field is empty, whether or not its message is there. */
export function normal(json: Json, name = ''): Json {
  if (Array.isArray(json)) return json.map((item) => normal(item))
  if (typeof json !== 'object' || json === null) return json
  const members = Object.entries(json).map(([key, value]) => [key, normal(value, key)] as const)
  const object = Object.fromEntries(members) as Message
  if (name === 'body' && Object.keys(object).length === 0) return null
  if (object.body === null) delete object.body
  if (object.value !== undefined && Object.keys(object.value as object).length === 0) delete object.value
  return object
}

const NAMES = [
  ...['time', 'timestamp', 'observed_time', 'level', 'severity_number', 'severity_text', 'trace_id', 'span_id'],
  ...['trace_flags', 'event_name', 'dropped_attributes_count', 'resource', 'scope', 'msg', 'message', 'log'],
  ...['attributes.time', 'attributes.attributes.level', 'attributes.other', '__proto__', 'constructor', 'user.id'],
  ...['fieldseal.sealed', 'fluent.tag', 'otlp', 'attributes'],
]

const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 12 })
const key = fc.oneof(fc.constantFrom(...NAMES), text, fc.constant(''))
const count = fc.integer({ min: 1, max: 0xffff_ffff })
const nano = fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }).map(String)
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map((id) => Buffer.from(id))
const some = <T extends object>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(fields, { requiredKeys: [] }) as fc.Arbitrary<Partial<T>>
const several = <T>(item: fc.Arbitrary<T>) => fc.array(item, { minLength: 1, maxLength: 4 })

/** Requests that every format can carry, but for `bytes` and numbers that are none where these are asked for. */
function requestsOf({ everything }: { everything: boolean }): fc.Arbitrary<object> {
  const odd = everything
    ? [
        fc.record({ bytesValue: fc.uint8Array({ maxLength: 9 }).map((value) => Buffer.from(value)) }),
        fc.record({ doubleValue: fc.double() }),
      ]
    : []
  const { anyValue, keyValue } = fc.letrec<{ anyValue: object; keyValue: object }>((tie) => ({
    anyValue: fc.oneof(
      { maxDepth: 3 },
      fc.constant({}),
      fc.record({ stringValue: fc.string({ unit: 'binary', maxLength: 40 }) }),
      fc.record({ boolValue: fc.boolean() }),
      fc.record({ intValue: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String) }),
      fc.record({ intValue: fc.integer({ min: -300, max: 300 }).map(String) }),
      fc.record({ doubleValue: fc.double({ noNaN: true, noDefaultInfinity: true }) }),
      ...odd,
      fc.record({ arrayValue: some({ values: several(tie('anyValue')) }) }),
      fc.record({ kvlistValue: some({ values: several(tie('keyValue')) }) }),
    ),
    keyValue: fc.record({ key, value: tie('anyValue') }),
  }))
  const attributes = several(keyValue)
  const name = fc.oneof(fc.constantFrom('INFO', 'info', 'INFO2', 'warning', 'Trace', 'info2', 'a [b]'), text)
  const record = fc.record(
    {
      observedTimeUnixNano: nano,
      timeUnixNano: nano,
      severityNumber: fc.oneof(fc.integer({ min: 1, max: 24 }), fc.constantFrom(-1, 25, 0x7fff_ffff)),
      severityText: name,
      body: anyValue,
      attributes,
      droppedAttributesCount: count,
      flags: fc.oneof(count, fc.constant(1)),
      traceId: bytes(16),
      spanId: bytes(8),
      eventName: text,
    },
    { requiredKeys: ['observedTimeUnixNano'] },
  )
  return some({
    resourceLogs: several(
      some({
        resource: some({ attributes, droppedAttributesCount: count }),
        scopeLogs: several(
          some({
            scope: some({ name: text, version: text, attributes, droppedAttributesCount: count }),
            logRecords: several(record),
            schemaUrl: text,
          }),
        ),
        schemaUrl: text,
      }),
    ),
  })
}

export const requests = requestsOf({ everything: true })
/** Without bytes, NaN and infinities, which JSON does not have. */
export const jsonRequests = requestsOf({ everything: false })
