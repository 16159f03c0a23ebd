import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { createSecureContext, type SecureContextOptions } from 'node:tls'
import type { ServerTls } from '../config/network.ts'
import { FieldsealError } from '../errors.ts'

/** A file of certificates is a few kilobytes; a system's whole bundle of authorities some 250. */
const MOST_BYTES = 4 * 1024 * 1024

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

/** What a TLS server of Node takes; only `key` is secret. */
export type ServerCredentials = Pick<SecureContextOptions, 'cert' | 'key' | 'ca' | 'minVersion'>

/**
 * Reads the files of a TLS server and checks that they can be served.
 *
 * @throws FieldsealError `FIELDSEAL_TLS_INVALID`, which names the file and repeats nothing of it.
 */
export function readServerTls(files: ServerTls): ServerCredentials {
  const cert = read(files.cert)
  const [leaf] = certificates(cert, files.cert)
  const key = read(files.key)
  // RFC 8446 section 4.4.2: the certificate of the server comes first, those that certify it follow.
  if (!leaf?.checkPrivateKey(privateKey(key, files.key)))
    throw invalid(`the key in ${files.key} is not that of the first certificate in ${files.cert}`)
  const ca = files.client_ca === undefined ? undefined : read(files.client_ca)
  if (ca !== undefined) certificates(ca, files.client_ca ?? '')
  // RFC 8996: TLS 1.0 and 1.1 must not be used.
  const credentials = { cert, key, minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) } as const
  try {
    createSecureContext(credentials)
  } catch {
    // OpenSSL's security level has the last word: it refuses short keys and signatures with SHA-1.
    throw invalid(`OpenSSL does not accept the certificates in ${files.cert}: their keys or signatures may be too weak`)
  }
  return credentials
}

function read(file: string): Buffer {
  let bytes: Buffer
  try {
    if (statSync(file).size > MOST_BYTES) throw new RangeError('too large')
    bytes = readFileSync(file)
  } catch {
    throw invalid(`${file} cannot be read, or is larger than 4 MiB`)
  }
  return bytes
}

function certificates(pem: Buffer, file: string): X509Certificate[] {
  try {
    const found = pem.toString('latin1').match(CERTIFICATE) ?? []
    if (found.length === 0) throw new RangeError('none')
    return found.map((text) => new X509Certificate(text))
  } catch {
    throw invalid(`${file} does not hold PEM certificates that can be read`)
  }
}

function privateKey(pem: Buffer, file: string): KeyObject {
  try {
    return createPrivateKey(pem)
  } catch {
    throw invalid(`${file} does not hold a private key in PEM without a passphrase`)
  }
}

function invalid(message: string): FieldsealError {
  return new FieldsealError('FIELDSEAL_TLS_INVALID', message)
}
