import { isAlphanumeric } from '../boundary.ts'
import type { Detector } from '../detector.ts'

/** A port and what may follow it: the at-sign stands in the path, then, or in another item of a list. */
const PORT = /^[0-9]{1,5}[/?#'",)\]};|]/

/**
 * What stands in place of a password in templates and in texts that have been cleaned. Only capitals after a dollar
 * sign make a variable: `$ecret` is a password.
 */
const PLACEHOLDER =
  /^(?:\*+|[Xx]{3,}|\.{3}|\$\{.*\}|\$\(.*\)|\$[A-Z_][0-9A-Z_]*|\{.*\}|\[.*\]|%[A-Z_][0-9A-Z_]*%|%[sv]|redacted|REDACTED|(?:%2[Aa])+)$/

export const urlCredentials: Detector = {
  name: 'url_credentials',
  title: 'Credentials in a URL',
  group: 'credential',
  activation: 'always',
  finds:
    'User name and password in a URL or connection string, `scheme://user:password@host` (RFC 3986, section 3.2.1); the match is `user:password`. The user name may be missing, and the password may hold unescaped slashes and at-signs.',
  misses:
    'User names without a password, URLs that are themselves percent-encoded, passwords with quotation marks, angle brackets or backslashes, and passwords that begin like a port (`12/34`). Templates (`$PASSWORD`, `{{password}}`) and masks (`****`) are no passwords.',
  // Two slashes end a match, so that one candidate lies within one URL.
  patterns: [
    String.raw`://[^ \t\r\n\f:/?#"\\<>\x60]*:(?:/?[^ \t\r\n\f@/"\\<>\x60])+@(?:[^ \t\r\n\f@/?#"'\\<>\x60]*@)*`,
  ],
  lowEntropy: false,
  examples: ['postgres://app:s3cr3t@db.example.com/orders', 'redis://:hunter2@cache.example:6379'],
  confirm(text, candidate) {
    if (!text.startsWith('://', candidate.start) || !isAlphanumeric(text, candidate.start - 1)) return undefined
    if (text[candidate.end - 1] !== '@') return undefined
    const start = candidate.start + 3
    const end = candidate.end - 1
    const colon = text.indexOf(':', start)
    if (colon < 0 || colon >= end) return undefined
    const user = text.slice(start, colon)
    const password = text.slice(colon + 1, end)
    // An address in brackets is a host: `http://[::1]:5173/@vite/client`.
    if (user.startsWith('[') || PORT.test(password)) return undefined
    if (PLACEHOLDER.test(password)) return undefined
    return { start, end }
  },
  normalise: (match) => match.normalize('NFC'),
}
