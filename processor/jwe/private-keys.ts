import {
  createPrivateKey,
  diffieHellman,
  type JsonWebKey,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
} from 'node:crypto'
import { inspect } from 'node:util'
import { FieldsealError } from '../errors.ts'
import { SECRET_TEXT } from '../secret.ts'
import type { Curve, KeyAlgorithm } from './algorithms.ts'
import { kidProblem, usageProblem } from './jwk-usage.ts'
import { OAEP_SHA256 } from './oaep.ts'
import { generateCurveKeyPair, isProblem, type PublicKey, publicKeyFromMembers } from './public-key.ts'
import { isJsonObject } from './strict-json.ts'
import { thumbprint } from './thumbprint.ts'

const PRIVATE_MEMBERS = { EC: ['d'], OKP: ['d'], RSA: ['d', 'p', 'q', 'dp', 'dq', 'qi'] } as const

/** A private key that opens values. It cannot be printed. */
export class PrivateKey {
  readonly kid: string
  readonly alg: KeyAlgorithm
  readonly crv?: Curve
  /** RFC 7638 thumbprint of the public half. */
  readonly thumbprint: string
  readonly #privateKey: KeyObject

  constructor(kid: string, half: PublicKey, privateKey: KeyObject) {
    this.kid = kid
    this.alg = half.alg
    if (half.crv) this.crv = half.crv
    this.thumbprint = half.thumbprint
    this.#privateKey = privateKey
  }

  get privateKey(): KeyObject {
    return this.#privateKey
  }

  toString(): string {
    return SECRET_TEXT
  }

  toJSON(): string {
    return SECRET_TEXT
  }

  [inspect.custom](): string {
    return SECRET_TEXT
  }
}

/**
 * A key for opening from a private JWK: EC P-256, OKP X25519, or RSA of at least 2048 bits with its CRT members.
 *
 * @throws `FIELDSEAL_KEY_INVALID` with a message that names no part of the key.
 */
export function privateKeyFromJwk(jwk: unknown): PrivateKey {
  if (!isJsonObject(jwk)) return refuse('it is not a JSON object')
  const half = publicKeyFromMembers(jwk)
  if (isProblem(half)) return refuse(half.problem)
  const kty = jwk.kty as keyof typeof PRIVATE_MEMBERS
  const problem = usageProblem(jwk, half.alg, 'private') ?? (jwk.kid === undefined ? undefined : kidProblem(jwk.kid))
  if (problem !== undefined) return refuse(problem)
  if (!PRIVATE_MEMBERS[kty].every((member) => typeof jwk[member] === 'string')) return refuse('it is no private key')
  const members: JsonWebKey = { kty }
  for (const member of ['crv', 'x', 'y', 'n', 'e', ...PRIVATE_MEMBERS[kty]]) {
    if (typeof jwk[member] === 'string') members[member] = jwk[member]
  }
  const privateKey = importPrivateKey(members)
  if (!isPair(privateKey, half)) return refuse('its private and its public half do not belong together')
  return new PrivateKey((jwk.kid as string | undefined) ?? half.thumbprint, half, privateKey)
}

/** A fresh key pair as JWKs. `privateJwk` is the secret itself: it prints like any object. */
export function generateKeyPair(crv: Curve, kid?: string): { privateJwk: JsonWebKey; publicJwk: JsonWebKey } {
  const problem = kid === undefined ? undefined : kidProblem(kid)
  if (problem !== undefined) return refuse(problem)
  const members: JsonWebKey = generateCurveKeyPair(crv).privateKey.export({ format: 'jwk' })
  const { d, ...publicMembers } = members
  const facts = { kid: kid ?? thumbprint(members), use: 'enc', alg: 'ECDH-ES+A256KW' satisfies KeyAlgorithm }
  return { privateJwk: { ...publicMembers, d, ...facts } as JsonWebKey, publicJwk: { ...publicMembers, ...facts } }
}

function importPrivateKey(members: JsonWebKey): KeyObject {
  try {
    return createPrivateKey({ key: members, format: 'jwk' })
  } catch {
    return refuse('it is no private key that can be read')
  }
}

/** OpenSSL takes the public members of a JWK as they are written, so that only a trial shows whether they match. */
function isPair(privateKey: KeyObject, half: PublicKey): boolean {
  try {
    if (half.crv === undefined) {
      const sent = randomBytes(32)
      const sealed = publicEncrypt({ key: half.publicKey, ...OAEP_SHA256 }, sent)
      return privateDecrypt({ key: privateKey, ...OAEP_SHA256 }, sealed).equals(sent)
    }
    const other = generateCurveKeyPair(half.crv)
    const ours = diffieHellman({ privateKey, publicKey: other.publicKey })
    return ours.equals(diffieHellman({ privateKey: other.privateKey, publicKey: half.publicKey }))
  } catch {
    return false
  }
}

function refuse(problem: string): never {
  throw new FieldsealError('FIELDSEAL_KEY_INVALID', `The key cannot be used for opening: ${problem}.`)
}
