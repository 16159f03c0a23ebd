import { createHash } from 'node:crypto'
import stringify from 'fast-json-stable-stringify'
import { Secret } from '../secret.ts'

/**
 * SHA-256 (hex) of values that belong together, whatever the order of their members. Of a secret its own SHA-256 goes in,
 * so that another secret makes another fingerprint.
 */
export function fingerprint(value: unknown): string {
  return sha256(stringify(withoutSecrets(value)))
}

function withoutSecrets(value: unknown): unknown {
  if (value instanceof Secret) return { sha256: sha256(value.reveal()) }
  if (Array.isArray(value)) return value.map(withoutSecrets)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutSecrets(item)]))
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex')
}
