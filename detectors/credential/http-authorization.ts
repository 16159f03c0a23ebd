import { isAlphanumeric } from '../boundary.ts'
import { entropy } from '../checksum/entropy.ts'
import type { Detector } from '../detector.ts'
import { isOwnOutput } from './own-output.ts'
import { isMadeOfWords, isPlaceholder } from './placeholder.ts'

const SPACE = String.raw`(?:[ \t]{1,4}|%20)`

/** For the first look: no letter or digit stands before the word. */
const WORD_START = '(?:^|[^0-9A-Za-z])'

const BASIC = new RegExp(`^basic${SPACE}([0-9A-Za-z+/]+={0,2})$`, 'i')

/** Text in UTF-8 or latin1, with a colon after the user's name and no control characters (RFC 7617, section 2). */
const USER_PASSWORD = /^[^:\p{Cc}]*:[^\p{Cc}]*$/u

export const basicCredentials: Detector = {
  name: 'basic_credentials',
  title: 'Credentials of HTTP Basic',
  group: 'credential',
  activation: 'always',
  finds:
    'User name and password in base64 behind the word `Basic`, as in the header `Authorization` (RFC 7617). They count only where they decode to text with a colon in it.',
  misses: 'Credentials without the word before them.',
  patterns: [`(?i:basic)${SPACE}[0-9A-Za-z+/]{4,}={0,2}`],
  wakes: [`${WORD_START}(?i:basic)${SPACE}[0-9A-Za-z+/]{4}`],
  lowEntropy: false,
  examples: ['Authorization: Basic YWxhZGRpbjpvcGVuc2VzYW1l'],
  confirm(text, { start, end }) {
    const encoded = BASIC.exec(text.slice(start, end))?.[1]
    if (encoded === undefined || encoded.length % 4 !== 0 || isAlphanumeric(text, start - 1)) return undefined
    if (/[0-9A-Za-z+/=]/.test(text[end] ?? '')) return undefined
    const bytes = Buffer.from(encoded, 'base64')
    const utf8 = bytes.toString()
    const decoded = utf8.includes('\ufffd') ? bytes.toString('latin1') : utf8
    if (decoded.length < 3 || !USER_PASSWORD.test(decoded) || !/[0-9A-Z+/=]/.test(encoded)) return undefined
    return { start: end - encoded.length, end }
  },
  normalise: (match) => match,
}

const BEARER = new RegExp(`^bearer${SPACE}([0-9A-Za-z._~+/-]+={0,2})$`, 'i')

export const bearerToken: Detector = {
  name: 'bearer_token',
  title: 'Bearer token',
  group: 'credential',
  activation: 'always',
  finds:
    'Tokens of 16 characters or more behind the word `Bearer` (RFC 6750), that hold a digit, are not made of words, and have an entropy of at least 3 bits per character.',
  misses: 'Short tokens, and tokens of letters alone. JSON web tokens are found by `jwt` as well.',
  patterns: [`(?i:bearer)${SPACE}[0-9A-Za-z._~+/-]{16,}={0,2}`],
  wakes: [`${WORD_START}(?i:bearer)${SPACE}[0-9A-Za-z._~+/-]{12}`],
  lowEntropy: false,
  examples: ['Authorization: Bearer mF_9.B5f-4.1JqM-made-up'],
  confirm(text, { start, end }) {
    const token = BEARER.exec(text.slice(start, end))?.[1]
    if (token === undefined || isAlphanumeric(text, start - 1)) return undefined
    if (/[0-9A-Za-z._~+/=-]/.test(text[end] ?? '')) return undefined
    const trimmed = token.replace(/\.+$/, '')
    if (trimmed.length < 16 || !/[0-9]/.test(trimmed) || entropy(trimmed) < 3) return undefined
    if (isPlaceholder(trimmed) || isOwnOutput(trimmed) || isMadeOfWords(trimmed)) return undefined
    return { start: end - token.length, end: end - token.length + trimmed.length }
  },
  normalise: (match) => match,
}

const PARAMETER = String.raw`[A-Za-z]{2,20}\*?=(?:\\*"[^"\\]*\\*"|[^ \t\r\n\f",\\]+)`

const DIGEST = new RegExp(`^digest${SPACE}(${PARAMETER}(?:,[ \\t]*${PARAMETER})*)$`, 'i')

export const digestCredentials: Detector = {
  name: 'digest_credentials',
  title: 'Credentials of HTTP Digest',
  group: 'credential',
  activation: 'always',
  finds: 'The parameters behind the word `Digest` of a request (RFC 7616): they hold a `username` and a `response`.',
  misses: 'Challenges of servers, which hold no `response`, and lists broken across lines.',
  patterns: [`(?i:digest)${SPACE}${PARAMETER}(?:,[ \\t]*${PARAMETER})*`],
  wakes: [`${WORD_START}(?i:digest)${SPACE}[A-Za-z]{2,20}\\*?=`],
  lowEntropy: false,
  examples: [
    'Authorization: Digest username="jane", realm="docs", nonce="0badc0de", uri="/", response="0badcafe0123456789abcdef01234567"',
  ],
  confirm(text, { start, end }) {
    const parameters = DIGEST.exec(text.slice(start, end))?.[1]
    if (parameters === undefined || isAlphanumeric(text, start - 1)) return undefined
    if (!/\busername\*?=/i.test(parameters) || !/\bresponse=/i.test(parameters)) return undefined
    return { start: end - parameters.length, end }
  },
  normalise: (match) => match.normalize('NFC'),
}
