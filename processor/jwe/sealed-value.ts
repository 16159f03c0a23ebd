import { CONTENT_ENCRYPTION, CURVES } from './algorithms.ts'
import { base64urlLength, decodeBase64url } from './base64url.ts'
import {
  boundedPath,
  CONTENT_TYPES,
  ENVELOPE_TYPE,
  ENVELOPE_VERSION,
  encodeProtected,
  type ProtectedHeader,
  protectedText,
  type RecipientHeader,
  recipientHeaderText,
} from './envelope.ts'
import { isCoordinate } from './key-agreement.ts'
import { encodedLimit } from './parse.ts'
import { compactText, generalText, recipientText, sealedId } from './serialization.ts'
import { isJsonObject } from './strict-json.ts'

/** What a sealed value says of itself. It is not authenticated: whoever knows the form can write it. */
export interface RecognisedValue {
  readonly header: ProtectedHeader
  readonly kids: readonly string[]
  /** The first eight characters of the tag. */
  readonly id: string
}

/** Every value in the General JSON serialization begins so. */
export const GENERAL_PREFIX = '{"protected":"'
/** Every compact one begins so: base64url of `{"`. */
export const COMPACT_PREFIX = 'eyJ'

const MAXIMUM_RECIPIENTS_WRITTEN = 8
const DEFAULT_MAXIMUM_VALUE_BYTES = 1024 * 1024
const WRAPPED_KEY_CHARACTERS = base64urlLength(40)
const RSA_KEY_CHARACTERS = { least: base64urlLength(256), most: base64urlLength(1024) }
const IV_CHARACTERS = base64urlLength(CONTENT_ENCRYPTION.ivBytes)
const TAG_CHARACTERS = base64urlLength(CONTENT_ENCRYPTION.tagBytes)

/**
 * Whether `text` is a value that this program wrote, as far as its form tells: written anew from its parts it gives the
 * same text, it has no member that would not be written, and each `kid` is known. Anything else is text like any other.
 */
export function recogniseSealed(
  text: string,
  knownKids: ReadonlySet<string>,
  maxValueBytes = DEFAULT_MAXIMUM_VALUE_BYTES,
): RecognisedValue | undefined {
  if (text.startsWith(GENERAL_PREFIX)) {
    return text.length <= encodedLimit(maxValueBytes) ? recogniseGeneral(text, knownKids) : undefined
  }
  if (text.startsWith(COMPACT_PREFIX)) {
    return text.length <= encodedLimit(maxValueBytes) ? recogniseCompact(text, knownKids) : undefined
  }
  return undefined
}

function recogniseGeneral(text: string, knownKids: ReadonlySet<string>): RecognisedValue | undefined {
  const jwe = parseObject(text)
  if (!jwe || !isCiphertext(jwe)) return undefined
  const { recipients, iv, ciphertext, tag } = jwe
  if (!Array.isArray(recipients) || recipients.length === 0) return undefined
  if (recipients.length > MAXIMUM_RECIPIENTS_WRITTEN) return undefined
  const kids = new Set<string>()
  const texts: string[] = []
  for (const entry of recipients) {
    const header = isJsonObject(entry) ? recipientHeader(entry.header, knownKids) : undefined
    if (!header || kids.has(header.kid) || !isEncryptedKey(entry.encrypted_key, header)) return undefined
    kids.add(header.kid)
    texts.push(recipientText(recipientHeaderText(header), entry.encrypted_key))
  }
  const known = decodeProtected(jwe.protected)
  if (!known || known.recipient) return undefined
  const rewritten = generalText(jwe.protected, texts.join(','), iv, ciphertext, tag)
  return rewritten === text ? { header: known.header, kids: [...kids], id: sealedId(tag) } : undefined
}

function recogniseCompact(text: string, knownKids: ReadonlySet<string>): RecognisedValue | undefined {
  const parts = text.split('.', 6)
  if (parts.length !== 5) return undefined
  const [encoded, encryptedKey, iv, ciphertext, tag] = parts as [string, string, string, string, string]
  if (!isCiphertext({ protected: encoded, iv, ciphertext, tag })) return undefined
  const known = decodeProtected(encoded)
  const recipient = known?.recipient && recipientHeader(known.recipient, knownKids)
  if (!known || !recipient || !isEncryptedKey(encryptedKey, recipient)) return undefined
  const rewritten = compactText(encoded, encryptedKey, iv, ciphertext, tag)
  return rewritten === text ? { header: known.header, kids: [recipient.kid], id: sealedId(tag) } : undefined
}

interface Ciphertext {
  readonly protected: string
  readonly iv: string
  readonly ciphertext: string
  readonly tag: string
}

function isCiphertext(jwe: Record<string, unknown>): jwe is Record<string, unknown> & Ciphertext {
  if (typeof jwe.protected !== 'string') return false
  if (!isEncoded(jwe.iv, IV_CHARACTERS) || !isEncoded(jwe.tag, TAG_CHARACTERS)) return false
  return typeof jwe.ciphertext === 'string' && decodeBase64url(jwe.ciphertext) !== undefined
}

function recipientHeader(header: unknown, knownKids: ReadonlySet<string>): RecipientHeader | undefined {
  if (!isJsonObject(header)) return undefined
  const { alg, kid, epk } = header
  if (typeof kid !== 'string' || !knownKids.has(kid)) return undefined
  if (alg === 'RSA-OAEP-256') return epk === undefined ? { alg, kid } : undefined
  if (alg !== 'ECDH-ES+A256KW' || !isJsonObject(epk)) return undefined
  const { kty, crv, x, y } = epk
  const curve = typeof crv === 'string' && Object.hasOwn(CURVES, crv) ? CURVES[crv as keyof typeof CURVES] : undefined
  if (typeof crv !== 'string' || !curve || curve.kty !== kty || !isCoordinate(x, curve.coordinateBytes))
    return undefined
  if (curve.kty === 'OKP') return y === undefined ? { alg, kid, epk: { kty: curve.kty, crv, x } } : undefined
  return isCoordinate(y, curve.coordinateBytes) ? { alg, kid, epk: { kty: curve.kty, crv, x, y } } : undefined
}

function isEncryptedKey(value: unknown, { alg }: RecipientHeader): value is string {
  if (alg === 'ECDH-ES+A256KW') return isEncoded(value, WRAPPED_KEY_CHARACTERS)
  if (typeof value !== 'string') return false
  const { least, most } = RSA_KEY_CHARACTERS
  return value.length >= least && value.length <= most && decodeBase64url(value) !== undefined
}

function isEncoded(value: unknown, characters: number): value is string {
  return typeof value === 'string' && value.length === characters && decodeBase64url(value) !== undefined
}

interface KnownHeader {
  readonly header: ProtectedHeader
  /** `alg`, `kid` and `epk` as they stand in a compact header, unchecked but for their form. */
  readonly recipient?: RecipientHeader
}

/** Protected headers repeat: general ones for each path, compact ones for each path and epoch. */
const decoded = new Map<string, KnownHeader | undefined>()
const MAXIMUM_DECODED = 512

function decodeProtected(encoded: string): KnownHeader | undefined {
  // Longer ones are never ours, and must not fill the cache.
  if (encoded.length > base64urlLength(1024)) return undefined
  if (decoded.has(encoded)) return decoded.get(encoded)
  const known = readProtected(encoded)
  if (decoded.size === MAXIMUM_DECODED) decoded.clear()
  // A copy: `encoded` may be a slice that keeps a whole value alive.
  decoded.set(Buffer.from(encoded, 'latin1').toString('latin1'), known)
  return known
}

function readProtected(encoded: string): KnownHeader | undefined {
  const header = parseObject(Buffer.from(encoded, 'base64url').toString('utf8'))
  if (!header || !isOurHeader(header)) return undefined
  const { alg, kid, epk } = header
  const hasRecipient = alg !== undefined
  const recipient = hasRecipient ? ({ alg, kid, epk } as unknown as RecipientHeader) : undefined
  if (hasRecipient && epk !== undefined && !isJsonObject(epk)) return undefined
  if (encodeProtected(protectedText(header, recipient)).encoded !== encoded) return undefined
  const { enc, typ, v, cty, path, iat, rule } = header
  const facts = { ...(iat === undefined ? {} : { iat }), ...(rule === undefined ? {} : { rule }) }
  return { header: Object.freeze({ enc, typ, v, cty, path, ...facts }), ...(recipient ? { recipient } : {}) }
}

function isOurHeader(header: Record<string, unknown>): header is Record<string, unknown> & ProtectedHeader {
  const { enc, typ, v, cty, path, iat, rule } = header
  if (enc !== CONTENT_ENCRYPTION.enc || typ !== ENVELOPE_TYPE || v !== ENVELOPE_VERSION) return false
  if (!(CONTENT_TYPES as readonly unknown[]).includes(cty)) return false
  if (typeof path !== 'string' || boundedPath(path) !== path) return false
  if (iat !== undefined && !(Number.isSafeInteger(iat) && (iat as number) >= 0)) return false
  return rule === undefined || typeof rule === 'string'
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
