import { errors } from 'undici'

/** Why there was no reply. What the backend or another library says of it is left out, here and for good. */
export type Failure = keyof typeof FAILURES

export const FAILURES = {
  unreachable: 'cannot be reached',
  closed: 'closed the connection before it answered',
  late: 'did not answer in time',
  early: 'answered before it had the whole batch',
  garbled: 'did not answer in HTTP',
  untrusted: 'and the sink did not agree on TLS',
  expired: 'has a certificate that is not valid now',
  unknown: 'has a certificate of an authority that is not trusted',
  misnamed: 'has a certificate for another name',
} as const

/** Those of the certificate that a backend shows, by OpenSSL's names as Node gives them. */
const CERTIFICATE_FAILURES: Readonly<Record<string, Failure>> = {
  CERT_HAS_EXPIRED: 'expired',
  CERT_NOT_YET_VALID: 'expired',
  UNABLE_TO_GET_ISSUER_CERT: 'unknown',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'unknown',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'unknown',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'unknown',
  SELF_SIGNED_CERT_IN_CHAIN: 'unknown',
  ERR_TLS_CERT_ALTNAME_INVALID: 'misnamed',
}

/** What else OpenSSL, or Node on its behalf, refuses. */
const TLS = /^(EPROTO$|ERR_(TLS|SSL|OSSL)_|CERT_|CRL_|UNABLE_TO_|INVALID_(CA|PURPOSE)$|PATH_LENGTH_|HOSTNAME_)/

const GARBLED = /^(UND_ERR_HEADERS_OVERFLOW|UND_ERR_RES_CONTENT_LENGTH_MISMATCH)$/

/** @param sent - whether there was a connection on which the request was written */
export function failureOf(error: unknown, sent: boolean): Failure {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  const certificate = CERTIFICATE_FAILURES[code]
  if (certificate !== undefined) return certificate
  if (TLS.test(code)) return 'untrusted'
  if (GARBLED.test(code) || error instanceof errors.HTTPParserError) return 'garbled'
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return 'late'
  return sent ? 'closed' : 'unreachable'
}

/** Whether the same request may fare better later: TLS is mended by people. */
export function isPassing(failure: Failure): boolean {
  return !(failure === 'untrusted' || failure === 'expired' || failure === 'unknown' || failure === 'misnamed')
}
