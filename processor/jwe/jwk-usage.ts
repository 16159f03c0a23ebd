import { KEY_ALGORITHMS, type KeyAlgorithm } from './algorithms.ts'

const MAXIMUM_KID_BYTES = 128

/** Operations of RFC 7517 section 4.3 that a public or a private key needs for each algorithm: one of them is enough. */
const OPERATIONS = {
  public: {
    'ECDH-ES+A256KW': ['deriveKey', 'deriveBits'],
    'RSA-OAEP-256': ['wrapKey', 'encrypt'],
  },
  private: {
    'ECDH-ES+A256KW': ['deriveKey', 'deriveBits'],
    'RSA-OAEP-256': ['unwrapKey', 'decrypt'],
  },
} as const satisfies Record<string, Record<KeyAlgorithm, readonly string[]>>

/**
 * What a JWK says about its own use: `use`, `key_ops` and `alg` (RFC 7517 section 4). Members that are absent forbid
 * nothing; an empty `key_ops` neither, since WebCrypto writes one for every public ECDH key.
 *
 * @returns why the key must not be used for `alg`, or undefined.
 */
export function usageProblem(
  jwk: Record<string, unknown>,
  alg: KeyAlgorithm,
  half: keyof typeof OPERATIONS,
): string | undefined {
  if (jwk.alg !== undefined && jwk.alg !== alg) {
    return `its alg must be ${alg} or absent; the algorithms are ${Object.keys(KEY_ALGORITHMS).join(' and ')}`
  }
  if (jwk.use !== undefined && jwk.use !== 'enc') return 'its use is not enc'
  const operations = jwk.key_ops
  if (operations === undefined) return undefined
  if (!Array.isArray(operations)) return 'its key_ops is not an array'
  const needed: readonly string[] = OPERATIONS[half][alg]
  if (operations.length > 0 && !operations.some((operation) => needed.includes(operation))) {
    return `its key_ops allow none of ${needed.join(', ')}`
  }
  return undefined
}

/** @returns why `kid` cannot name a key, or undefined. */
export function kidProblem(kid: unknown): string | undefined {
  if (typeof kid !== 'string' || kid === '') return 'its kid must be a string that is not empty'
  if (Buffer.byteLength(kid) > MAXIMUM_KID_BYTES) return `its kid is longer than ${MAXIMUM_KID_BYTES} bytes`
  if (/\p{Cc}/u.test(kid) || !kid.isWellFormed()) return 'its kid holds control characters or is not well-formed'
  return undefined
}
