import { validate as isVnr } from 'stdnum/lib/cjs/at/vnr.js'
import { validate as isAhv } from 'stdnum/lib/cjs/ch/ssn.js'
import { isDayOfYear } from './dates.ts'
import { acceptedBy, numbered } from './numbered.ts'

const hasVnrCheckDigit = acceptedBy(isVnr)

export const atVnr = numbered({
  name: 'at_vnr',
  title: 'Austrian social insurance number',
  finds:
    'Sozialversicherungsnummern: a serial of three digits that does not begin with 0, a check digit (weights 3 7 9, 5 8 4 2 1 6, modulus 11), and day, month and year of birth.',
  misses: 'Numbers that no word names, and those with a month of 13 or more, which stand for serials used up.',
  shapes: ['[1-9][0-9]{3}[ -]?[0-9]{6}'],
  gate: {
    words: [
      'sozialversicherungsnummer',
      'sozialversicherung',
      'versicherungsnummer',
      'svnr',
      'sv nr',
      'sv nummer',
      'vsnr',
      'vnr',
      'social insurance',
      'social security',
    ],
  },
  examples: ['SVNR 1237 010180'],
  isValid: (compact) =>
    isDayOfYear(Number(compact.slice(6, 8)), Number(compact.slice(4, 6))) && hasVnrCheckDigit(compact),
})

export const chAhv = numbered({
  name: 'ch_ahv',
  title: 'Swiss social insurance number',
  finds:
    'AHV, AVS and AVS13 numbers of Switzerland: 756 (ISO 3166), nine digits and the check digit of EAN-13, in one run or in groups `756.1234.5678.97`.',
  misses: 'The old numbers of eleven digits, which are no longer issued.',
  shapes: ['756[. ]?[0-9]{4}[. ]?[0-9]{4}[. ]?[0-9]{2}'],
  examples: ['AHV 756.9217.0769.85', '7569217076985'],
  isValid: acceptedBy(isAhv),
})
