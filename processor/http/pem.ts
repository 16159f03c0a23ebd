import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { FieldsealError } from '../errors.ts'

/** A file of certificates is a few kilobytes; a system's whole bundle of authorities some 250. */
const MOST_BYTES = 4 * 1024 * 1024

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

export interface Certificates {
  readonly pem: Buffer
  /** As they stand in the file, at least one. */
  readonly parsed: readonly X509Certificate[]
}

/** @throws FieldsealError `FIELDSEAL_TLS_INVALID`, which names the file and repeats nothing of it. */
export function readPem(file: string): Buffer {
  try {
    if (statSync(file).size <= MOST_BYTES) return readFileSync(file)
  } catch {
    throw tlsInvalid(`${file} cannot be read`)
  }
  throw tlsInvalid(`${file} is larger than 4 MiB`)
}

/** @throws as `readPem` does */
export function readCertificates(file: string): Certificates {
  const pem = readPem(file)
  try {
    // OpenSSL passes over what it cannot read: an authority with a typing error in it would be missing in silence.
    const parsed = (pem.toString('latin1').match(CERTIFICATE) ?? []).map((text) => new X509Certificate(text))
    if (parsed.length > 0) return { pem, parsed }
  } catch {
    // Said below, without what OpenSSL says.
  }
  throw tlsInvalid(`${file} is not a PEM file of certificates`)
}

/**
 * Checks that the key is that of the first certificate (RFC 8446 section 4.4.2: those that certify it follow).
 *
 * @throws as `readPem` does
 */
export function checkKey(key: Buffer, keyFile: string, { parsed }: Certificates, certificateFile: string): void {
  if (parsed[0]?.checkPrivateKey(privateKey(key, keyFile)) !== true)
    throw tlsInvalid(`${keyFile} is not the private key of ${certificateFile}`)
}

function privateKey(pem: Buffer, file: string): KeyObject {
  try {
    return createPrivateKey(pem)
  } catch {
    throw tlsInvalid(`${file} is not a PEM file with a private key, or is encrypted`)
  }
}

export function tlsInvalid(message: string): FieldsealError {
  return new FieldsealError('FIELDSEAL_TLS_INVALID', message)
}
