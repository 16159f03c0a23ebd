import { SEALED_LIST_KEY } from '../../../rules/plan.ts'

/** The key under which records, resources and scopes list the JWEs that their texts refer to. */
export const LIST_KEY = Buffer.from(SEALED_LIST_KEY)

const GENERAL = /"tag":"([A-Za-z0-9_-]{22})"\}$/
const COMPACT = /\.([A-Za-z0-9_-]{22})$/
const LONGEST_END = 40

/** The id by which texts refer to a JWE: the first characters of its tag, which comes last (see `docs/envelope.md`). */
export function sealedId(jwe: Buffer): string | undefined {
  const end = jwe.toString('latin1', Math.max(0, jwe.length - LONGEST_END))
  const start = jwe.toString('latin1', 0, 3)
  const match = start === 'eyJ' ? COMPACT.exec(end) : start === '{"p' ? GENERAL.exec(end) : null
  return match?.[1]?.slice(0, 8)
}

/** Whether a text is sealed, or holds a sealed part: it must stand where whoever opens records looks. */
export function isSealedText(text: string): boolean {
  return text.includes('[sealed:') || /^(?:\{"protected":"|eyJ)/.test(text)
}

/** A placeholder in a text, which in JSON may have its slash escaped. */
const REFERENCE = /\[sealed:[A-Za-z0-9_.-]{1,64}:([A-Za-z0-9_-]{8})\\?\/\d{1,7}\]/g

/** Adds the ids of the JWEs that a JSON text refers to. */
export function addReferences(json: Buffer, ids: Set<string>): void {
  if (!json.includes('[sealed:')) return
  for (const [, id] of json.toString('latin1').matchAll(REFERENCE)) ids.add(id!)
}
