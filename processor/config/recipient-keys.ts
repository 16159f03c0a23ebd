import { FieldsealError } from '../errors.ts'
import { type Recipient, recipientFromJwk, recipientFromJwks, recipientFromPem } from '../jwe/recipients.ts'
import { decodeUtf8, readBounded } from './read-bounded.ts'
import { relativeToFile } from './relative-path.ts'
import type { RecipientSource } from './schema.ts'

const KEY_FILE_LIMIT = 256 * 1024

export type RecipientReading = { readonly recipient: Recipient } | { readonly problem: string }

/** Reads the public key of a recipient. Its path is relative to the folder of `configFile`. */
export function readRecipient(source: RecipientSource, configFile: string): RecipientReading {
  try {
    if ('pem' in source) return { recipient: recipientFromPem(readText(source.pem, configFile), source.kid) }
    if ('jwks' in source) return { recipient: recipientFromJwks(readJson(source.jwks, configFile), source.kid) }
    const jwk = typeof source.jwk === 'string' ? readJson(source.jwk, configFile) : source.jwk
    return { recipient: recipientFromJwk(jwk) }
  } catch (error) {
    if (error instanceof FieldsealError) return { problem: error.message }
    throw error
  }
}

function readText(path: string, configFile: string): string {
  const read = readBounded(relativeToFile(configFile, path), KEY_FILE_LIMIT)
  if (read === 'unreadable') throw new FieldsealError('FIELDSEAL_RECIPIENT_INVALID', 'the key file cannot be read')
  if (read === 'too large') throw new FieldsealError('FIELDSEAL_RECIPIENT_INVALID', 'the key file is over 256 KiB')
  const text = decodeUtf8(read.bytes)
  if (text === undefined) throw new FieldsealError('FIELDSEAL_RECIPIENT_INVALID', 'the key file is not text')
  return text
}

function readJson(path: string, configFile: string): unknown {
  const text = readText(path, configFile)
  try {
    return JSON.parse(text)
  } catch {
    throw new FieldsealError('FIELDSEAL_RECIPIENT_INVALID', 'the key file is not JSON')
  }
}
