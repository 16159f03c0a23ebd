import { type PathPattern, type PathStep, parsePath, pathMatches } from '../../rules/path.ts'
import { SEALED_LIST_KEY } from '../../rules/plan.ts'
import type { Match } from '../engine/explain.ts'
import { boundedPath } from '../jwe/envelope.ts'

/** A record, or what became of one, as plain values. */
export interface PlainRecord {
  readonly body?: unknown
  readonly attributes: Readonly<Record<string, unknown>>
  readonly resource: Readonly<Record<string, unknown>>
  readonly scope: Readonly<Record<string, unknown>>
}

type Parsed = Readonly<Record<string, unknown>>

const PLACEHOLDER = /\[sealed:([a-z0-9_.-]+):[\w-]{8}\/\d+\]/g
const PSEUDONYM = /hmac-sha256:([^:\s]+):[\w-]{22}(?![\w-])/g
const SEALED_KEY = /^sealed:[\w-]{8}$/

/**
 * The one record of a request in OTLP's JSON. What was sealed reads `[sealed:<kind>]`, a pseudonym `[hashed:<key>]`:
 * ids, keys and ciphertexts differ from run to run.
 *
 * @param matches - what was done to it; none for a record as it was.
 */
export function readRecord(request: Uint8Array, matches: readonly Match[] = []): PlainRecord {
  const reader = new Reader(matches.filter(({ verdict }) => verdict.is === 'acts'))
  const { resourceLogs } = JSON.parse(Buffer.from(request).toString()) as Parsed
  const [{ resource, scopeLogs }] = resourceLogs as [Parsed]
  const [{ scope, logRecords }] = scopeLogs as [Parsed]
  const [{ body, attributes }] = logRecords as [Parsed]
  return {
    ...(body === undefined ? {} : { body: reader.value(body as Parsed) }),
    attributes: reader.attributes(attributes),
    resource: reader.attributes((resource as Parsed | undefined)?.attributes),
    scope: reader.attributes((scope as Parsed | undefined)?.attributes),
  }
}

/**
 * The values of a record at a path; a value that was sealed as a sibling is found under its former key.
 *
 * @param path - as in a rule.
 */
export function valuesAt(record: PlainRecord, path: string): unknown[] {
  for (const source of [path, `${path}.sealed`]) {
    const pattern = parsePath(source)
    if (typeof pattern === 'string') continue
    const values = Object.entries(record).flatMap(([root, value]) => [...within(value, [key(root)], pattern)])
    if (values.length > 0) return values
  }
  return []
}

function key(name: string): PathStep {
  return { kind: 'key', key: name }
}

function* within(value: unknown, steps: readonly PathStep[], pattern: PathPattern): Iterable<unknown> {
  if (pathMatches(pattern, steps)) yield value
  if (Array.isArray(value)) for (const item of value) yield* within(item, [...steps, { kind: 'element' }], pattern)
  else if (typeof value === 'object' && value !== null)
    for (const [name, inner] of Object.entries(value)) yield* within(inner, [...steps, key(name)], pattern)
}

class Reader {
  /** Kinds of what was sealed, by path, in the order of the record. */
  readonly #kinds = new Map<string, string[]>()
  readonly #hasPseudonyms: boolean

  constructor(acting: readonly Match[]) {
    for (const { action, path, kind } of acting) {
      if (action !== 'seal') continue
      const kinds = this.#kinds.get(boundedPath(path))
      if (kinds === undefined) this.#kinds.set(boundedPath(path), [kind])
      else if (!kinds.includes(kind)) kinds.push(kind)
    }
    this.#hasPseudonyms = acting.some(({ action }) => action === 'hash')
  }

  attributes(list: unknown): Record<string, unknown> {
    const { [SEALED_LIST_KEY]: _, ...others } = this.#entries(list)
    return others
  }

  value(value: Parsed): unknown {
    const [entry] = Object.entries(value)
    if (entry === undefined) return null
    const [type, content] = entry
    switch (type) {
      case 'stringValue':
        return this.#text(content as string)
      case 'intValue':
      case 'doubleValue':
        return Number(content)
      case 'arrayValue':
        return (((content as Parsed).values ?? []) as Parsed[]).map((item) => this.value(item))
      case 'kvlistValue':
        return this.#entries((content as Parsed).values)
      default:
        return content
    }
  }

  #entries(list: unknown): Record<string, unknown> {
    const entries = ((list ?? []) as { key: string; value: Parsed }[]).map(({ key: name, value }) => {
      const plain = this.value(value)
      // An entry that was sealed for its key has the kind of what was found in the key.
      return [SEALED_KEY.test(name) && typeof plain === 'string' ? plain : this.#parts(name), plain]
    })
    return Object.fromEntries(entries)
  }

  #text(text: string): string {
    const path = this.#kinds.size > 0 ? sealedPath(text) : undefined
    const kinds = path === undefined ? undefined : this.#kinds.get(path)
    if (kinds === undefined) return this.#parts(text)
    // Elements of an array share a path: the kinds come in their order.
    return `[sealed:${kinds.length > 1 ? kinds.shift() : kinds[0]}]`
  }

  #parts(text: string): string {
    const shown = this.#kinds.size > 0 ? text.replaceAll(PLACEHOLDER, '[sealed:$1]') : text
    return this.#hasPseudonyms ? shown.replaceAll(PSEUDONYM, '[hashed:$1]') : shown
  }
}

/** Where a JWE says that it was sealed; undefined for any other text. */
function sealedPath(text: string): string | undefined {
  try {
    const header = text.startsWith('{"protected":"') ? JSON.parse(text).protected : text.split('.', 1)[0]
    const { typ, path } = JSON.parse(Buffer.from(header, 'base64url').toString())
    return typ === 'fieldseal+jwe' && typeof path === 'string' ? path : undefined
  } catch {
    return undefined
  }
}
