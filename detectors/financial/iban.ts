import { getCountrySpecifications, isValidIBAN } from 'ibantools'
import { afterEscape, followsEscape, isAlphanumeric, LEFT_EDGE } from '../boundary.ts'
import type { Detector } from '../detector.ts'

interface Country {
  readonly code: string
  /** Characters of a whole IBAN. */
  readonly length: number
  readonly digitsOnly: boolean
}

const COUNTRIES: readonly Country[] = Object.entries(getCountrySpecifications()).flatMap(
  ([code, { chars, bban_regexp: structure }]) =>
    chars === null || structure === null ? [] : [{ code, length: chars, digitsOnly: !structure.includes('A-Z') }],
)

const LENGTHS: ReadonlyMap<string, number> = new Map(COUNTRIES.map(({ code, length }) => [code, length]))

/**
 * Countries whose accounts are digits have an alternative of their own: `de`, `ba` and `ee` begin hexadecimal
 * identifiers too, and those would wake the detector for nothing.
 */
function alternative(digitsOnly: boolean): string {
  const codes = COUNTRIES.filter((country) => country.digitsOnly === digitsOnly).map(({ code }) => code)
  const account = digitsOnly ? '[0-9]' : '[0-9A-Za-z]'
  return `(?i:${codes.join('|')})[0-9]{2}(?:[ -]?${account}{4}){2,7}(?:[ -]?${account}{1,3})?`
}

export const iban: Detector = {
  name: 'iban',
  title: 'International bank account number',
  group: 'financial',
  activation: 'always',
  finds:
    'IBANs (ISO 13616) in one run or in groups of four separated by single spaces or hyphens, in upper or lower case, with the length and structure of their country and the right check digits (ISO 7064 mod 97-10).',
  misses:
    'IBANs in groups of other sizes or broken across lines, of countries that have not published a structure, and account numbers that are no IBAN.',
  patterns: [
    // An underscore may stand before: the check digits are strong enough for names such as `statement_DE89…`.
    `(?:_|${LEFT_EDGE})(?:${alternative(true)}|${alternative(false)})`,
  ],
  lowEntropy: false,
  examples: ['to DE89 3704 0044 0532 0130 00', 'iban=gb29nwbk60161331926819'],
  confirm(text, candidate) {
    const start = afterEscape(text, candidate) + (text[candidate.start] === '_' ? 1 : 0)
    if (isAlphanumeric(text, start - 1) && !followsEscape(text, start)) return undefined
    const length = LENGTHS.get(text.slice(start, start + 2).toUpperCase())
    if (length === undefined) return undefined
    // The pattern takes the words that follow along; the country says where the number ends.
    let end = start
    let compact = ''
    while (compact.length < length && end < candidate.end) {
      if (isAlphanumeric(text, end)) compact += text[end]
      end += 1
    }
    if (isAlphanumeric(text, end) || !isValidIBAN(compact.toUpperCase())) return undefined
    return { start, end }
  },
  normalise: (match) => match.replace(/[ -]/g, '').toUpperCase(),
}
