import ipaddr from 'ipaddr.js'
import { afterEscape, isAlphanumeric, isWord, LEFT_EDGE, wordBefore } from '../boundary.ts'
import type { Detector } from '../detector.ts'

const GROUP = '[0-9A-Fa-f]{1,4}'

/** First groups that may lack a decimal digit: unique local, link-local and multicast (RFC 4291, RFC 4193). */
const LETTER_PREFIX = /^(?:f[cdf][0-9a-f]{2}|fe[89ab][0-9a-f])$/i

/** A key glued to an address with a colon: `ip:2001:db8::1`. */
const KEY_BEFORE = /(?:^|[^0-9A-Za-z])[A-Za-z_]*[G-Zg-z_][A-Za-z_]*:$/

const WINDOW_BYTES = 32

export const ipv6: Detector = {
  name: 'ipv6',
  title: 'IPv6 address',
  group: 'network',
  activation: 'off',
  finds:
    'Addresses in the forms of RFC 4291, section 2.2: eight groups, compressed with `::`, or with an IPv4 address at the end; in brackets, with a zone or a prefix length (which stay outside of the match).',
  misses:
    'The address `::`. Compressed addresses that look like names of a programming language: without any decimal digit (`dead::beef`), or with two groups of which the first has none. EUI-64 identifiers (eight groups of two digits) are no addresses.',
  patterns: [
    // Eight groups, or something with `::`: a clock has neither.
    `(?:${LEFT_EDGE}(?:${GROUP}:){6}(?:${GROUP}:${GROUP}|[0-9]{1,3}(?:[.][0-9]{1,3}){3})|(?:(?:${GROUP}:){1,7}:|::[0-9A-Fa-f])[0-9A-Fa-f:.]*)`,
  ],
  lowEntropy: false,
  examples: ['client 2001:db8:85a3::8a2e:370:7334', '[fe80::1]:8080'],
  confirm(text, candidate) {
    const start = afterEscape(text, candidate)
    const end = withoutPunctuation(text, start, candidate.end)
    if (joinedOnLeft(text, start) || joinedOnRight(text, end)) return undefined
    const address = text.slice(start, end)
    if (!ipaddr.IPv6.isValid(address) || looksLikeOtherThing(address)) return undefined
    return { start, end }
  },
  normalise(match) {
    return ipaddr.IPv6.isValid(match) ? ipaddr.IPv6.parse(match).toString() : match.toLowerCase()
  },
}

/** The colon or full stop after an address belongs to the sentence; the two colons of `fe80::` are its own. */
function withoutPunctuation(text: string, start: number, end: number): number {
  let last = end
  while (last > start && text[last - 1] === '.') last -= 1
  if (text[last - 1] === ':' && (text[last - 2] !== ':' || text[last - 3] === ':')) last -= 1
  return last
}

function joinedOnLeft(text: string, start: number): boolean {
  if (wordBefore(text, start)) return true
  if (text[start - 1] === '.') return isAlphanumeric(text, start - 2)
  if (text[start - 1] !== ':') return false
  return !KEY_BEFORE.test(text.slice(Math.max(0, start - WINDOW_BYTES), start))
}

function joinedOnRight(text: string, end: number): boolean {
  if (isWord(text, end)) return true
  if (text[end] === '.') return isAlphanumeric(text, end + 1)
  return text[end] === ':' && (text[end + 1] === ':' || isAlphanumeric(text, end + 1))
}

function looksLikeOtherThing(address: string): boolean {
  const groups = address.split(':').filter((group) => group !== '')
  if (!address.includes('::')) return groups.length === 8 && groups.every((group) => group.length === 2)
  if (groups.length === 0 || !/[0-9]/.test(address)) return true
  const first = groups[0]!
  return groups.length <= 2 && !address.startsWith('::') && !/[0-9]/.test(first) && !LETTER_PREFIX.test(first)
}
