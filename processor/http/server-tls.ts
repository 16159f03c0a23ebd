import { createSecureContext, type SecureContextOptions } from 'node:tls'
import type { ServerTls } from '../config/network.ts'
import { checkKey, readCertificates, readPem, tlsInvalid } from './pem.ts'

/** What a TLS server of Node takes; only `key` is secret. */
export type ServerCredentials = Pick<SecureContextOptions, 'cert' | 'key' | 'ca' | 'minVersion'>

/**
 * Reads the files of a TLS server and checks that they can be served.
 *
 * @throws FieldsealError `FIELDSEAL_TLS_INVALID`, which names the file and repeats nothing of it.
 */
export function readServerTls(files: ServerTls): ServerCredentials {
  const certificates = readCertificates(files.cert)
  const key = readPem(files.key)
  checkKey(key, files.key, certificates, files.cert)
  const ca = files.client_ca === undefined ? {} : { ca: readCertificates(files.client_ca).pem }
  // RFC 8996: TLS 1.0 and 1.1 must not be used.
  const credentials = { cert: certificates.pem, key, minVersion: 'TLSv1.2', ...ca } as const
  try {
    createSecureContext(credentials)
  } catch {
    // OpenSSL's security level has the last word: it refuses short keys and signatures with SHA-1.
    throw tlsInvalid(`OpenSSL does not accept the certificates in ${files.cert}: keys or signatures may be too weak`)
  }
  return credentials
}
