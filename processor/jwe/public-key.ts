import { createPublicKey, diffieHellman, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { CURVES, type Curve, type KeyAlgorithm, MINIMUM_RSA_BITS } from './algorithms.ts'
import { decodeBase64url } from './base64url.ts'
import { thumbprint } from './thumbprint.ts'

/** A public key for which something can be sealed. */
export interface PublicKey {
  readonly alg: KeyAlgorithm
  /** For ECDH-ES only. */
  readonly crv?: Curve
  readonly publicKey: KeyObject
  /** RFC 7638, SHA-256. */
  readonly thumbprint: string
}

/** Why a key is refused: our own words, without a byte of the key. */
export interface KeyProblem {
  readonly problem: string
}

/** OpenSSL's names of the curves. */
const NODE_CURVES = { 'P-256': 'prime256v1', X25519: 'x25519' } as const satisfies Record<Curve, string>

/** Above this a public-key operation takes long enough to be a way of attack (OpenSSL's own bound is 16384). */
const MAXIMUM_RSA_BITS = 8192
/** Bounds of NIST SP 800-56B section 6.2.1, the upper one lowered to what OpenSSL takes for every size of modulus. */
const MINIMUM_RSA_EXPONENT = 65537n
const MAXIMUM_RSA_EXPONENT = 2n ** 64n

export function isProblem(value: object): value is KeyProblem {
  return 'problem' in value
}

/** A fresh key pair on a curve. */
export function generateCurveKeyPair(crv: Curve): { publicKey: KeyObject; privateKey: KeyObject } {
  return crv === 'X25519' ? generateKeyPairSync('x25519') : generateKeyPairSync('ec', { namedCurve: NODE_CURVES[crv] })
}

/** The public half that a JWK states (RFC 7518 section 6.2.1 and 6.3.1, RFC 8037 section 2). Other members are not read. */
export function publicKeyFromMembers(jwk: Record<string, unknown>): PublicKey | KeyProblem {
  const { kty, crv } = jwk
  switch (kty) {
    case 'EC':
    case 'OKP': {
      const curve = typeof crv === 'string' && Object.hasOwn(CURVES, crv) ? CURVES[crv as Curve] : undefined
      if (curve?.kty !== kty) return { problem: 'its curve is not one of P-256 (EC) and X25519 (OKP)' }
      const names = kty === 'EC' ? (['x', 'y'] as const) : (['x'] as const)
      if (!names.every((name) => hasBytes(jwk[name], curve.coordinateBytes))) {
        return { problem: `${names.join(' and ')} must each be ${curve.coordinateBytes} bytes in base64url` }
      }
      return checked(kty === 'EC' ? { kty, crv, x: jwk.x, y: jwk.y } : { kty, crv, x: jwk.x })
    }
    case 'RSA':
      if (!hasBytes(jwk.n) || !hasBytes(jwk.e)) return { problem: 'n and e must be base64url' }
      return checked({ kty, n: jwk.n, e: jwk.e })
    default:
      return { problem: 'its kty is not one of EC, OKP and RSA' }
  }
}

/** Checks a key that is already imported: kind, curve, size, exponent, and that a key agreement with it succeeds. */
export function checkPublicKey(publicKey: KeyObject): PublicKey | KeyProblem {
  const details = publicKey.asymmetricKeyDetails ?? {}
  switch (publicKey.asymmetricKeyType) {
    case 'ec':
      if (details.namedCurve !== NODE_CURVES['P-256']) return { problem: 'its curve is not P-256' }
      return agreeing('P-256', publicKey)
    case 'x25519':
      return agreeing('X25519', publicKey)
    case 'rsa': {
      const bits = details.modulusLength ?? 0
      const exponent = details.publicExponent ?? 0n
      if (bits < MINIMUM_RSA_BITS || bits > MAXIMUM_RSA_BITS) {
        return { problem: `an RSA key must have ${MINIMUM_RSA_BITS} to ${MAXIMUM_RSA_BITS} bits` }
      }
      if (exponent % 2n === 0n || exponent < MINIMUM_RSA_EXPONENT || exponent >= MAXIMUM_RSA_EXPONENT) {
        return { problem: 'its RSA exponent must be odd and at least 65537' }
      }
      return { alg: 'RSA-OAEP-256', publicKey, thumbprint: thumbprint(publicKey.export({ format: 'jwk' })) }
    }
    default:
      return { problem: 'it is neither a P-256, nor an X25519, nor an RSA key' }
  }
}

function checked(members: Record<string, unknown>): PublicKey | KeyProblem {
  let publicKey: KeyObject
  try {
    publicKey = createPublicKey({ key: members, format: 'jwk' })
  } catch {
    return { problem: members.kty === 'RSA' ? 'it is no RSA public key' : 'it is no point on its curve' }
  }
  return checkPublicKey(publicKey)
}

/** X25519 takes any 32 bytes, but agreement fails for points of small order (RFC 7748 section 6.1): better now than later. */
function agreeing(crv: Curve, publicKey: KeyObject): PublicKey | KeyProblem {
  try {
    diffieHellman({ privateKey: generateCurveKeyPair(crv).privateKey, publicKey }).fill(0)
  } catch {
    return { problem: 'it is a point of small order' }
  }
  return { alg: 'ECDH-ES+A256KW', crv, publicKey, thumbprint: thumbprint(publicKey.export({ format: 'jwk' })) }
}

function hasBytes(value: unknown, count?: number): value is string {
  if (typeof value !== 'string' || value === '') return false
  const bytes = decodeBase64url(value)
  return bytes !== undefined && (count === undefined || bytes.length === count)
}
