import { hash } from 'node:crypto'
import { FieldsealError } from '../errors.ts'
import { CONTENT_ENCRYPTION, type KeyAlgorithm } from './algorithms.ts'
import type { EphemeralPublicKey } from './key-agreement.ts'

/** The type of what was sealed, as the protected `cty` states it. */
export const CONTENT_TYPES = [
  'text',
  'number',
  'boolean',
  'bytes',
  'json',
  'otlp+json',
  'entry+json',
  'otlp-entry+json',
  'fieldseal-parts+json',
] as const

export type ContentType = (typeof CONTENT_TYPES)[number]

export const ENVELOPE_TYPE = 'fieldseal+jwe'
export const ENVELOPE_VERSION = 1

/** What a caller states about a value. */
export interface HeaderFacts {
  readonly cty: ContentType
  /** Where the value was sealed, keys with a finding as `*`. */
  readonly path: string
  /** Seconds since 1970 (RFC 7519 section 4.1.6). */
  readonly iat?: number
  /** The rule that asked for it: at most 128 bytes. */
  readonly rule?: string
}

/** The protected header of the General JSON serialization, members in this order. Nothing in it depends on a recipient. */
export interface ProtectedHeader extends HeaderFacts {
  readonly enc: 'A256GCM'
  readonly typ: typeof ENVELOPE_TYPE
  readonly v: typeof ENVELOPE_VERSION
}

/** The recipient's part of a header, written into `protected` by the compact serialization alone. */
export interface RecipientHeader {
  readonly alg: KeyAlgorithm
  readonly kid: string
  /** For ECDH-ES. */
  readonly epk?: EphemeralPublicKey
}

/** A protected header encoded once, for all values that share it. Made by `headerTemplate`; keep and reuse it. */
export interface HeaderTemplate {
  readonly header: ProtectedHeader
  /** The `protected` member: base64url. */
  readonly encoded: string
  /** The additional authenticated data: the ASCII bytes of `encoded` (RFC 7516 section 5.1, step 14). */
  readonly aad: Buffer
}

const MAXIMUM_PATH_BYTES = 128
/** Escapes make a path longer: with both bounds a protected header stays under the 512 bytes that openers read. */
const MAXIMUM_ESCAPED_PATH_BYTES = 256
const MAXIMUM_RULE_BYTES = 128

/** @throws `FIELDSEAL_CONFIG_INVALID` where the rule's name is too long for a header. */
export function headerTemplate(facts: HeaderFacts): HeaderTemplate {
  if (facts.rule !== undefined && byteLength(JSON.stringify(facts.rule)) > MAXIMUM_RULE_BYTES + 2) {
    throw new FieldsealError('FIELDSEAL_CONFIG_INVALID', `The id of a rule is over ${MAXIMUM_RULE_BYTES} bytes.`)
  }
  const header: ProtectedHeader = Object.freeze({
    enc: CONTENT_ENCRYPTION.enc,
    typ: ENVELOPE_TYPE,
    v: ENVELOPE_VERSION,
    cty: facts.cty,
    path: boundedPath(facts.path),
    ...(facts.iat === undefined ? {} : { iat: facts.iat }),
    ...(facts.rule === undefined ? {} : { rule: facts.rule }),
  })
  return Object.freeze({ header, ...encodeProtected(protectedText(header)) })
}

/** The path as a header states it: itself, or `sha256:` and the base64url of its SHA-256 where it is too long. */
export function boundedPath(path: string): string {
  const fits = byteLength(path) <= MAXIMUM_PATH_BYTES && byteLength(JSON.stringify(path)) <= MAXIMUM_ESCAPED_PATH_BYTES
  return fits ? path : `sha256:${hash('sha256', path, 'base64url')}`
}

/**
 * The JSON of a protected header: `enc, typ, v, cty, path, iat, rule`, and with a recipient, for the compact
 * serialization, `alg, enc, typ, v, kid, epk, cty, path, iat, rule`. JSON.stringify leaves out what is undefined.
 */
export function protectedText(header: ProtectedHeader, recipient?: RecipientHeader): string {
  const { enc, typ, v, cty, path, iat, rule } = header
  if (!recipient) return JSON.stringify({ enc, typ, v, cty, path, iat, rule })
  const { alg, kid, epk } = recipient
  return JSON.stringify({ alg, enc, typ, v, kid, epk: epk && orderedKey(epk), cty, path, iat, rule })
}

/** The JSON of one recipient's unprotected header, in ASCII: `alg, kid, epk`. */
export function recipientHeaderText({ alg, kid, epk }: RecipientHeader): string {
  return ascii(JSON.stringify({ alg, kid, epk: epk && orderedKey(epk) }))
}

export function encodeProtected(text: string): Pick<HeaderTemplate, 'encoded' | 'aad'> {
  const encoded = Buffer.from(text).toString('base64url')
  return { encoded, aad: Buffer.from(encoded, 'latin1') }
}

function orderedKey({ kty, crv, x, y }: EphemeralPublicKey): object {
  return { kty, crv, x, y }
}

/** JSON outside strings is ASCII already, so that each other character stands in a string and can be escaped. */
function ascii(json: string): string {
  return json.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function byteLength(text: string): number {
  return Buffer.byteLength(text)
}
