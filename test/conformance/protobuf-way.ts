import { requestType } from '../../bench/checks/otlp-messages.ts'
import type { Entries, LogRecord, Value } from './model.ts'

/** By protobufjs, with messages that are defined in code. */

type Decoded = { readonly [field: string]: unknown }

function anyValue(value: Value): Decoded {
  switch (value.type) {
    case 'text':
      return { stringValue: value.text }
    case 'integer':
      return { intValue: value.value.toString() }
    case 'double':
      return { doubleValue: value.value }
    case 'boolean':
      return { boolValue: value.value }
    case 'bytes':
      return { bytesValue: value.bytes }
    case 'map':
      return { kvlistValue: { values: keyValues(value.entries) } }
    case 'array':
      return { arrayValue: { values: value.values.map(anyValue) } }
    case 'null':
      return {}
  }
}

function keyValues(entries: Entries): Decoded[] {
  return entries.map(([key, value]) => ({ key, value: anyValue(value) }))
}

/** One resource, scope and record each. */
export function toProtobuf(records: readonly LogRecord[]): Buffer {
  const resourceLogs = records.map(({ resource, scope, body, attributes }) => ({
    ...(resource.length > 0 ? { resource: { attributes: keyValues(resource) } } : {}),
    scopeLogs: [
      {
        ...(scope.length > 0 ? { scope: { attributes: keyValues(scope) } } : {}),
        logRecords: [{ ...(body === undefined ? {} : { body: anyValue(body) }), attributes: keyValues(attributes) }],
      },
    ],
  }))
  return Buffer.from(requestType.encode(requestType.fromObject({ resourceLogs })).finish())
}

function list(value: unknown): readonly Decoded[] {
  return (value ?? []) as readonly Decoded[]
}

function toValue(decoded: unknown): Value {
  const fields = (decoded ?? {}) as Decoded
  if (fields.stringValue !== undefined) return { type: 'text', text: String(fields.stringValue) }
  if (fields.intValue !== undefined) return { type: 'integer', value: BigInt(String(fields.intValue)) }
  if (fields.doubleValue !== undefined) return { type: 'double', value: Number(fields.doubleValue) }
  if (fields.boolValue !== undefined) return { type: 'boolean', value: fields.boolValue === true }
  if (fields.bytesValue !== undefined) return { type: 'bytes', bytes: Buffer.from(fields.bytesValue as Uint8Array) }
  if (fields.kvlistValue !== undefined) {
    return { type: 'map', entries: toEntries((fields.kvlistValue as Decoded).values) }
  }
  if (fields.arrayValue !== undefined) {
    return { type: 'array', values: list((fields.arrayValue as Decoded).values).map(toValue) }
  }
  return { type: 'null' }
}

function toEntries(decoded: unknown): Entries {
  return list(decoded).map(({ key, value }) => [String(key ?? ''), toValue(value)] as const)
}

export function fromProtobuf(bytes: Buffer): LogRecord[] {
  const request = requestType.toObject(requestType.decode(bytes), { longs: String })
  return list(request.resourceLogs).flatMap(({ resource, scopeLogs }) =>
    list(scopeLogs).flatMap(({ scope, logRecords }) =>
      list(logRecords).map(({ body, attributes }) => ({
        resource: toEntries((resource as Decoded | undefined)?.attributes),
        scope: toEntries((scope as Decoded | undefined)?.attributes),
        body: body === undefined || body === null ? undefined : toValue(body),
        attributes: toEntries(attributes),
      })),
    ),
  )
}
