/** Key management algorithms (RFC 7518 section 4), one row each: what code, documentation and tests need to know. */
export const KEY_ALGORITHMS = {
  'ECDH-ES+A256KW': { kty: ['EC', 'OKP'], epoch: true },
  'RSA-OAEP-256': { kty: ['RSA'], epoch: false },
} as const

/** Curves for ECDH-ES (RFC 7518 section 4.6, RFC 8037). */
export const CURVES = {
  'P-256': { kty: 'EC', coordinateBytes: 32 },
  X25519: { kty: 'OKP', coordinateBytes: 32 },
} as const

/** The content encryption (RFC 7518 section 5.3). One key seals one value, so the nonce budget of a key is never spent. */
export const CONTENT_ENCRYPTION = { enc: 'A256GCM', keyBytes: 32, ivBytes: 12, tagBytes: 16 } as const

/** RSA keys below this are refused (NIST SP 800-131A). */
export const MINIMUM_RSA_BITS = 2048

export type KeyAlgorithm = keyof typeof KEY_ALGORITHMS
export type Curve = keyof typeof CURVES
