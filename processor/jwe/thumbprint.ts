import { hash } from 'node:crypto'

/** The members that RFC 7638 section 3.2 (and RFC 8037 section 2 for OKP) requires, of a public or private JWK. */
export interface ThumbprintMembers {
  readonly kty?: unknown
  readonly crv?: unknown
  readonly x?: unknown
  readonly y?: unknown
  readonly e?: unknown
  readonly n?: unknown
}

/** JWK thumbprint with SHA-256 in base64url (RFC 7638): 43 characters. Members must be as `KeyObject.export` writes them. */
export function thumbprint(jwk: ThumbprintMembers): string {
  const { kty, crv, x, y, e, n } = jwk
  // Required members only, in lexicographic order, without white space (section 3.3).
  const required = kty === 'RSA' ? { e, kty, n } : kty === 'EC' ? { crv, kty, x, y } : { crv, kty, x }
  return hash('sha256', JSON.stringify(required), 'base64url')
}
