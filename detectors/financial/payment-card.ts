import { afterEscape, joinedAfter, joinedBefore, LEFT_EDGE } from '../boundary.ts'
import { passesLuhn } from '../checksum/luhn.ts'
import type { Detector } from '../detector.ts'
import { networkOf } from './card-networks.ts'

/**
 * Digits as they are printed or typed: in one run, or in groups with one kind of separator. All groups but the last
 * have three digits or more, which keeps columns of small numbers out.
 */
const GROUPED = /^(?:\d+|\d{3,}(?: \d{3,})*(?: \d+)|\d{3,}(?:-\d{3,})*(?:-\d+))$/

export const paymentCard: Detector = {
  name: 'payment_card',
  title: 'Payment card number',
  group: 'financial',
  activation: 'always',
  finds:
    'Primary account numbers (ISO/IEC 7812-1) of 12 to 19 digits, in one run or in groups separated by single spaces or hyphens, whose first digits and length are those of a card network and whose check digit is right (Luhn). The number must stand alone: no letter, digit or underscore beside it, and no dot or hyphen that joins it to one.',
  misses:
    'UATP numbers, which begin with 1 as times in microseconds do; numbers broken by other separators or across lines; groups of fewer than three digits; numbers inside a longer word. One in ten numbers with the first digits and the length of a card passes by chance.',
  patterns: [String.raw`${LEFT_EDGE}(?:[2-689]|1800)(?:[ -]?[0-9]){11,18}\b`],
  lowEntropy: false,
  examples: ['paid with 4111 1111 1111 1111', 'pan=5555555555554444'],
  confirm(text, candidate) {
    const start = afterEscape(text, candidate)
    const { end } = candidate
    // A plus sign makes it a phone number, whatever the check digit says.
    if (text.charCodeAt(start - 1) === 0x2b) return undefined
    if (joinedBefore(text, start) || joinedAfter(text, end)) return undefined
    const printed = text.slice(start, end)
    if (!GROUPED.test(printed)) return undefined
    const digits = printed.replace(/[ -]/g, '')
    if (networkOf(digits) === undefined || !passesLuhn(digits)) return undefined
    return { start, end }
  },
  normalise: (match) => match.replace(/\D/g, ''),
}
