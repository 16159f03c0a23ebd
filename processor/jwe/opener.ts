import { randomBytes } from 'node:crypto'
import { FieldsealError } from '../errors.ts'
import { CONTENT_DECRYPTION, type ContentDecryption } from './content-decryption.ts'
import { ENVELOPE_TYPE, ENVELOPE_VERSION } from './envelope.ts'
import { KekCache } from './kek-cache.ts'
import { KEY_MANAGEMENT, type KeyManagement, type OpeningKey } from './key-management.ts'
import { encodedLimit, type Header, type ParsedJwe, type ParsedRecipient, parseJwe } from './parse.ts'

export type { OpeningKey } from './key-management.ts'

/** Why a value was not opened: for a metric of the one who opens, never for the one who sent the value. */
export type Refusal = 'malformed' | 'no-key' | 'policy' | 'authentication'

interface Refused {
  readonly reason: Refusal
  readonly kid?: string
}

export interface OpenerOptions {
  /** Longest plaintext; also bounds the JWE. */
  readonly maxValueBytes: number
  /** The `alg` that are accepted, by default ECDH-ES+A256KW and RSA-OAEP-256. */
  readonly algorithms?: readonly KeyManagement[]
  /** The `enc` that are accepted, by default A256GCM. */
  readonly contentEncryptions?: readonly ContentDecryption[]
  /** `kid` is that of the key at hand that the value is for, where there is one. */
  readonly onRefusal?: (reason: Refusal, kid?: string) => void
  /** Milliseconds that never run backwards. */
  readonly now?: () => number
}

/** The protected header as it was opened. Other libraries' values have no more than `enc`. */
export interface OpenedHeader {
  readonly enc: string
  readonly typ?: string
  readonly v?: number
  readonly cty?: string
  readonly path?: string
  readonly iat?: number
  readonly rule?: string
}

export interface Opened {
  readonly plaintext: Buffer
  readonly header: OpenedHeader
  /** The key that opened it. */
  readonly kid: string
}

/** The one message for every failure: a reader who learns more could be used as an oracle. */
export const OPEN_FAILED_MESSAGE = 'The value cannot be opened.'

const STRING_PARAMETERS = ['typ', 'cty', 'path', 'rule'] as const
const NUMBER_PARAMETERS = ['v', 'iat'] as const

/**
 * Opens JWEs, ours and other libraries', with private keys. What a JWE says of keys is never followed: `jku`, `jwk`,
 * `x5u` and `x5c` are not read, and `kid` only chooses among the keys given here.
 */
export class Opener {
  readonly #keys: ReadonlyMap<string, OpeningKey>
  readonly #options: OpenerOptions
  readonly #algorithms: ReadonlyMap<string, KeyManagement>
  readonly #contentEncryptions: ReadonlyMap<string, ContentDecryption>
  readonly #keks: KekCache

  /** @throws `FIELDSEAL_KEY_INVALID` where two keys have the same kid. */
  constructor(keys: readonly OpeningKey[], options: OpenerOptions) {
    this.#keys = new Map(keys.map((key) => [key.kid, key]))
    if (this.#keys.size !== keys.length) {
      throw new FieldsealError('FIELDSEAL_KEY_INVALID', 'Two keys for opening have the same kid.')
    }
    this.#options = options
    this.#algorithms = new Map((options.algorithms ?? KEY_MANAGEMENT).map((row) => [row.alg, row]))
    this.#contentEncryptions = new Map((options.contentEncryptions ?? CONTENT_DECRYPTION).map((row) => [row.enc, row]))
    this.#keks = new KekCache(options.now ?? (() => performance.now()))
  }

  /**
   * @param jwe - general, flattened or compact serialization.
   * @throws `FIELDSEAL_OPEN_FAILED`, with one and the same message whatever is wrong.
   */
  open(jwe: string | Buffer): Opened {
    const result = this.#tryOpen(jwe)
    if ('plaintext' in result) return result
    this.#options.onRefusal?.(result.reason, result.kid)
    throw new FieldsealError('FIELDSEAL_OPEN_FAILED', OPEN_FAILED_MESSAGE)
  }

  /** Overwrites the key-wrapping keys that are kept. */
  close(): void {
    this.#keks.clear()
  }

  #tryOpen(jwe: string | Buffer): Opened | Refused {
    const { maxValueBytes } = this.#options
    const parsed = parseJwe(jwe, encodedLimit(maxValueBytes))
    const header = parsed && openedHeader(parsed.protectedHeader)
    if (!parsed || !header) return { reason: 'malformed' }
    if (header.typ === ENVELOPE_TYPE && header.v !== ENVELOPE_VERSION) return { reason: 'policy' }
    const chosen = this.#choose(parsed)
    if (!chosen) return { reason: 'no-key' }
    const { key, recipient } = chosen
    const refused = (reason: Refusal): Refused => ({ reason, kid: key.kid })
    // RFC 8725 section 3.1: what the key is for decides, and the header must agree.
    const management = recipient.header.alg === key.alg ? this.#algorithms.get(key.alg) : undefined
    const content = this.#contentEncryptions.get(header.enc)
    if (!management || !content || parsed.ciphertext.length > maxValueBytes + content.tagBytes) return refused('policy')
    if (parsed.iv.length !== content.ivBytes || parsed.tag.length !== content.tagBytes) return refused('malformed')

    // Without a content key the rest is done with a random one, so that both ways look alike (RFC 7516 section 11.5).
    let contentKey = management.contentKey(key, recipient, this.#keks)
    if (contentKey?.length !== content.keyBytes) contentKey = randomBytes(content.keyBytes)
    const plaintext = content.decrypt({ ...parsed, key: contentKey })
    contentKey.fill(0)
    if (!plaintext) return refused('authentication')
    if (plaintext.length > maxValueBytes) return refused('policy')
    return { plaintext, header, kid: key.kid }
  }

  /** The first recipient of whom we hold the key. A JWE for one recipient may leave `kid` out, if we hold one key. */
  #choose({ recipients }: ParsedJwe): { key: OpeningKey; recipient: ParsedRecipient } | undefined {
    for (const recipient of recipients) {
      const { kid } = recipient.header
      const key = typeof kid === 'string' ? this.#keys.get(kid) : undefined
      if (key) return { key, recipient }
    }
    if (this.#keys.size !== 1) return undefined
    const [key] = this.#keys.values()
    const anonymous = recipients.filter(({ header }) => header.kid === undefined && header.alg === key!.alg)
    return anonymous.length === 1 ? { key: key!, recipient: anonymous[0]! } : undefined
  }
}

/** The parameters of the protected header that we know, if each has its type. `enc` must be among them. */
function openedHeader(header: Header): OpenedHeader | undefined {
  if (typeof header.enc !== 'string') return undefined
  const known: Record<string, unknown> = { enc: header.enc }
  for (const name of STRING_PARAMETERS) {
    if (header[name] === undefined) continue
    if (typeof header[name] !== 'string') return undefined
    known[name] = header[name]
  }
  for (const name of NUMBER_PARAMETERS) {
    if (header[name] === undefined) continue
    if (typeof header[name] !== 'number') return undefined
    known[name] = header[name]
  }
  return known as unknown as OpenedHeader
}
