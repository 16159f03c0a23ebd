import { createPublicKey, type KeyObject } from 'node:crypto'
import { FieldsealError } from '../errors.ts'
import { kidProblem, usageProblem } from './jwk-usage.ts'
import { checkPublicKey, isProblem, type KeyProblem, type PublicKey, publicKeyFromMembers } from './public-key.ts'
import { isJsonObject } from './strict-json.ts'

/** A public key for which values are sealed, and the name under which its holder finds the private key. */
export interface Recipient extends PublicKey {
  /** The JWK's own `kid`, else the RFC 7638 thumbprint. At most 128 bytes of UTF-8, no control characters. */
  readonly kid: string
  /** Milliseconds since 1970: from then on nothing is sealed for it. */
  readonly expires?: number
}

/** Members that only a private or symmetric JWK has (RFC 7518 section 6.2.2, 6.3.2 and 6.4). */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']
const PRIVATE_KEY = { problem: 'it is or holds a private key; only public keys belong here' }
const PEM_BLOCK = /^\s*-----BEGIN (PUBLIC KEY|RSA PUBLIC KEY)-----[A-Za-z0-9+/=\s]+-----END \1-----\s*$/

/**
 * A recipient from one public JWK (RFC 7517).
 *
 * @param kid - names a key that has no `kid` of its own; must equal it where it has one.
 * @throws `FIELDSEAL_RECIPIENT_INVALID` with a message that names no part of the key.
 */
export function recipientFromJwk(jwk: unknown, kid?: string): Recipient {
  return recipientOrThrow(fromJwk(jwk, kid))
}

/**
 * A recipient from a JWK Set (RFC 7517 section 5).
 *
 * @param kid - chooses the key by its own `kid` or, where it has none, by its thumbprint. Without it exactly one key of
 *   the set must be usable.
 * @throws `FIELDSEAL_RECIPIENT_INVALID`, also where any key of the set is private.
 */
export function recipientFromJwks(jwks: unknown, kid?: string): Recipient {
  if (!isJsonObject(jwks) || !Array.isArray(jwks.keys)) return refuse('the JWK Set has no array "keys"')
  const keys: unknown[] = jwks.keys
  if (keys.some((key) => isJsonObject(key) && isPrivate(key))) return refuse(PRIVATE_KEY.problem)
  const results = keys.map((key) => ({ own: isJsonObject(key) ? key.kid : undefined, result: fromJwk(key) }))
  if (kid !== undefined) {
    const chosen = results.filter(({ own, result }) => (own ?? (isProblem(result) ? undefined : result.kid)) === kid)
    if (chosen.length !== 1)
      return refuse(`the JWK Set has ${chosen.length === 0 ? 'no key' : 'several keys'} of that kid`)
    return recipientOrThrow(chosen[0]!.result)
  }
  const usable = results.flatMap(({ result }) => (isProblem(result) ? [] : [result]))
  if (usable.length !== 1) {
    return refuse(`${usable.length} keys of the JWK Set are usable; say which by kid, or leave exactly one`)
  }
  return usable[0]!
}

/**
 * A recipient from one PEM block: SubjectPublicKeyInfo ("PUBLIC KEY") or PKCS #1 ("RSA PUBLIC KEY"). Certificates are
 * refused, since nobody would check their validity.
 *
 * @param kid - else the RFC 7638 thumbprint.
 * @throws `FIELDSEAL_RECIPIENT_INVALID`.
 */
export function recipientFromPem(pem: string, kid?: string): Recipient {
  if (/PRIVATE KEY/.test(pem)) return refuse(PRIVATE_KEY.problem)
  if (!PEM_BLOCK.test(pem)) return refuse('it must be exactly one PEM block "PUBLIC KEY" or "RSA PUBLIC KEY"')
  let publicKey: KeyObject
  try {
    publicKey = createPublicKey({ key: pem, format: 'pem' })
  } catch {
    return refuse('its PEM block holds no public key that can be read')
  }
  const key = checkPublicKey(publicKey)
  return recipientOrThrow(isProblem(key) ? key : named(key, kid))
}

/**
 * The list without repetitions, in its order.
 *
 * @throws `FIELDSEAL_RECIPIENT_INVALID` where one kid names two keys: its holder could not tell which is meant.
 */
export function uniqueRecipients(recipients: readonly Recipient[]): readonly Recipient[] {
  const byKid = new Map<string, Recipient>()
  for (const recipient of recipients) {
    const known = byKid.get(recipient.kid)
    if (known && known.thumbprint !== recipient.thumbprint) refuse('two different keys have the same kid')
    if (!known) byKid.set(recipient.kid, recipient)
  }
  return [...byKid.values()]
}

function fromJwk(jwk: unknown, kid?: string): Recipient | KeyProblem {
  if (!isJsonObject(jwk)) return { problem: 'it is not a JSON object' }
  if (isPrivate(jwk)) return PRIVATE_KEY
  if (jwk.kid !== undefined && kid !== undefined && jwk.kid !== kid) return { problem: 'the key has another kid' }
  const key = publicKeyFromMembers(jwk)
  if (isProblem(key)) return key
  const problem = usageProblem(jwk, key.alg, 'public')
  return problem === undefined ? named(key, jwk.kid ?? kid) : { problem }
}

function named(key: PublicKey, kid: unknown = key.thumbprint): Recipient | KeyProblem {
  const problem = kidProblem(kid)
  return problem === undefined ? Object.freeze({ ...key, kid: kid as string }) : { problem }
}

function isPrivate(jwk: Record<string, unknown>): boolean {
  return PRIVATE_MEMBERS.some((member) => Object.hasOwn(jwk, member))
}

function recipientOrThrow(result: Recipient | KeyProblem): Recipient {
  return isProblem(result) ? refuse(result.problem) : result
}

function refuse(problem: string): never {
  throw new FieldsealError('FIELDSEAL_RECIPIENT_INVALID', `The recipient cannot be used: ${problem}.`)
}
