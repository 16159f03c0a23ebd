import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createSecureContext, type SecureContext } from 'node:tls'
import type { ClientTls } from '../config/network.ts'
import { FieldsealError } from '../errors.ts'

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

/**
 * What a client needs for TLS 1.2 and 1.3: whom to trust, and how to show who it is. Node's own authorities are trusted
 * where no `ca` is given.
 *
 * @throws FieldsealError `FIELDSEAL_TLS_INVALID`, with the name of the file
 */
export function readClientTls({ ca, cert, key }: ClientTls): SecureContext {
  if ((cert === undefined) !== (key === undefined)) {
    throw invalid(cert ?? key ?? '', 'needs the other one: a certificate and its private key belong together')
  }
  const options = { minVersion: 'TLSv1.2' as const, ...(ca === undefined ? {} : { ca: readCertificates(ca).pem }) }
  if (cert === undefined || key === undefined) return createSecureContext(options)
  const certificates = readCertificates(cert)
  const pem = read(key)
  try {
    const own = certificates.parsed[0]
    if (own?.checkPrivateKey(readPrivateKey(key, pem)) !== true) {
      throw invalid(key, `is not the private key of ${cert}`)
    }
    return createSecureContext({ ...options, cert: certificates.pem, key: pem })
  } catch (error) {
    throw error instanceof FieldsealError ? error : invalid(cert, `cannot be used with ${key}`)
  } finally {
    pem.fill(0)
  }
}

interface Certificates {
  readonly pem: Buffer
  readonly parsed: readonly X509Certificate[]
}

function readCertificates(file: string): Certificates {
  const pem = read(file)
  try {
    // OpenSSL passes over what it cannot read: an authority with a typing error in it would be missing in silence.
    const parsed = (pem.toString('latin1').match(CERTIFICATE) ?? []).map((text) => new X509Certificate(text))
    if (parsed.length > 0) return { pem, parsed }
  } catch {
    // Said below, without what OpenSSL says.
  }
  throw invalid(file, 'is not a PEM file of certificates')
}

function readPrivateKey(file: string, pem: Buffer): KeyObject {
  try {
    return createPrivateKey(pem)
  } catch {
    throw invalid(file, 'is not a PEM file with a private key, or is encrypted')
  }
}

function read(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch {
    throw invalid(file, 'cannot be read')
  }
}

function invalid(file: string, problem: string): FieldsealError {
  return new FieldsealError('FIELDSEAL_TLS_INVALID', `${file} ${problem}`)
}
