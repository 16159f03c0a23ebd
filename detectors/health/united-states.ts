import { passesDea, passesNpi } from '../checksum/health-numbers.ts'
import type { Detector, Gate } from '../detector.ts'
import { lettersAndDigits, standalone } from '../standalone.ts'

export const usNpi: Detector = standalone({
  name: 'us_npi',
  title: 'US national provider identifier',
  group: 'health',
  activation: 'gated',
  finds:
    'National Provider Identifiers: ten digits that begin with 1 or 2, in one run or 4-3-3, with the right check digit (Luhn over 80840 and the number, 45 CFR 162.406), near a word that names them.',
  misses: 'Identifiers without such a word or key. One in ten numbers of that shape near one passes by chance.',
  shapes: ['[12][0-9]{3}(?:[ -]?[0-9]{3}){2}'],
  gate: { words: ['npi', 'national provider', 'provider identifier', 'provider number', 'provider id'] },
  lowEntropy: true,
  examples: ['NPI: 1234567893'],
  accepts: (printed) => passesNpi(lettersAndDigits(printed)),
})

export const usDea: Detector = standalone({
  name: 'us_dea',
  title: 'US DEA registration number',
  group: 'health',
  activation: 'gated',
  finds:
    'Registration numbers of prescribers of controlled substances: a letter for the kind of registrant, a letter of the name or 9, and seven digits with the right check digit (Drug Enforcement Administration, Practitioner’s Manual), near a word that names them.',
  misses: 'Numbers without such a word or key. One in ten texts of that shape near one passes by chance.',
  shapes: ['[A-HJ-MPR-UXa-hj-mpr-ux][A-Za-z9][0-9]{7}'],
  gate: {
    words: [
      'dea #',
      'dea :',
      'dea no',
      'dea number',
      'dea registration',
      'prescriber',
      'medical license',
      'medical licence',
      'controlled substance',
    ],
    // Not as a word: three digits of a hash may be `dea`.
    keys: ['(?:^| )dea(?: |$)'],
  },
  lowEntropy: true,
  examples: ['DEA# BB1388568'],
  accepts: (printed) => passesDea(printed.slice(2)),
})

/** Letters of Medicare beneficiary identifiers: all but S, L, O, I, B and Z. */
const LETTER = '[AC-HJKMNP-RT-Yac-hjkmnp-rt-y]'
const LETTER_OR_DIGIT = '[0-9AC-HJKMNP-RT-Yac-hjkmnp-rt-y]'

function beneficiaryIdentifier(hyphen: string): string {
  return [`[1-9]${LETTER}${LETTER_OR_DIGIT}[0-9]`, `${LETTER}${LETTER_OR_DIGIT}[0-9]`, `${LETTER}{2}[0-9]{2}`].join(
    hyphen,
  )
}

const MEDICARE_GATE: Gate = {
  words: ['mbi', 'medicare', 'medicaid', 'medicare beneficiary', 'beneficiary identifier', 'beneficiary id', 'hicn'],
}

export const usMbi: Detector = standalone({
  name: 'us_mbi',
  title: 'US Medicare beneficiary identifier, as printed',
  group: 'health',
  activation: 'always',
  finds:
    'Medicare beneficiary identifiers with hyphens, 4-3-4, in capitals: eleven characters, each of the class that its place demands (CMS, "Understanding the Medicare Beneficiary Identifier format").',
  misses:
    'Identifiers without hyphens (us_mbi_compact) or in small letters. There is no check digit: a serial number may have the shape.',
  shapes: [beneficiaryIdentifier('-').replaceAll('ac-hjkmnp-rt-y', '')],
  lowEntropy: false,
  examples: ['1EG4-TE5-MK73'],
  accepts: () => true,
})

export const usMbiCompact: Detector = standalone({
  name: 'us_mbi_compact',
  title: 'US Medicare beneficiary identifier in one run',
  group: 'health',
  activation: 'gated',
  finds: 'The same identifiers in one run, or in small letters, near a word that names them.',
  misses: 'Identifiers without such a word or key.',
  shapes: [beneficiaryIdentifier('-?')],
  gate: MEDICARE_GATE,
  lowEntropy: false,
  examples: ['MBI 1EG4TE5MK73'],
  accepts: () => true,
})
