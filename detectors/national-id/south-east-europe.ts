import { validate as isEgn } from 'stdnum/lib/cjs/bg/egn.js'
import { validate as isOib } from 'stdnum/lib/cjs/hr/oib.js'
import { validate as isCnp } from 'stdnum/lib/cjs/ro/cnp.js'
import { validate as isTaxNumber } from 'stdnum/lib/cjs/si/ddv.js'
import { validate as isEmso } from 'stdnum/lib/cjs/si/emso.js'
import { validate as isTckn } from 'stdnum/lib/cjs/tr/tckimlik.js'
import { isDayOfYear } from './dates.ts'
import { acceptedBy, numbered } from './numbered.ts'

const hasEmsoCheckDigit = acceptedBy(isEmso)
const hasEgnCheckDigit = acceptedBy(isEgn)

export const siEmso = numbered({
  name: 'si_emso',
  title: 'Slovene unique master citizen number',
  finds:
    'EMŠO: day, month and year of birth (three digits), region (50 to 59), serial and check digit (weights 7 6 5 4 3 2 twice, modulus 11).',
  misses: 'Numbers that no word names. JMBG of the other states that came from Yugoslavia are found as well.',
  shapes: ['[0-3][0-9][.-]?[01][0-9][.-]?[0-9]{3}[.-]?[0-9]{2}[.-]?[0-9]{3}[.-]?[0-9]'],
  gate: { words: ['emso', 'emšo', 'maticna stevilka', 'matična številka', 'jmbg'] },
  examples: ['emšo 0101006500006'],
  isValid: (compact) =>
    isDayOfYear(Number(compact.slice(2, 4)), Number(compact.slice(0, 2))) && hasEmsoCheckDigit(compact),
})

export const siTin = numbered({
  name: 'si_tin',
  title: 'Slovene tax number',
  finds:
    'Davčne številke: eight digits, the first not 0, the last a check digit (weights 8 to 2, modulus 11), at times behind `SI`.',
  misses: 'Numbers that no word names.',
  shapes: ['(?:SI ?)?[1-9][0-9]{7}'],
  gate: {
    words: ['davcna stevilka', 'davčna številka', 'davcna st', 'davčna št', 'tin', 'vat', 'tax number', 'tax id'],
  },
  examples: ['davčna številka 50223054'],
  isValid: (compact) => acceptedBy(isTaxNumber)(compact.replace('SI', '')),
})

export const hrOib = numbered({
  name: 'hr_oib',
  title: 'Croatian personal identification number',
  finds: 'OIB of Croatia: eleven digits with the check digit of ISO 7064 mod 11,10, at times behind `HR`.',
  misses: 'Numbers that no word names.',
  shapes: ['(?:HR ?)?[0-9]{11}'],
  gate: { words: ['oib', 'osobni identifikacijski broj', 'identifikacijski broj', 'vat', 'tin'] },
  examples: ['OIB 33392005961'],
  isValid: (compact) => acceptedBy(isOib)(compact.replace('HR', '')),
})

export const bgEgn = numbered({
  name: 'bg_egn',
  title: 'Bulgarian uniform civil number',
  finds:
    'EGN of Bulgaria: year, month (plus 20 before 1900, plus 40 from 2000 on) and day of birth, three digits and a check digit (weights 2 4 8 5 10 9 7 3 6, modulus 11).',
  misses: 'Numbers that no word names, and the personal numbers of foreigners (LNCh).',
  shapes: ['[0-9]{2}[0-5][0-9][0-3][0-9]{5}'],
  gate: { words: ['egn', 'егн', 'единен граждански номер', 'uniform civil number'] },
  examples: ['EGN 7523169263'],
  isValid: (compact) =>
    isDayOfYear(Number(compact.slice(2, 4)) % 20, Number(compact.slice(4, 6))) && hasEgnCheckDigit(compact),
})

export const roCnp = numbered({
  name: 'ro_cnp',
  title: 'Romanian personal numerical code',
  finds:
    'CNP of Romania: sex and century, year, month and day of birth, county, three digits and a check digit (weights 2 7 9 1 4 6 3 5 8 2 7 9, modulus 11).',
  misses: 'Numbers that no word names.',
  shapes: ['[1-9][0-9]{2}[01][0-9][0-3][0-9]{7}'],
  gate: { words: ['cnp', 'cod numeric personal', 'codul numeric personal', 'cod numeric'] },
  examples: ['CNP 1630615123457'],
  isValid: acceptedBy(isCnp),
})

export const trTckn = numbered({
  name: 'tr_tckn',
  title: 'Turkish identity number',
  finds:
    'T.C. kimlik numaraları: eleven digits, the first not 0, the tenth and eleventh being check digits (weights 3 1, and the sum of all, modulus 10).',
  misses: 'Numbers that no word names: one in a hundred counters of eleven digits passes both checks.',
  shapes: ['[1-9][0-9]{10}'],
  gate: {
    words: [
      'tckn',
      'tc kimlik',
      't c kimlik',
      'kimlik',
      'kimlik no',
      'kimlik numarasi',
      'kimlik numarası',
      'tc no',
      'vatandaslik no',
      'vatandaşlık no',
      'turkish id',
      'national id',
    ],
  },
  examples: ['TC Kimlik No: 10000000146'],
  isValid: acceptedBy(isTckn),
})
