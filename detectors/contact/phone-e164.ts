import { parsePhoneNumberFromString } from 'libphonenumber-js/min'
import { isWord, wordBefore } from '../boundary.ts'
import type { Detector } from '../detector.ts'

export const phoneE164: Detector = {
  name: 'phone_e164',
  title: 'International phone number',
  group: 'contact',
  activation: 'always',
  finds:
    'Numbers with a plus sign and country calling code (ITU-T E.164), in one run or with spaces, dots, hyphens, slashes and brackets, the plus sign also as `%2B`; the country must have numbers of that length and beginning (libphonenumber).',
  misses:
    'National numbers and numbers that begin with 00: without a plus sign they look like any other number. Extensions. Where more digits follow after a space, the longest valid number is taken.',
  patterns: [String.raw`(?:\+|%2[Bb])\(?[1-9](?:[ ()./-]{0,3}[0-9]){6,14}\b`],
  lowEntropy: true,
  examples: ['call +44 20 7946 0958', 'msisdn=%2B4915112345678'],
  confirm(text, candidate) {
    const { start, end } = candidate
    if (wordBefore(text, start) || isWord(text, end)) return undefined
    const digits = digitsAfterPlus(text.slice(start, end))
    return parsePhoneNumberFromString(`+${digits}`)?.isValid() ? { start, end } : undefined
  },
  normalise(match) {
    const digits = digitsAfterPlus(match)
    // The library drops the trunk zero of `+44 (0)20 …`, so that both ways of writing are one number.
    return parsePhoneNumberFromString(`+${digits}`)?.number ?? `+${digits}`
  },
}

function digitsAfterPlus(match: string): string {
  return match.replace(/^%2B/i, '').replace(/\D/g, '')
}
