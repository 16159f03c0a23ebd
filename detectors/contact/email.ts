import type { Detector, Span } from '../detector.ts'
import { addressDomainEnd, DOMAIN_BYTES } from './email-domain.ts'
import { addressLocalStart } from './email-local.ts'

/** What an address may hold before the at-sign; characters that separate fields in logs and URLs are left out. */
const LOCAL = String.raw`[^\x00-\x20"&(),/:;<>?@\[\\\]{|}\x7f]`

/** Letters, digits, dots and hyphens, of any script. */
const DOMAIN = String.raw`[^\x00-,/:-@\[-\x60{-\x7f]`

/** User information of a URL that holds a password: `postgres://app:` before `secret@db.example`. */
const URL_PASSWORD_BEFORE = /:\/\/[^ \t\r\n\f/?#"'<>,;&=]*:[^ \t\r\n\f/?#"'<>,;&=]*$/

/** How far to look back for the scheme of a URL. */
const URL_WINDOW_BYTES = 256

export const email: Detector = {
  name: 'email',
  title: 'E-mail address',
  group: 'contact',
  activation: 'always',
  finds:
    'Addresses `local@domain` (RFC 5321, RFC 6531) with letters of any script, the at-sign also as `%40`, and a domain that ends in a plausible top-level domain: letters, at least two, not a file extension. In `email=jane@example.com` the key is no part of it; forwarding addresses that carry another address (`bounce-jane=example.org@…`) are taken whole.',
  misses:
    'Quoted local parts, local parts with a slash, address literals (`jane@[192.0.2.1]`) and domains of one label. Retina file names (`icon@2x.png`), package versions (`left-pad@1.3.0`), `git@` remotes, systemd units and passwords in URLs are no addresses. Letters of any script right before an address count as part of it. Top-level domains are not looked up.',
  patterns: [`${LOCAL}+(?:@|%40)${DOMAIN}+[.]${DOMAIN}+`],
  lowEntropy: false,
  examples: ['login of jane.doe@example.com failed', 'GET /users?email=jane%40example.org', 'müller@bücher.example'],
  confirm(text, candidate) {
    const sign = atSign(text, candidate)
    if (sign === undefined) return undefined
    const end = addressDomainEnd(text, sign.end)
    if (end === undefined || end > candidate.end) return undefined
    const start = addressLocalStart(text, candidate.start, sign.start)
    if (start === undefined) return undefined
    if (text.slice(start, sign.start).toLowerCase() === 'git') return undefined
    if (URL_PASSWORD_BEFORE.test(text.slice(Math.max(0, start - URL_WINDOW_BYTES), start))) return undefined
    return { start, end }
  },
  normalise(match) {
    return match.replace('%40', '@').replace(/%2B/i, '+').normalize('NFC').toLowerCase()
  },
}

/**
 * The last one: neither the domain nor a local part can hold `@`, and a domain cannot hold `%`. It is looked for no
 * further back than a domain is long, so that a long run without one costs little however often it is tried.
 */
function atSign(text: string, candidate: Span): Span | undefined {
  const from = Math.max(candidate.start, candidate.end - DOMAIN_BYTES - 3)
  const taken = text.slice(from, candidate.end)
  const plain = taken.lastIndexOf('@')
  if (plain >= 0) return { start: from + plain, end: from + plain + 1 }
  const encoded = taken.lastIndexOf('%40')
  return encoded < 0 ? undefined : { start: from + encoded, end: from + encoded + 3 }
}
