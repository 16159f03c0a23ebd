import type { Entries, LogRecord, Value } from './model.ts'
import { doubleText, type NumberText, parseWithNumbers } from './number-text.ts'

/** OTLP's JSON in compact form, written out by hand and read by `JSON.parse`. */

type Parsed = { readonly [field: string]: unknown }

function anyValue(value: Value): string {
  switch (value.type) {
    case 'text':
      return `{"stringValue":${JSON.stringify(value.text)}}`
    case 'integer':
      return `{"intValue":"${value.value}"}`
    case 'double':
      return `{"doubleValue":${Number.isFinite(value.value) ? doubleText(value.value) : `"${value.value}"`}}`
    case 'boolean':
      return `{"boolValue":${value.value}}`
    case 'bytes':
      return `{"bytesValue":"${value.bytes.toString('base64')}"}`
    case 'map':
      return `{"kvlistValue":{"values":${keyValues(value.entries)}}}`
    case 'array':
      return `{"arrayValue":{"values":[${value.values.map(anyValue).join()}]}}`
    case 'null':
      return '{}'
  }
}

function keyValues(entries: Entries): string {
  return `[${entries.map(([key, value]) => `{"key":${JSON.stringify(key)},"value":${anyValue(value)}}`).join()}]`
}

function attributed(name: string, entries: Entries): string {
  return entries.length > 0 ? `"${name}":{"attributes":${keyValues(entries)}},` : ''
}

/** One resource, scope and record each. */
export function toOtlpJson(records: readonly LogRecord[]): Buffer {
  const resources = records.map(({ resource, scope, body, attributes }) => {
    const fields = [
      ...(body === undefined ? [] : [`"body":${anyValue(body)}`]),
      ...(attributes.length > 0 ? [`"attributes":${keyValues(attributes)}`] : []),
    ]
    return `{${attributed('resource', resource)}"scopeLogs":[{${attributed('scope', scope)}"logRecords":[{${fields}}]}]}`
  })
  return Buffer.from(`{"resourceLogs":[${resources}]}`)
}

function list(value: unknown): readonly Parsed[] {
  return (value ?? []) as readonly Parsed[]
}

function toValue(parsed: unknown): Value {
  const [entry] = Object.entries((parsed ?? {}) as Parsed)
  if (entry === undefined) return { type: 'null' }
  const [name, content] = entry
  switch (name) {
    case 'stringValue':
      return { type: 'text', text: content as string }
    case 'intValue':
      return { type: 'integer', value: BigInt(typeof content === 'string' ? content : (content as NumberText).text) }
    case 'doubleValue':
      return { type: 'double', value: Number(typeof content === 'string' ? content : (content as NumberText).text) }
    case 'boolValue':
      return { type: 'boolean', value: content as boolean }
    case 'bytesValue':
      return { type: 'bytes', bytes: Buffer.from(content as string, 'base64') }
    case 'kvlistValue':
      return { type: 'map', entries: toEntries((content as Parsed).values) }
    case 'arrayValue':
      return { type: 'array', values: list((content as Parsed).values).map(toValue) }
    default:
      throw new Error(`no such value: ${name}`)
  }
}

function toEntries(parsed: unknown): Entries {
  return list(parsed).map(({ key, value }) => [key as string, toValue(value)] as const)
}

export function fromOtlpJson(bytes: Buffer): LogRecord[] {
  const request = parseWithNumbers(bytes.toString()) as Parsed
  return list(request.resourceLogs).flatMap(({ resource, scopeLogs }) =>
    list(scopeLogs).flatMap(({ scope, logRecords }) =>
      list(logRecords).map(({ body, attributes }) => ({
        resource: toEntries((resource as Parsed | undefined)?.attributes),
        scope: toEntries((scope as Parsed | undefined)?.attributes),
        body: body === undefined ? undefined : toValue(body),
        attributes: toEntries(attributes),
      })),
    ),
  )
}
