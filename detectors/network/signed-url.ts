import type { Detector } from '../detector.ts'

/** Parameters whose value lets whoever has the URL do what its owner may. */
const PARAMETERS = [
  // Amazon, Google, Alibaba, Tencent; Azure and the older forms of the first two.
  'x-(?:amz|goog|oss|cos|tos|obs)-signature',
  'x-(?:amz|oss|cos)-security-token',
  'q-signature',
  'sig',
  'signature',
  // Akamai, and the rest of the world.
  'hdnea|hdnts|hmac',
  '(?:access|auth|id|refresh|session|csrf|xsrf|reset|invite|verification|confirmation|upload|download|sas)[_-]?token',
  'token',
  'jwt',
  'api[_-]?key',
  'apikey',
  'client[_-]?secret',
  'j?session[_-]?id',
  'phpsessid',
].join('|')

/** What a parameter begins after; texts in texts write `&` as `&amp;`, `\u0026` or `%26`. */
const BEFORE = String.raw`(?:[?&;#]|\\u0026|%(?:25)?(?:26|3[Ff]))`
const EQUALS = '(?:=|%(?:25)?3[Dd])'
const VALUE = '[0-9A-Za-z%+/=_.~:*-]'

/** Shorter values are numbers of pages, states and names. */
const LEAST_BYTES = 16

const PREFIX = new RegExp(`^${BEFORE}(?:${PARAMETERS})${EQUALS}`, 'i')

/** Where an encoded URL goes on: `%26`, `%2526`, `%23`, and the quotes around it. */
const ENCODED_END = /%(?:25)?(?:26|23|22|27|20)/i

export const signedUrl: Detector = {
  name: 'signed_url',
  title: 'Secret in the query of a URL',
  group: 'network',
  activation: 'always',
  finds:
    'The values of parameters that give access: signatures of Amazon, Google, Azure, Alibaba, Tencent and CloudFront URLs, and tokens, session ids and API keys, also in encoded URLs. A value has 16 characters or more and is neither a word nor a decimal number. Only the value is the match.',
  misses: 'Shorter secrets, parameters of other names, passwords, and secrets in the path of a URL.',
  patterns: [`${BEFORE}(?i:${PARAMETERS})${EQUALS}${VALUE}{${LEAST_BYTES}}${VALUE}*`],
  lowEntropy: false,
  examples: [
    'https://example.blob.core.windows.net/a/b?sv=2024-11-04&sig=MadeUpSignature0123456789MadeUpSignature012%3D',
    '/reset?token=3f9a1c77-made-up-0b5d2e',
  ],
  confirm(text, candidate) {
    const taken = text.slice(candidate.start, candidate.end)
    const prefix = PREFIX.exec(taken)
    if (prefix === null) return undefined
    let value = taken.slice(prefix[0].length)
    const encodedEnd = prefix[0].includes('%') ? value.search(ENCODED_END) : -1
    if (encodedEnd >= 0) value = value.slice(0, encodedEnd)
    value = value.replace(/[.:]+$/, '')
    if (value.length < LEAST_BYTES || !looksSecret(value)) return undefined
    const start = candidate.start + prefix[0].length
    return { start, end: start + value.length }
  },
  normalise: (match) => match,
}

/** Words with hyphens, decimal numbers and one character again and again are none. */
function looksSecret(value: string): boolean {
  const hasDigit = /\d/.test(value)
  const isMixed = /[a-z]/.test(value) && /[A-Z]/.test(value)
  return /[A-Za-z]/.test(value) && (hasDigit || isMixed) && new Set(value).size > 4
}
