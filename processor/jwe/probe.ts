import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { BATCH_FROM } from './aes-key-wrap.ts'
import { CONTENT_ENCRYPTION, MINIMUM_RSA_BITS } from './algorithms.ts'
import { ContentKeys } from './content-keys.ts'
import { headerTemplate } from './envelope.ts'
import { EpochRecipient } from './epoch-recipient.ts'
import { Opener } from './opener.ts'
import type { Primitives } from './primitives.ts'
import { generateCurveKeyPair } from './public-key.ts'
import type { Recipient } from './recipients.ts'
import { sealValue } from './seal-value.ts'

const PROBE_BYTES = 32
const HEADER = headerTemplate({ cty: 'bytes', path: 'probe' })

/** A recipient that exists for one probe, with its private key. */
interface ThrowAway {
  readonly recipient: Recipient
  readonly privateKey: KeyObject
}

/** An RSA key takes tens of milliseconds to make: one serves all probes of the process. It seals nothing else. */
let rsaThrowAway: ThrowAway | undefined

/**
 * Seals a random value for throw-away recipients of the same algorithms and curves and opens it again: random
 * generator, agreement, derivation, both ways to wrap, encryption, serialisation, opener.
 *
 * @throws an error where anything is not as it should be. Its text is for nobody.
 */
export function proveSealing(recipients: readonly Recipient[], primitives: Primitives): void {
  const kinds = new Map(recipients.map((recipient) => [recipient.crv, recipient] as const))
  const throwAways = [...kinds.values()].map(throwAwayLike)
  const members = throwAways.map(({ recipient }) => new EpochRecipient(recipient, primitives))
  const keys = new ContentKeys(members, BATCH_FROM, primitives)
  const last = BATCH_FROM - 1
  // A generator that is stuck repeats itself (the repetition count test of NIST SP 800-90B section 4.4.1).
  if (keys.key(0).equals(keys.key(last))) fail()
  for (const [at, member] of members.entries()) {
    const isDeterministic = throwAways[at]!.recipient.crv !== undefined
    if (isDeterministic && !member.encrypt(keys.key(last), 1).equals(keys.encryptedKey(last, at))) fail()
  }

  const plaintext = primitives.random(Buffer.alloc(PROBE_BYTES))
  const iv = primitives.random(Buffer.alloc(CONTENT_ENCRYPTION.ivBytes))
  const probe = { header: HEADER, plaintext, serialization: 'general' } as const
  const { jwe } = sealValue(probe, keys, last, iv, iv.toString('base64url'), primitives)
  keys.erase()
  for (const { recipient, privateKey } of throwAways) {
    const opened = new Opener([{ ...recipient, privateKey }], { maxValueBytes: PROBE_BYTES }).open(jwe)
    if (!opened.plaintext.equals(plaintext) || opened.header.path !== HEADER.header.path) fail()
  }
}

function throwAwayLike({ alg, crv }: Recipient): ThrowAway {
  if (crv === undefined) {
    rsaThrowAway ??= throwAway({ alg }, generateKeyPairSync('rsa', { modulusLength: MINIMUM_RSA_BITS }))
    return rsaThrowAway
  }
  return throwAway({ alg, crv }, generateCurveKeyPair(crv))
}

function throwAway(
  kind: Pick<Recipient, 'alg' | 'crv'>,
  pair: { publicKey: KeyObject; privateKey: KeyObject },
): ThrowAway {
  const kid = `probe-${kind.crv ?? 'RSA'}`
  return { recipient: { ...kind, kid, publicKey: pair.publicKey, thumbprint: kid }, privateKey: pair.privateKey }
}

function fail(): never {
  throw new Error('the probe failed')
}
