import { validate as isAmka } from 'stdnum/lib/cjs/gr/amka.js'
import { validate as isAfm } from 'stdnum/lib/cjs/gr/vat.js'
import { validate as isFiscalCode } from 'stdnum/lib/cjs/it/codicefiscale.js'
import { validate as isPiva } from 'stdnum/lib/cjs/it/iva.js'
import { acceptedBy, numbered } from './numbered.ts'

const hasFiscalCodeLetter = acceptedBy(isFiscalCode)

export const itCodiceFiscale = numbered({
  name: 'it_codice_fiscale',
  title: 'Italian fiscal code',
  finds:
    'Codici fiscali of persons: six letters of the names, year, month (ABCDEHLMPRST) and day of birth, the municipality, and a check letter from the tables of odd and even places (decreto of 23 December 1976); with letters for up to four digits, but not for the first, where codes would be equal (omocodia), in either case.',
  misses: 'Codes with separators, those with more than four digits replaced, and the eleven digits of companies.',
  shapes: [
    '(?i:[A-Z]{6}[0-9][0-9LMNP-V][ABCDEHLMPRST][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z])',
    '(?i:[A-Z]{3} [A-Z]{3} [0-9][0-9LMNP-V][ABCDEHLMPRST][0-9LMNP-V]{2} [A-Z][0-9LMNP-V]{3}[A-Z])',
  ],
  wakes: ['(?i:[A-Z] ?[0-9][0-9LMNP-V][ABCDEHLMPRST][0-9LMNP-V]{2} ?[A-Z][0-9LMNP-V]{3}[A-Z])'],
  lowEntropy: false,
  examples: ['CF RCCMNL83S18D969H'],
  isValid: (compact) => compact.replace(/[^0-9]/g, '').length >= 3 && hasFiscalCodeLetter(compact),
})

export const itPiva = numbered({
  name: 'it_piva',
  title: 'Italian VAT number',
  finds:
    'Partite IVA: eleven digits, seven of the taxpayer, three of the office (001 to 100, 120, 121, 888, 999) and a Luhn digit; at times behind `IT`. They are also those of persons in business.',
  misses: 'Numbers that no word names.',
  shapes: ['(?:IT ?)?[0-9]{11}'],
  gate: { words: ['partita iva', 'p iva', 'p. iva', 'codice fiscale', 'vat', 'vat number', 'vat no'] },
  examples: ['P.IVA 00743110157'],
  isValid: (compact) => acceptedBy(isPiva)(compact.replace('IT', '')),
})

export const grAmka = numbered({
  name: 'gr_amka',
  title: 'Greek social security number',
  finds: 'AMKA of Greece: day, month and year of birth, four digits and a Luhn digit.',
  misses: 'Numbers that no word names.',
  shapes: ['[0-3][0-9][01][0-9]{3} ?[0-9]{5}'],
  gate: { words: ['amka', 'α μ κ α', 'social security'] },
  examples: ['AMKA 01013099997'],
  isValid: acceptedBy(isAmka),
})

export const grTin = numbered({
  name: 'gr_tin',
  title: 'Greek tax number',
  finds:
    'AFM of Greece: nine digits, the last of which checks the others (powers of two, modulus 11), at times behind `EL` or `GR`.',
  misses: 'Numbers that no word names.',
  shapes: ['(?:(?:EL|GR) ?)?[0-9]{9}'],
  gate: { words: ['afm', 'α φ μ', 'tin', 'vat', 'tax number', 'tax id'] },
  examples: ['AFM 094259216'],
  isValid: (compact) => acceptedBy(isAfm)(compact.replace(/^[A-Z]{2}/, '')),
})
