import { afterEscape, isAlphanumeric, LEFT_EDGE, wordBefore } from '../boundary.ts'
import { addressDomainEnd } from '../contact/email-domain.ts'
import type { Detector } from '../detector.ts'

export const hostName: Detector = {
  name: 'host_name',
  title: 'Host name',
  group: 'network',
  activation: 'off',
  finds:
    'Names of two or more labels (RFC 1123) of which the last is letters and no extension of a file; not the domain of an e-mail address.',
  misses:
    'Names of one label, and names in other scripts that are not encoded. Packages and fields of programs (`com.example.Order`) look the same and are found.',
  patterns: [`${LEFT_EDGE}[0-9A-Za-z](?:[0-9A-Za-z-]{0,62}[.]){1,10}(?:[A-Za-z]{2,24}|xn--[0-9A-Za-z-]{1,59})\\b`],
  lowEntropy: true,
  examples: ['connect to db-1.internal.example.com:5432'],
  confirm(text, candidate) {
    const start = afterEscape(text, candidate)
    const { end } = candidate
    if (end <= start || wordBefore(text, start) || /[.@-]/.test(text[start - 1] ?? '')) return undefined
    if (isAlphanumeric(text, end) || /[_@-]/.test(text[end] ?? '')) return undefined
    if (text[end] === '.' && isAlphanumeric(text, end + 1)) return undefined
    return addressDomainEnd(text, start) === end ? { start, end } : undefined
  },
  normalise: (match) => match.toLowerCase(),
}
