import { createSecureContext, type SecureContext } from 'node:tls'
import type { ClientTls } from '../config/network.ts'
import { FieldsealError } from '../errors.ts'
import { checkKey, readCertificates, readPem, tlsInvalid } from './pem.ts'

/**
 * What a client needs for TLS 1.2 and 1.3: whom to trust, and how to show who it is. Node's own authorities are trusted
 * where no `ca` is given.
 *
 * @throws FieldsealError `FIELDSEAL_TLS_INVALID`, with the name of the file
 */
export function readClientTls({ ca, cert, key }: ClientTls): SecureContext {
  if ((cert === undefined) !== (key === undefined)) {
    throw tlsInvalid(`${cert ?? key} needs the other one: a certificate and its private key belong together`)
  }
  const options = { minVersion: 'TLSv1.2' as const, ...(ca === undefined ? {} : { ca: readCertificates(ca).pem }) }
  if (cert === undefined || key === undefined) return createSecureContext(options)
  const certificates = readCertificates(cert)
  const pem = readPem(key)
  try {
    checkKey(pem, key, certificates, cert)
    return createSecureContext({ ...options, cert: certificates.pem, key: pem })
  } catch (error) {
    throw error instanceof FieldsealError ? error : tlsInvalid(`${cert} cannot be used with ${key}`)
  } finally {
    pem.fill(0)
  }
}
