import { isUtf8 } from 'node:buffer'
import { base64urlLength, decodeBase64url } from './base64url.ts'
import { isJsonObject, parseStrictJson } from './strict-json.ts'

/** Header parameters by name. */
export type Header = Readonly<Record<string, unknown>>

export interface ParsedRecipient {
  /** The JOSE header for this recipient: protected, shared unprotected and its own (RFC 7516 section 4). */
  readonly header: Header
  readonly encryptedKey: Buffer
}

/** A JWE whose form is in order. Nothing in it is authenticated yet. */
export interface ParsedJwe {
  readonly protectedHeader: Header
  readonly recipients: readonly ParsedRecipient[]
  /** Additional authenticated data: `protected`, and `.` and `aad` where there is one (RFC 7516 section 5.1). */
  readonly authenticated: Buffer
  readonly iv: Buffer
  readonly ciphertext: Buffer
  readonly tag: Buffer
}

export const MAXIMUM_RECIPIENTS_READ = 16
const MAXIMUM_PROTECTED_BYTES = 512
const MAXIMUM_COMPACT_PROTECTED_BYTES = 1024
const MAXIMUM_AAD_BYTES = 1024
/** Room for 16 recipients: header, epk, and the `encrypted_key` of an RSA key of 8192 bits. */
const MAXIMUM_FRAME_CHARACTERS = 48 * 1024
const JSON_BOUNDS = { depth: 8, commas: 1024 }

/** Parts of a JWE before they are decoded. */
interface Parts {
  readonly protected: string
  readonly iv: string
  readonly ciphertext: string
  readonly tag: string
  readonly aad?: string
}

/** Longest JWE for a plaintext of `maxValueBytes`, in characters. */
export function encodedLimit(maxValueBytes: number): number {
  return base64urlLength(maxValueBytes) + MAXIMUM_FRAME_CHARACTERS
}

/**
 * Parses the compact and the JSON serializations, general and flattened, of RFC 7516 section 7. Sizes are checked before
 * anything is built.
 *
 * @returns undefined where the form is not in order: base64url that is not canonical, a member or header parameter that
 *   occurs twice, no protected header, `zip` or `crit` anywhere, more than 16 recipients.
 */
export function parseJwe(jwe: string | Buffer, maxCharacters: number): ParsedJwe | undefined {
  if (jwe.length > maxCharacters) return undefined
  if (typeof jwe === 'string') return jwe.startsWith('{') ? parseJson(jwe) : parseCompact(jwe)
  return isUtf8(jwe) ? parseJwe(jwe.toString('utf8'), maxCharacters) : undefined
}

function parseCompact(text: string): ParsedJwe | undefined {
  const parts = text.split('.', 6)
  if (parts.length !== 5) return undefined
  const [encodedProtected, encryptedKey, iv, ciphertext, tag] = parts as [string, string, string, string, string]
  const recipients = [{ header: undefined, encryptedKey }]
  return assemble(
    { protected: encodedProtected, iv, ciphertext, tag },
    undefined,
    recipients,
    MAXIMUM_COMPACT_PROTECTED_BYTES,
  )
}

function parseJson(text: string): ParsedJwe | undefined {
  const jwe = parseStrictJson(text, JSON_BOUNDS)
  if (!isJsonObject(jwe)) return undefined
  const { iv, ciphertext, tag, aad, unprotected } = jwe
  if (typeof jwe.protected !== 'string' || typeof iv !== 'string') return undefined
  if (typeof ciphertext !== 'string' || typeof tag !== 'string') return undefined
  if (aad !== undefined && typeof aad !== 'string') return undefined
  if (unprotected !== undefined && !isJsonObject(unprotected)) return undefined
  const recipients = recipientsOf(jwe)
  if (!recipients) return undefined
  const parts = { protected: jwe.protected, iv, ciphertext, tag, ...(aad === undefined ? {} : { aad }) }
  return assemble(parts, unprotected, recipients, MAXIMUM_PROTECTED_BYTES)
}

interface EncodedRecipient {
  readonly header: Header | undefined
  readonly encryptedKey: string
}

function recipientsOf(jwe: Record<string, unknown>): EncodedRecipient[] | undefined {
  const isFlattened = jwe.recipients === undefined
  if (!isFlattened && (jwe.header !== undefined || jwe.encrypted_key !== undefined)) return undefined
  const entries: unknown = isFlattened ? [jwe] : jwe.recipients
  if (!Array.isArray(entries) || entries.length === 0 || entries.length > MAXIMUM_RECIPIENTS_READ) return undefined
  const recipients: EncodedRecipient[] = []
  for (const entry of entries) {
    if (!isJsonObject(entry)) return undefined
    // Absent where the key is not encrypted, as with `dir`.
    const { header, encrypted_key: encryptedKey = '' } = entry
    if (header !== undefined && !isJsonObject(header)) return undefined
    if (typeof encryptedKey !== 'string') return undefined
    recipients.push({ header, encryptedKey })
  }
  return recipients
}

function assemble(
  parts: Parts,
  unprotected: Header | undefined,
  encodedRecipients: readonly EncodedRecipient[],
  maxProtectedBytes: number,
): ParsedJwe | undefined {
  if (parts.protected.length > base64urlLength(maxProtectedBytes)) return undefined
  if (parts.aad !== undefined && parts.aad.length > base64urlLength(MAXIMUM_AAD_BYTES)) return undefined
  const protectedHeader = decodeHeader(parts.protected)
  const iv = decodeBase64url(parts.iv)
  const ciphertext = decodeBase64url(parts.ciphertext)
  const tag = decodeBase64url(parts.tag)
  if (!protectedHeader || !iv || !ciphertext || !tag) return undefined
  if (parts.aad !== undefined && !decodeBase64url(parts.aad)) return undefined

  const recipients: ParsedRecipient[] = []
  for (const { header: own, encryptedKey: encoded } of encodedRecipients) {
    const header = joined(protectedHeader, unprotected, own)
    const encryptedKey = decodeBase64url(encoded)
    if (!header || !encryptedKey) return undefined
    recipients.push({ header, encryptedKey })
  }
  const authenticated = parts.aad === undefined ? parts.protected : `${parts.protected}.${parts.aad}`
  return { protectedHeader, recipients, authenticated: Buffer.from(authenticated, 'latin1'), iv, ciphertext, tag }
}

/** The protected header: base64url of UTF-8 of a JSON object without repeated names. */
function decodeHeader(encoded: string): Header | undefined {
  const bytes = decodeBase64url(encoded)
  if (!bytes || !isUtf8(bytes)) return undefined
  const header = parseStrictJson(bytes.toString('utf8'), JSON_BOUNDS)
  return isJsonObject(header) ? header : undefined
}

/**
 * The union of the headers, whose names must be disjoint (RFC 7516 section 7.2.1). `zip` is refused because compression
 * has been a way to exhaust readers, `crit` because no extension is implemented (RFC 7516 section 4.1.13).
 */
function joined(...headers: readonly (Header | undefined)[]): Header | undefined {
  const all = new Map<string, unknown>()
  for (const header of headers) {
    for (const [name, value] of Object.entries(header ?? {})) {
      if (all.has(name) || name === 'zip' || name === 'crit') return undefined
      all.set(name, value)
    }
  }
  return Object.fromEntries(all)
}
