import protobuf from 'protobufjs'
import { requestType as usual } from '../../../bench/checks/otlp-messages.ts'

/** All messages of OTLP logs, with entity references, which are still in development. */
const description = usual.root.toJSON()
const messages = description.nested as Record<string, { fields: Record<string, unknown> }>
messages.Resource!.fields.entityRefs = { id: 3, type: 'EntityRef', rule: 'repeated' }
messages.EntityRef = {
  fields: {
    schemaUrl: { id: 1, type: 'string' },
    type: { id: 2, type: 'string' },
    idKeys: { id: 3, type: 'string', rule: 'repeated' },
    descriptionKeys: { id: 4, type: 'string', rule: 'repeated' },
  },
}
const root = protobuf.Root.fromJSON(description)

export const requestType = root.lookupType('ExportLogsServiceRequest')
export const recordType = root.lookupType('LogRecord')
export const anyValueType = root.lookupType('AnyValue')

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json }

const IDS: ReadonlySet<string> = new Set(['traceId', 'spanId'])

/** What protobufjs decodes as OTLP's JSON: ids in hexadecimal, and no scalar that has the default of proto3. */
export function asOtlpJson(decoded: unknown): Json {
  return convert('', decoded) as Json
}

export function decodedJson(bytes: Uint8Array): Json {
  return asOtlpJson(requestType.toObject(requestType.decode(bytes), { longs: String, bytes: Buffer, json: true }))
}

function convert(name: string, value: unknown): Json | undefined {
  if (Array.isArray(value)) return value.map((item) => convert('element', item) as Json)
  if (value instanceof Uint8Array) {
    if (value.length === 0 && name !== 'bytesValue') return undefined
    return Buffer.from(value).toString(IDS.has(name) ? 'hex' : 'base64')
  }
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(([key, member]) => [key, convert(key, member)] as const)
    return Object.fromEntries(members.filter((member): member is [string, Json] => member[1] !== undefined))
  }
  const isMemberOfOneof = name.endsWith('Value') || name === 'element'
  return !isMemberOfOneof && (value === 0 || value === '' || value === '0') ? undefined : (value as Json)
}

/** OTLP's JSON as protobufjs encodes it. */
export function encodedJson(json: Json): Buffer {
  return Buffer.from(requestType.encode(requestType.fromObject(withBytes(json) as object)).finish())
}

function withBytes(json: Json, name = ''): unknown {
  if (Array.isArray(json)) return json.map((item) => withBytes(item))
  if (typeof json === 'object' && json !== null) {
    return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, withBytes(value, key)]))
  }
  if (typeof json === 'string' && IDS.has(name)) return Buffer.from(json, 'hex')
  return json
}
