import type { TypedValue } from '../formats/format.ts'
import type { Opened } from '../jwe/opener.ts'
import { typedValue } from './opened-value.ts'

/** A part of a record, as its JWE gave it back. */
export type OpenedPart = {
  readonly path: string
  /** Bytes of the content. */
  readonly size: number
} & (
  | { readonly type: 'text'; readonly value: Extract<TypedValue, { type: 'text' }> }
  | { readonly type: 'value'; readonly value: TypedValue }
)

export interface OpenedParts {
  /** Row of the JWE in the record's list. */
  readonly row: number
  /** The first eight characters of the tag. */
  readonly id: string
  /** Of the key that opened it. */
  readonly kid: string
  readonly parts: ReadonlyMap<number, OpenedPart>
}

/** Reads what an element of `fieldseal.sealed` held; undefined where it is no such thing. */
export function readParts(row: number, jwe: Buffer, { header, plaintext, kid }: Opened): OpenedParts | undefined {
  if (header.cty !== 'fieldseal-parts+json') return undefined
  const object = parse(plaintext)
  if (object === undefined) return undefined
  const parts = new Map<number, OpenedPart>()
  for (const [index, entry] of Object.entries(object)) {
    const part = readPart(entry)
    if (part === undefined || !/^\d{1,7}$/.test(index)) return undefined
    parts.set(Number(index), part)
  }
  return { row, id: idOf(jwe), kid, parts }
}

function parse(plaintext: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(plaintext.toString('utf8'))
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function readPart(entry: unknown): OpenedPart | undefined {
  if (!isObject(entry) || typeof entry.path !== 'string') return undefined
  const { path, cty, text, base64 } = entry
  const content =
    typeof text === 'string'
      ? Buffer.from(text, 'utf8')
      : typeof base64 === 'string'
        ? Buffer.from(base64, 'base64url')
        : undefined
  if (content === undefined || (cty !== undefined && typeof cty !== 'string')) return undefined
  const size = content.length
  if (cty === undefined) return { type: 'text', path, size, value: { type: 'text', bytes: content } }
  const value = typedValue(cty, content)
  return value === undefined ? undefined : { type: 'value', path, size, value }
}

/** The tag comes last in both serializations: `"tag":"…"}` and `….tag`. */
function idOf(jwe: Buffer): string {
  const text = jwe.toString('latin1')
  const tag = text.startsWith('{') ? (JSON.parse(text) as { tag: string }).tag : text.slice(text.lastIndexOf('.') + 1)
  return tag.slice(0, 8)
}

/** Which parts have been put back into their records, over all passes. */
export class PartLedger {
  readonly #used = new Map<string, Set<number>>()

  use(owner: string, id: string, part: number): void {
    const key = `${owner} ${id}`
    const used = this.#used.get(key) ?? new Set<number>()
    this.#used.set(key, used.add(part))
  }

  isComplete(owner: string, id: string, parts: number): boolean {
    return this.#used.get(`${owner} ${id}`)?.size === parts
  }
}
