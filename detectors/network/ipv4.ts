import ipaddr from 'ipaddr.js'
import { afterEscape, isAlphanumeric, isDigit, isWord, LEFT_EDGE, wordBefore } from '../boundary.ts'
import type { Detector } from '../detector.ts'

/** Words before a version number of four parts. */
const VERSION_BEFORE = /(?:version|\b(?:ver|build|release|revision))["']?\s{0,2}[:=(]?\s{0,2}["']?$/i

/** Browsers write the version `120.0.0.0` since they stopped telling the true one. */
const PRODUCT_BEFORE = /[A-Za-z]\/$/

const WINDOW_BYTES = 16

const ADDRESS_AHEAD = /[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?![0-9])/y

export const ipv4: Detector = {
  name: 'ipv4',
  title: 'IPv4 address',
  group: 'network',
  activation: 'off',
  finds:
    'Addresses in dotted decimal form, four numbers from 0 to 255 without leading zeros, of every class (loopback and private ones too), also with a port, a prefix length, or inside an IPv6 address.',
  misses:
    'Addresses in other forms (one number, hexadecimal, with leading zeros) or followed by a dot and a port, as tcpdump prints them. Versions of four parts are taken for addresses, unless the word version stands before, letters are joined to them, or they are `n.0.0.0` after the name of a product.',
  patterns: [String.raw`${LEFT_EDGE}[0-9]{1,3}(?:\.[0-9]{1,3}){3}\b`],
  lowEntropy: true,
  examples: ['from 203.0.113.7:52114', 'peer 10.0.0.12'],
  confirm(text, candidate) {
    const start = afterEscape(text, candidate)
    const { end } = candidate
    if (joinedOnLeft(text, start) || joinedOnRight(text, end)) return undefined
    const address = text.slice(start, end)
    if (!ipaddr.IPv4.isValidFourPartDecimal(address)) return undefined
    const before = text.slice(Math.max(0, start - WINDOW_BYTES), start)
    if (VERSION_BEFORE.test(before)) return undefined
    if (address.endsWith('.0.0.0') && address !== '0.0.0.0' && PRODUCT_BEFORE.test(before)) return undefined
    return { start, end }
  },
  normalise: (match) => match,
}

/** A hyphen after a digit is the middle of a range, or a version; the digits alone do not say, and a range is kept. */
function joinedOnLeft(text: string, start: number): boolean {
  if (wordBefore(text, start)) return true
  if (text[start - 1] === '.') return isAlphanumeric(text, start - 2)
  return text[start - 1] === '-' && isAlphanumeric(text, start - 2) && !isDigit(text, start - 2)
}

function joinedOnRight(text: string, end: number): boolean {
  if (isWord(text, end)) return true
  if (text[end] === '.') return isAlphanumeric(text, end + 1)
  if (text[end] !== '-' || !isAlphanumeric(text, end + 1)) return false
  ADDRESS_AHEAD.lastIndex = end + 1
  return !ADDRESS_AHEAD.test(text)
}
