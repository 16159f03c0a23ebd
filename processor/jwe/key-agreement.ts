import { createPublicKey, diffieHellman, type KeyObject } from 'node:crypto'
import { CURVES, type Curve } from './algorithms.ts'
import { decodeBase64url } from './base64url.ts'
import { concatKdf } from './concat-kdf.ts'
import type { Primitives } from './primitives.ts'
import { generateCurveKeyPair } from './public-key.ts'
import { isJsonObject } from './strict-json.ts'

const KEK_BYTES = 32

/** The `epk` header parameter (RFC 7518 section 4.6.1.1), members in the order in which they are written. */
export interface EphemeralPublicKey {
  readonly kty: string
  readonly crv: string
  readonly x: string
  readonly y?: string
}

export interface SenderAgreement {
  readonly epk: EphemeralPublicKey
  /** The key-wrapping key: 32 bytes. The caller erases it. */
  readonly kek: Buffer
}

/** Curves by name: key type and bytes of a coordinate. */
export type CurveTable = Readonly<Record<string, { readonly kty: string; readonly coordinateBytes: number }>>

/**
 * The sender's side of ECDH-ES+A256KW (RFC 7518 section 4.6): one fresh ephemeral key, one agreement. The ephemeral
 * private key and Z do not outlive the call.
 */
export function agreeAsSender(
  recipient: { readonly crv: Curve; readonly publicKey: KeyObject },
  primitives: Primitives,
): SenderAgreement {
  const ephemeral = generateCurveKeyPair(recipient.crv)
  const sharedSecret = primitives.agree(ephemeral.privateKey, recipient.publicKey)
  const kek = concatKdf(sharedSecret, { algorithm: 'ECDH-ES+A256KW', keyBytes: KEK_BYTES })
  sharedSecret.fill(0)
  const { kty, crv, x, y } = ephemeral.publicKey.export({ format: 'jwk' })
  return { epk: { kty: kty!, crv: crv!, x: x!, ...(y === undefined ? {} : { y }) }, kek }
}

/**
 * An `epk` as received, if it states the curve `crv` and has coordinates of full length. Members that do not belong to a
 * public key are not read.
 */
export function ephemeralMembers(
  epk: unknown,
  crv: string,
  curves: CurveTable = CURVES,
): EphemeralPublicKey | undefined {
  const curve = Object.hasOwn(curves, crv) ? curves[crv]! : undefined
  if (!curve || !isJsonObject(epk) || epk.crv !== crv || epk.kty !== curve.kty) return undefined
  const { x, y } = epk
  if (!isCoordinate(x, curve.coordinateBytes)) return undefined
  if (curve.kty !== 'EC') return { kty: curve.kty, crv, x }
  return isCoordinate(y, curve.coordinateBytes) ? { kty: curve.kty, crv, x, y } : undefined
}

/**
 * Z of the receiver's side.
 *
 * @returns undefined where `epk` is no point on its curve, is on another curve than the key, or gives a Z of zero (a
 *   point of small order, RFC 7748 section 6.1).
 */
export function agreeAsReceiver(privateKey: KeyObject, epk: EphemeralPublicKey): Buffer | undefined {
  try {
    return diffieHellman({ privateKey, publicKey: createPublicKey({ key: { ...epk }, format: 'jwk' }) })
  } catch {
    return undefined
  }
}

export function isCoordinate(value: unknown, bytes: number): value is string {
  return typeof value === 'string' && decodeBase64url(value)?.length === bytes
}
