import { createHmac, type KeyObject } from 'node:crypto'
import type { ReplacingAction } from './action.ts'
import { escapePattern } from './escape-pattern.ts'
import { MASK } from './mask.ts'

/** Bytes of the MAC that are kept: 128 bits, 22 characters of base64url. */
const KEPT_BYTES = 16

/**
 * Replaces a value by a keyed pseudonym, `hmac-sha256:<key>:<22 characters of base64url>`.
 *
 * The MAC covers a version, the kind and the normalised text, each ended by a zero byte, so that the pseudonym of a
 * card number says nothing about an account number that happens to have the same digits.
 */
export function hashAction(keyName: string, key: KeyObject): ReplacingAction {
  const prefix = `hmac-sha256:${keyName}:`
  const result = /^[A-Za-z0-9_-]{22}$/
  return {
    name: 'hash',
    rank: 2,
    deferred: false,
    removes: false,
    leaves: 0,
    replace({ kind, text, normalise }) {
      const mac = createHmac('sha256', key)
        .update(`fieldseal-hash-v1\0${kind}\0${normalise(text)}\0`, 'utf8')
        .digest()
      return prefix + mac.subarray(0, KEPT_BYTES).toString('base64url')
    },
    // A boolean becomes a mask, which must not become a pseudonym the next time.
    isResult: (text) => text === MASK || (text.startsWith(prefix) && result.test(text.slice(prefix.length))),
    resultSource: () => `${escapePattern(prefix)}[A-Za-z0-9_-]{22}`,
  }
}
