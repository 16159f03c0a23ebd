import type { LogRecordInput } from '../../formats/object/log-record.ts'
import { SPAN_FIELDS, spanContextOf } from '../span-context.ts'
import { type Info, LEVEL, SPLAT } from './info.ts'

/**
 * Severity numbers of OpenTelemetry by the levels of winston: those of npm, syslog and cli, as
 * @opentelemetry/winston-transport has them. Where a name is in two of them the number is the same.
 */
const SEVERITIES: Readonly<Record<string, number>> = {
  fatal: 21,
  emerg: 23,
  alert: 22,
  crit: 21,
  error: 17,
  warning: 13,
  warn: 13,
  notice: 10,
  help: 11,
  data: 10,
  info: 9,
  http: 7,
  verbose: 6,
  debug: 5,
  prompt: 4,
  input: 2,
  trace: 1,
  silly: 1,
}

/**
 * A log record of OpenTelemetry from a record of winston.
 *
 * @param info - sealed: it is read freely.
 * @param now - milliseconds since 1970.
 */
export function logRecordOf(info: Info, resource: Readonly<Record<string, unknown>>, now: number): LogRecordInput {
  const { level, message, ...fields } = info
  const time: [number, number] = [Math.floor(now / 1000), (now % 1000) * 1e6]
  const severityText = info[LEVEL] ?? level
  const spanContext = spanContextOf(fields)
  const attributes: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(fields)) {
    if (spanContext === undefined || !SPAN_FIELDS.includes(key)) attributes[key] = anyValue(value)
  }
  const exception = exceptionOf(info)
  return {
    hrTime: time,
    hrTimeObserved: time,
    severityText,
    severityNumber: SEVERITIES[String(severityText)],
    body: anyValue(message),
    attributes: { ...attributes, ...exception },
    droppedAttributesCount: 0,
    resource: { attributes: resource },
    instrumentationScope: { name: 'fieldseal/winston' },
    ...(spanContext === undefined ? {} : { spanContext }),
  } as LogRecordInput
}

/** The first error among fields and arguments, by the semantic conventions for exceptions. */
function exceptionOf(info: Info): Record<string, unknown> {
  const args = Array.isArray(info[SPLAT]) ? info[SPLAT] : []
  const error = [info.err, info.error, ...args].find((value) => value instanceof Error)
  if (error === undefined) return {}
  return { 'exception.type': error.name, 'exception.message': error.message, 'exception.stacktrace': error.stack }
}

/** What OTLP can hold: it has no errors, dates, maps and large integers. */
function anyValue(value: unknown): unknown {
  if (typeof value === 'bigint' || typeof value === 'symbol') return String(value)
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  if (Array.isArray(value)) return value.map(anyValue)
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? String(value) : value.toISOString()
  if (value instanceof URL || value instanceof RegExp) return String(value)
  if (value instanceof Set || ArrayBuffer.isView(value)) return Array.from(value as Iterable<unknown>, anyValue)
  if (value instanceof Map)
    return Object.fromEntries(
      [...value].map(([key, item]) => [typeof key === 'object' ? JSON.stringify(key) : String(key), anyValue(item)]),
    )
  const keys = value instanceof Error ? ['name', ...Object.getOwnPropertyNames(value)] : Object.keys(value)
  return Object.fromEntries(keys.map((key) => [key, anyValue(Reflect.get(value, key))]))
}
