import { isSealedText } from '../formats/conversion/sealed-parts.ts'
import { encodedLimit, parseJwe } from '../jwe/parse.ts'

/** A JWE in a record that has arrived. */
export interface ArrivedJwe {
  readonly jwe: string
  /** Whom it lists. */
  readonly kids: ReadonlySet<string>
}

/** A record that has come out, taken apart. */
export interface Arrived {
  readonly id: string
  /** All that stands in it in the clear: values and keys, resource and scope included. */
  readonly texts: readonly string[]
  readonly jwes: readonly ArrivedJwe[]
}

type Json = Readonly<Record<string, unknown>>

/**
 * The canaries in a line or request of JSON, of OTLP or a record a line.
 *
 * @param run - what the ids of the run begin with. Records of others are not looked at.
 */
export function arrivedIn(text: string, run: string): Arrived[] {
  if (!text.includes(run)) return []
  let batch: Json
  try {
    batch = JSON.parse(text) as Json
  } catch {
    return []
  }
  const id = new RegExp(`${run}[a-f]{24}`)
  return recordsOf(batch).flatMap((record) => {
    const [found] = id.exec(JSON.stringify(record)) ?? []
    return found === undefined ? [] : [takenApart(found, record)]
  })
}

/** Each record together with its resource and scope. */
function recordsOf(batch: Json): object[] {
  if (!Array.isArray(batch.resourceLogs)) return [batch]
  return (batch.resourceLogs as Json[]).flatMap(({ resource, scopeLogs }) =>
    list(scopeLogs).flatMap(({ scope, logRecords }) =>
      list(logRecords).map((record) => ({ resource, scope, record: bytesAsText(record) })),
    ),
  )
}

function list(value: unknown): Json[] {
  return Array.isArray(value) ? (value as Json[]) : []
}

/** Bytes stand in OTLP's JSON as base64, in which nobody would find a text. */
function bytesAsText(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bytesAsText)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === 'bytesValue' && typeof inner === 'string' ? Buffer.from(inner, 'base64').toString() : bytesAsText(inner),
    ]),
  )
}

function takenApart(id: string, record: object): Arrived {
  const texts: string[] = []
  const jwes: ArrivedJwe[] = []
  const visit = (value: unknown): void => {
    if (typeof value === 'string') {
      const jwe = jweOf(value)
      if (jwe !== undefined) jwes.push(jwe)
      else {
        texts.push(value)
        visit(jsonIn(value))
      }
    } else if (typeof value === 'number' || typeof value === 'boolean') texts.push(String(value))
    else if (Array.isArray(value)) value.forEach(visit)
    else if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) {
        texts.push(key)
        visit(inner)
      }
  }
  visit(record)
  return { id, texts, jwes }
}

/** A body may be JSON, in which values are sealed one by one. */
function jsonIn(text: string): unknown {
  if (!/^\s*[{[]/.test(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Undefined for a text that is none, and would be looked at as what it is: a text in the clear. */
export function jweOf(text: string): ArrivedJwe | undefined {
  if (!isSealedText(text)) return undefined
  const parsed = parseJwe(text, encodedLimit(text.length))
  if (parsed === undefined) return undefined
  return { jwe: text, kids: new Set(parsed.recipients.map(({ header }) => String(header.kid))) }
}
