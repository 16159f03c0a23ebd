import { validate as isKnownPrefix } from 'stdnum/lib/cjs/us/ein.js'
import { validate as isIssuedSsn } from 'stdnum/lib/cjs/us/ssn.js'
import { asLabel, keyNamed } from './labels.ts'
import { acceptedBy, numbered } from './numbered.ts'

const isEin = acceptedBy(isKnownPrefix)
const isNotBarred = acceptedBy(isIssuedSsn)
const isSsn = (compact: string): boolean => !compact.endsWith('0000') && isNotBarred(compact)

/** The fourth and fifth digit: 50 to 65, 70 to 88, 90 to 92, 94 to 99 (IRM 3.21.263.5.5). */
const ITIN = /^9[0-9]{2}(?:5[0-9]|6[0-5]|7[0-9]|8[0-8]|9[0-24-9])[0-9]{4}$/

export const usSsnLabelled = numbered({
  name: 'us_ssn_labelled',
  title: 'US social security number beside a word',
  finds:
    'Nine digits, in one run or grouped 3-2-4 by spaces, full stops or hyphens: area not 000, 666 or 900 to 999, group not 00, serial not 0000, and none of the numbers known as made up.',
  misses:
    'Numbers further than 20 characters from a word, and those of which only the last four digits are written. There is no check digit.',
  shapes: ['[0-8][0-9]{2}[ .-]?[0-9]{2}[ .-]?[0-9]{4}'],
  gate: {
    words: [
      'ssn',
      'ssns',
      'social security',
      'social security number',
      'social security no',
      'soc sec',
      'seguro social',
      'número de seguro social',
      ...asLabel('ss'),
    ],
    within: 20,
  },
  examples: ['SSN 536904399', 'social security number: 536 90 4399'],
  isValid: (compact, written) => !(written.includes('-') && written.includes('.')) && isSsn(compact),
})

export const usItin = numbered({
  name: 'us_itin',
  title: 'US individual taxpayer identification number',
  finds:
    'ITINs as they are printed, `9NN-NN-NNNN`, with the fourth and fifth digit 50 to 65, 70 to 88, 90 to 92 or 94 to 99 (Internal Revenue Manual 3.21.263).',
  misses: 'Numbers without hyphens; see `us_itin_labelled`. There is no check digit.',
  shapes: ['9[0-9]{2}-[5-9][0-9]-[0-9]{4}'],
  examples: ['itin 911-70-1234'],
  isValid: (compact) => ITIN.test(compact),
})

export const usItinLabelled = numbered({
  name: 'us_itin_labelled',
  title: 'US individual taxpayer identification number beside a word',
  finds: 'What `us_itin` finds, and the same nine digits in one run, or with one separator or two.',
  misses: 'Numbers that no word names.',
  shapes: ['9[0-9]{2}[ .-]?[5-9][0-9][ .-]?[0-9]{4}'],
  gate: {
    words: [
      'itin',
      'itins',
      'individual taxpayer identification',
      'individual taxpayer',
      'taxpayer identification number',
      'taxpayer id',
      'tax id',
      'tax identification number',
      ...asLabel('tin'),
    ],
    keys: [keyNamed('tin')],
  },
  examples: ['ITIN 911701234', 'tax id 911 70 1234'],
  isValid: (compact) => ITIN.test(compact),
})

export const usEin = numbered({
  name: 'us_ein',
  title: 'US employer identification number',
  finds:
    'EINs, `NN-NNNNNNN` or nine digits, whose first two digits are those of a campus of the Internal Revenue Service. Sole proprietors have them too.',
  misses: 'Numbers further than 15 characters from a word. There is no check digit.',
  shapes: ['[0-9]{2}-?[0-9]{7}'],
  gate: {
    words: [
      'fein',
      'federal ein',
      'employer identification number',
      'employer identification',
      'employer id',
      'federal tax id',
      'federal tax identification number',
      'tax id',
      'taxpayer identification number',
      'irs number',
      ...asLabel('ein', 'tin'),
    ],
    keys: [keyNamed('ein', 'eins', 'tin')],
    within: 15,
  },
  examples: ['EIN: 12-3456789', 'federal tax id 911144442'],
  isValid: isEin,
})

export const usPtin = numbered({
  name: 'us_ptin',
  title: 'US preparer tax identification number',
  finds: 'PTINs of paid preparers of tax returns: P and eight digits (26 CFR 1.6109-2).',
  misses: 'Numbers that no word names. There is no check digit.',
  shapes: ['[Pp]-?[0-9]{8}'],
  gate: {
    words: [
      'ptin',
      'ptins',
      'preparer tax identification number',
      'preparer tax identification',
      'preparer tin',
      'tax preparer',
    ],
  },
  examples: ['PTIN P01234567'],
  isValid: () => true,
})

export const usAtin = numbered({
  name: 'us_atin',
  title: 'US adoption taxpayer identification number',
  finds: 'ATINs of children whose adoption is pending: `9NN-93-NNNN`, with or without separators (26 CFR 301.6109-3).',
  misses: 'Numbers that no word names. There is no check digit.',
  shapes: ['9[0-9]{2}[ .-]?93[ .-]?[0-9]{4}'],
  gate: {
    words: [
      'atin',
      'adoption taxpayer identification number',
      'adoption taxpayer',
      'taxpayer identification number',
      'tax id',
    ],
  },
  examples: ['ATIN 912-93-4567'],
  isValid: () => true,
})
