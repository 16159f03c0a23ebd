import type { Entries, Plain } from './content.ts'

export const DEFAULT_BODY_KEYS: readonly string[] = ['msg', 'message', 'log']

const IDS: ReadonlyMap<string, RegExp> = new Map([
  ['trace_id', /^(?:[0-9A-Fa-f]{32})?$/],
  ['span_id', /^(?:[0-9A-Fa-f]{16})?$/],
])
const LEVEL_NAME = /^(?:\d{1,3}|[A-Za-z]{1,16})$/

/** A record without a schema, taken apart: which of its members are what. */
export interface Members {
  readonly attributes: Entries
  readonly fields: readonly (readonly [path: string, value: Plain])[]
}

/**
 * Members of a JSON line, or of a record of Fluent Forward. The first of the body's keys that is there is the body, every
 * time it occurs. Ids of traces are passed over; what only has the name of one is an attribute.
 */
export function membersOf(entries: Entries, bodyKeys: readonly string[]): Members {
  const bodyKey = bodyKeys.find((name) => entries.some(([key]) => key === name))
  const attributes: (readonly [string, Plain])[] = []
  const fields: (readonly [string, Plain])[] = []
  for (const entry of entries) {
    const [key, value] = entry
    if (key === bodyKey) fields.push(['body', value])
    else if (key === 'level' && LEVEL_NAME.test(scalarText(value))) fields.push(['severity', value])
    else if (!(value.kind === 'text' && IDS.get(key)?.test(value.bytes.toString('latin1')))) attributes.push(entry)
  }
  return { attributes, fields }
}

function scalarText(value: Plain): string {
  return value.kind === 'text' || value.kind === 'number' ? value.bytes.toString('latin1') : ''
}
