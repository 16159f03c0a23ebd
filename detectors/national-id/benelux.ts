import { validate as isInsz } from 'stdnum/lib/cjs/be/insz.js'
import { validate as isBsn } from 'stdnum/lib/cjs/nl/bsn.js'
import { verhoeffValidate } from 'stdnum/lib/cjs/util/checksum.js'
import { passesLuhn } from '../checksum/luhn.ts'
import { isDayOfYear } from './dates.ts'
import { acceptedBy, numbered } from './numbered.ts'

const isBelgian = acceptedBy(isInsz)

export const beNn = numbered({
  name: 'be_nn',
  title: 'Belgian national number',
  finds:
    'National register and BIS numbers of Belgium as they are printed, `85.07.30-033.28`: date of birth (month plus 20 or 40 in BIS numbers), serial, and 97 - n mod 97, where n has a 2 in front for those born from 2000 on.',
  misses: 'Numbers written otherwise: see `be_nn_labelled`.',
  shapes: [String.raw`[0-9]{2}\.[0-9]{2}\.[0-9]{2}[-.][0-9]{3}[.-][0-9]{2}`],
  examples: ['NN 85.07.30-033.28'],
  isValid: isBelgian,
})

export const beNnLabelled = numbered({
  name: 'be_nn_labelled',
  title: 'Belgian national number beside a word',
  finds: 'What `be_nn` finds, as eleven digits or with other separators, beside a word for it.',
  misses: 'Numbers that no word names.',
  shapes: ['[0-9]{2}[ .]?[0-9]{2}[ .]?[0-9]{2}[ .-]?[0-9]{3}[ .-]?[0-9]{2}'],
  gate: {
    words: [
      'rijksregisternummer',
      'rijksregister',
      'registre national',
      'numero national',
      'numéro national',
      'nationaal nummer',
      'niss',
      'insz',
      'bis nummer',
      'national number',
      'nationalregisternummer',
    ],
  },
  examples: ['rijksregisternummer 85073003328'],
  isValid: isBelgian,
})

export const nlBsn = numbered({
  name: 'nl_bsn',
  title: 'Dutch citizen service number',
  finds:
    'Burgerservicenummers: nine digits, or eight without a leading zero, in one run or in threes, whose weighted sum (9 to 2, and -1) is a multiple of 11 (`elfproef`).',
  misses: 'Numbers that no word names.',
  shapes: ['[0-9]{3}[. -]?[0-9]{3}[. -]?[0-9]{3}', '[0-9]{4}[. -]?[0-9]{2}[. -]?[0-9]{3}', '[0-9]{8}'],
  gate: { words: ['bsn', 'burgerservicenummer', 'citizen service number', 'sofinummer', 'sofi nummer', 'sofi'] },
  examples: ['BSN 111222333'],
  isValid: acceptedBy(isBsn),
})

/**
 * Day of birth, a serial, the Luhn digit of these eleven, and then their Verhoeff digit (without the Luhn digit): règlement
 * grand-ducal of 28 November 2012, as the registry of Luxembourg computes both.
 */
function isLuxembourgish(compact: string): boolean {
  return (
    isDayOfYear(Number(compact.slice(4, 6)), Number(compact.slice(6, 8))) &&
    passesLuhn(compact.slice(0, 12)) &&
    verhoeffValidate(compact.slice(0, 11) + compact[12])
  )
}

export const luNin = numbered({
  name: 'lu_nin',
  title: 'Luxembourg identification number',
  finds:
    'Matricules nationaux of Luxembourg: year (1900 to 2009), month and day of birth, a serial of three digits, the Luhn digit of those eleven and their Verhoeff digit.',
  misses:
    'Births from 2010 on: order numbers that begin with a date look the same, and one in a hundred passes; see `lu_nin_labelled`. Numbers of companies, and the old ones of eleven digits.',
  shapes: ['(?:19[0-9]{2}|200[0-9]) ?(?:0[1-9]|1[0-2])[0-3][0-9] ?[0-9]{3} ?[0-9]{2}'],
  examples: ['1990093012358'],
  isValid: isLuxembourgish,
})

export const luNinLabelled = numbered({
  name: 'lu_nin_labelled',
  title: 'Luxembourg identification number beside a word',
  finds: 'What `lu_nin` finds, for every year of birth and with other separators, beside a word for it.',
  misses: 'Numbers that no word names, and the old ones of eleven digits.',
  shapes: ['(?:19|20)[0-9]{2}[ -]?(?:0[1-9]|1[0-2])[ -]?[0-3][0-9][ -]?[0-9]{3}[ -]?[0-9]{2}'],
  gate: {
    words: [
      'matricule',
      'matricule national',
      'numero national',
      'numéro national',
      'cns',
      'identification number',
      'social security',
      'nin',
    ],
  },
  examples: ['matricule 1990093012358'],
  isValid: isLuxembourgish,
})
