import type { Detector } from '../detector.ts'

/** Headers longer than this are not read: certificates chains of several kilobytes (`x5c`) fit. */
const HEADER_CHARACTERS = 16_384

/** `typ` of the compact values that Fieldseal itself writes. They are sealed already. */
const SEALED_TYPE = 'fieldseal+jwe'

export const jwt: Detector = {
  name: 'jwt',
  title: 'JSON web token',
  group: 'credential',
  activation: 'always',
  finds:
    'Signed tokens of three parts (RFC 7515, RFC 7519) and encrypted ones of five (RFC 7516), in compact form, whose first part decodes to a JSON object with an `alg`.',
  misses:
    'Tokens whose header does not begin with `{"`, opaque tokens, and the JSON serializations. Values that Fieldseal has sealed in compact form are no tokens.',
  patterns: [String.raw`eyJ[0-9A-Za-z_-]{4,}(?:\.[0-9A-Za-z_-]*){2,4}`],
  lowEntropy: false,
  examples: ['Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJqYW5lIn0.c2lnbmF0dXJlIG9mIG5vdGhpbmc'],
  confirm(text, candidate) {
    const parts = text.slice(candidate.start, candidate.end).split('.')
    const header = decodeHeader(parts[0]!)
    if (header === undefined || typeof header.alg !== 'string' || header.typ === SEALED_TYPE) return undefined
    const count = parts.length === 5 && typeof header.enc === 'string' ? 5 : 3
    const token = parts.slice(0, count)
    if (token.length !== count || (count === 3 && token[1] === '' && token[2] === '')) return undefined
    return { start: candidate.start, end: candidate.start + token.join('.').length }
  },
  normalise: (match) => match,
}

function decodeHeader(part: string): Record<string, unknown> | undefined {
  if (part.length > HEADER_CHARACTERS) return undefined
  try {
    const header: unknown = JSON.parse(Buffer.from(part, 'base64url').toString())
    return typeof header === 'object' && header !== null && !Array.isArray(header)
      ? (header as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}
