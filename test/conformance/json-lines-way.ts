import { type Entries, keysIn, type LogRecord, type Value, valuesOf } from './model.ts'
import { doubleText, NumberText, parseWithNumbers } from './number-text.ts'

/** One JSON object a line, `msg` its body, written out by hand and read by `JSON.parse`. */

function json(value: Value): string {
  switch (value.type) {
    case 'text':
      return JSON.stringify(value.text)
    case 'integer':
      return value.value.toString()
    case 'double':
      return doubleText(value.value)
    case 'boolean':
      return String(value.value)
    case 'map':
      return `{${members(value.entries)}}`
    case 'array':
      return `[${value.values.map(json).join()}]`
    case 'null':
      return 'null'
    case 'bytes':
      throw new Error('JSON has no bytes')
  }
}

function members(entries: Entries): string {
  return entries.map(([key, value]) => `${JSON.stringify(key)}:${json(value)}`).join()
}

const RESERVED = ['msg', 'message', 'log', 'level', 'time', 'timestamp', 'trace_id', 'span_id']

/** What `JSON.parse` would put in another order, or merge. */
function isFaithful(entries: Entries): boolean {
  const keys = entries.map(([key]) => key)
  return new Set(keys).size === keys.length && !keys.some((key) => /^\d+$/.test(key) || key === '__proto__')
}

export function jsonCarries(record: LogRecord): boolean {
  const values = valuesOf(record)
  return (
    record.resource.length === 0 &&
    record.scope.length === 0 &&
    !record.attributes.some(([key]) => RESERVED.includes(key)) &&
    [...keysIn(record.attributes)].every((key) => key.isWellFormed()) &&
    isFaithful(record.attributes) &&
    values.every(
      (value) =>
        value.type !== 'bytes' &&
        (value.type !== 'double' || Number.isFinite(value.value)) &&
        (value.type !== 'map' || isFaithful(value.entries)),
    )
  )
}

export function toJsonLines(records: readonly LogRecord[]): Buffer {
  const lines = records.map(({ body, attributes }) => {
    const entries: Entries = body === undefined ? attributes : [['msg', body], ...attributes]
    return `{${members(entries)}}\n`
  })
  return Buffer.from(lines.join(''))
}

function toValue(parsed: unknown): Value {
  if (parsed instanceof NumberText) {
    return parsed.isInteger
      ? { type: 'integer', value: BigInt(parsed.text) }
      : { type: 'double', value: Number(parsed.text) }
  }
  if (typeof parsed === 'string') return { type: 'text', text: parsed }
  if (typeof parsed === 'boolean') return { type: 'boolean', value: parsed }
  if (parsed === null) return { type: 'null' }
  if (Array.isArray(parsed)) return { type: 'array', values: parsed.map(toValue) }
  return { type: 'map', entries: toEntries(parsed as object) }
}

function toEntries(parsed: object): Entries {
  return Object.entries(parsed).map(([key, value]) => [key, toValue(value)] as const)
}

export function fromJsonLines(bytes: Buffer): LogRecord[] {
  const lines = bytes.toString().split('\n').filter(Boolean)
  return lines.map((line) => {
    const { msg, ...rest } = parseWithNumbers(line) as { msg?: unknown }
    return {
      resource: [],
      scope: [],
      body: msg === undefined ? undefined : toValue(msg),
      attributes: toEntries(rest),
    }
  })
}
