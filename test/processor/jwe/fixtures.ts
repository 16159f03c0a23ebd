import { generateKeyPairSync, type JsonWebKey } from 'node:crypto'
import { FieldsealError } from '../../../processor/errors.ts'
import { type ContentType, headerTemplate } from '../../../processor/jwe/envelope.ts'
import { Opener } from '../../../processor/jwe/opener.ts'
import { generateKeyPair, privateKeyFromJwk } from '../../../processor/jwe/private-keys.ts'
import { recipientFromJwk } from '../../../processor/jwe/recipients.ts'
import { type RecipientSet, Sealer, type SealerOptions, type SealRequest } from '../../../processor/jwe/sealer.ts'

export interface KeyPair {
  readonly privateJwk: JsonWebKey
  readonly publicJwk: JsonWebKey
}

export const MAX_VALUE_BYTES = 1024 * 1024
export const OPTIONS: SealerOptions = {
  strict: false,
  maxAgeMs: 60_000,
  maxWraps: 2 ** 20,
  maxValueBytes: MAX_VALUE_BYTES,
}
export const PLAINTEXT = 'jane.doe@example.com'

export function rsaKeyPair(kid: string): KeyPair {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const facts = { kid, use: 'enc', alg: 'RSA-OAEP-256' }
  return {
    privateJwk: { ...pair.privateKey.export({ format: 'jwk' }), ...facts },
    publicJwk: { ...pair.publicKey.export({ format: 'jwk' }), ...facts },
  }
}

/** One key pair of each kind. */
export const KEY_PAIRS = {
  'P-256': generateKeyPair('P-256', 'p256'),
  X25519: generateKeyPair('X25519', 'x25519'),
  RSA: rsaKeyPair('rsa'),
} as const satisfies Record<string, KeyPair>

export const KINDS = Object.keys(KEY_PAIRS) as (keyof typeof KEY_PAIRS)[]

export function sealer(options: Partial<SealerOptions> = {}): Sealer {
  return new Sealer({ ...OPTIONS, ...options })
}

export function setOf(of: Sealer, pairs: readonly KeyPair[], strict?: boolean): RecipientSet {
  const recipients = pairs.map(({ publicJwk }) => recipientFromJwk(publicJwk))
  return of.recipientSet(recipients, strict === undefined ? {} : { strict })
}

export function request(to: RecipientSet, change: Partial<SealRequest> & { cty?: ContentType } = {}): SealRequest {
  const { cty = 'text', ...rest } = change
  const header = headerTemplate({ cty, path: 'attributes.user.email' })
  return { to, header, plaintext: Buffer.from(PLAINTEXT), serialization: 'general', ...rest }
}

export function openerFor(...pairs: readonly KeyPair[]): Opener {
  return new Opener(
    pairs.map(({ privateJwk }) => privateKeyFromJwk(privateJwk)),
    { maxValueBytes: MAX_VALUE_BYTES },
  )
}

/** What `run` throws: a FieldsealError without a cause. */
export function errorOf(run: () => unknown): FieldsealError {
  let result: unknown
  try {
    result = run()
  } catch (error) {
    if (!(error instanceof FieldsealError)) throw error
    if (error.cause !== undefined) throw new Error('the error has a cause')
    return error
  }
  throw new Error(`nothing was thrown, but ${typeof result} returned`)
}
