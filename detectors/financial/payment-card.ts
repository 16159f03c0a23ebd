import { afterEscape, joinedAfter, joinedBefore, LEFT_EDGE } from '../boundary.ts'
import { passesLuhn } from '../checksum/luhn.ts'
import type { Detector } from '../detector.ts'
import { networkOf } from './card-networks.ts'

/**
 * Digits in one run, or in the groups that cards are printed in, with one kind of separator: fours, or four, six and the
 * rest (American Express, Diners Club). Any other groups are columns of a table.
 */
const GROUPED = /^(?:\d+|\d{4}([ -])(?:\d{4}\1\d{4}\1\d{1,4}|\d{4}\1\d{4}\1\d{4}\1\d{1,3}|\d{6}\1\d{4,5}))$/

/** The offset of a dump, and the groups of four before this one: `0x0010:  4500 003c `, `00000010: `, `0000020 `. */
const DUMP_BEFORE = /(?:(?:0x[0-9a-f]{4,8}|[0-9a-f]{8}):|\b0[0-7]{6}) {1,2}(?:[0-9a-f]{4} ){0,7}$/i

/** Trace and span ids as decimal numbers have up to twenty digits, and some of those are right by chance. */
const TRACE_ID_BEFORE = /(?:trace|span|parent)[ ._-]?id["']?\s{0,2}[:=]\s{0,2}["']?$/i

/** What one of the two before needs at most. */
const WINDOW_BYTES = 56

export const paymentCard: Detector = {
  name: 'payment_card',
  title: 'Payment card number',
  group: 'financial',
  activation: 'always',
  finds:
    'Primary account numbers (ISO/IEC 7812-1) of 12 to 19 digits, in one run or in the groups that cards are printed in (4-4-4-4, 4-6-5, 4-6-4), separated by single spaces or hyphens, whose first digits and length are those of a card network and whose check digit is right (Luhn). The number must stand alone: no letter, digit or underscore beside it, and no dot or hyphen that joins it to one.',
  misses:
    'UATP numbers, which begin with 1 as times in microseconds do; short Maestro numbers outside of seven ranges; numbers broken by other separators, in other groups, or across lines; numbers inside a longer word, in the row of a hex dump, or named as a trace or span id. One in ten numbers with the first digits and the length of a card passes by chance.',
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
    const before = text.slice(Math.max(0, start - WINDOW_BYTES), start)
    if (TRACE_ID_BEFORE.test(before) || DUMP_BEFORE.test(before)) return undefined
    return { start, end }
  },
  normalise: (match) => match.replace(/\D/g, ''),
}
