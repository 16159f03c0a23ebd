import ipaddr from 'ipaddr.js'
import { afterEscape, isWord, joinedAfter, joinedBefore, LEFT_EDGE, wordBefore } from '../boundary.ts'
import type { Detector, Span } from '../detector.ts'
import { isNationalNumber } from './phone-countries.ts'
import { isLabelledNumber, isOnlyPossible } from './phone-labelled.ts'

/** Groups with the separators in use between them; one digit alone is a trunk prefix in front, or an area in the middle. */
const PRINTED = /^(?:[018][ .-]?)?(?:\(\d{1,5}\)[ -]?)?\d{2,15}(?:(?:[ ./-]| - | \/ | ?\(0?\d{1,4}\) ?)\d{1,15}){0,6}$/

/** A group of one digit at the end belongs to what follows. */
const LONE_LAST = /[^\d]\d$/

/** Seconds or milliseconds since 1970, from 2014 to 2033. */
const EPOCH = /^1[4-9]\d{8}(?:\d{3})?$/

const DECIMAL = /^\d+\.\d+$/

const DATE =
  /(?:^|\D)(?:(?:19|20)\d\d([-./ ]?)(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])|\d{1,2}([-./])\d{1,2}\2(?:19|20)\d\d)(?:\D|$)/

/** Versions: `131.0.6778.85`, and whatever stands behind a product and a slash. */
const VERSION = /(?:^|\.)0\./
const PRODUCT_BEFORE = /[A-Za-z]\/$/

/** `x4587`, ` ext. 12`. */
const EXTENSION = / ?(?:x|ext\.?) ?\d{1,6}$/i

export const phoneNational: Detector = {
  name: 'phone_national',
  title: 'Phone number in national form',
  group: 'contact',
  activation: 'gated',
  finds:
    'Numbers without a plus sign, of 7 to 15 digits in one run or with spaces, dots, hyphens, slashes and brackets, near a word that names a phone: valid in the national form of one of some fifty countries tried in turn (libphonenumber), or international with `00` or nothing before the country code. Right behind a label (`Phone: 467 3395`) any seven digits or more in groups, and near a word numbers with a plus sign that have only the length of valid ones. An extension (`x4587`) is part of it.',
  misses:
    'Numbers without such a word or key, of other countries, without their area code, and eight digits in one run, which may be a date. Which country it is remains open, so that one number in two forms has two normal forms. What looks like a time since 1970, a date or an IPv4 address is left alone.',
  patterns: [
    String.raw`(?:\(|${LEFT_EDGE})[0-9](?:[ ()./-]{0,3}[0-9]){6,14}(?: ?(?:[xX]|[eE][xX][tT]\.?) ?[0-9]{1,6})?\b`,
    String.raw`\+[1-9](?:[ ()./-]{0,3}[0-9]){6,14}\b`,
  ],
  gate: {
    // biome-ignore format: a list of words
    words: [
      'phone', 'phone number', 'phone no', 'telephone', 'telephone number', 'tel', 'mobile', 'mobile number',
      'mobile phone', 'cell phone', 'cell number', 'fax', 'fax number', 'contact number', 'callback number',
      'caller id', 'caller number', 'msisdn', 'sms', 'whatsapp', 'telefon', 'telefonnummer', 'rufnummer',
      'handynummer', 'mobilnummer', 'telefono', 'teléfono', 'telefone', 'celular', 'cellulare', 'movil',
      'móvil', 'téléphone', 'telefoon', 'telefoonnummer', 'telefonnumer', 'telefonnr', 'telefon numaram',
      'telepono', 'puhelin', '電話', '电话', '手机', '전화',
    ],
  },
  lowEntropy: true,
  examples: ['phone (415) 555-0132', 'Telefon: 030 901820', 'msisdn=4915112345678'],
  confirm(text, candidate) {
    const { start, end } = candidate
    if (text[start] === '+') {
      const stands = !wordBefore(text, start) && !isWord(text, end)
      return stands && isOnlyPossible(text.slice(start, end)) ? candidate : undefined
    }
    return startsOf(text, candidate)
      .map((first) => ({ start: first, end }))
      .find((span) => isPhoneNumber(text, span))
  },
  normalise: (match) => match.replace(/\D/g, '').replace(/^00(?=\d)/, ''),
}

/**
 * Where the number may begin: a bracket that closes only behind it is one of the sentence, and `7 ` in front of a bracket
 * may be a number of its own.
 */
function startsOf(text: string, candidate: Span): number[] {
  const first = text[candidate.start] === '(' ? candidate.start : afterEscape(text, candidate)
  const printed = text.slice(first, candidate.end)
  if (printed.startsWith('(')) return [printed.includes(')') ? first : first + 1]
  return /^\d \(/.test(printed) ? [first, first + 2] : [first]
}

function isPhoneNumber(text: string, { start, end }: Span): boolean {
  if (end <= start || joinedBefore(text, start) || joinedAfter(text, end) || text[start - 1] === '+') return false
  const printed = text.slice(start, end).replace(EXTENSION, '')
  if (!PRINTED.test(printed) || LONE_LAST.test(printed) || isOtherThing(printed)) return false
  if (PRODUCT_BEFORE.test(text.slice(Math.max(0, start - 2), start))) return false
  const digits = printed.replace(/\D/g, '')
  if (isNationalNumber(digits, digits !== printed)) return true
  return isLabelledNumber(text, { start, end: start + printed.length })
}

function isOtherThing(printed: string): boolean {
  return (
    [EPOCH, DECIMAL, DATE, VERSION].some((shape) => shape.test(printed)) || ipaddr.IPv4.isValidFourPartDecimal(printed)
  )
}
