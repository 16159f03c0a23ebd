import { validate as isAustralianBusiness } from 'stdnum/lib/cjs/au/abn.js'
import { validate as isAustralianCompany } from 'stdnum/lib/cjs/au/acn.js'
import { validate as isInlandRevenue } from 'stdnum/lib/cjs/nz/ird.js'
import { passesTaxFileNumber } from '../checksum/tax-file-number.ts'
import { asLabel, keyNamed } from './labels.ts'
import { acceptedBy, numbered } from './numbered.ts'

const isAbn = acceptedBy(isAustralianBusiness)
const isAcn = acceptedBy(isAustralianCompany)
const isIrd = acceptedBy(isInlandRevenue)

export const auTfn = numbered({
  name: 'au_tfn',
  title: 'Australian tax file number',
  finds:
    'Tax file numbers of eight or nine digits, in one run or in groups of three, with a right check digit (modulus 11, weights for each length; Australian Taxation Office).',
  misses: 'Numbers that no word names.',
  shapes: ['[0-9]{3}[ .-]?[0-9]{3}[ .-]?[0-9]{2,3}', '[0-9]{2}[ .-]?[0-9]{3}[ .-]?[0-9]{3}'],
  gate: { words: ['tfn', 'tfns', 'tax file number', 'tax file no', 'tax file'] },
  examples: ['TFN 876 543 210'],
  isValid: (compact) => !/^0+$/.test(compact) && passesTaxFileNumber(compact),
})

export const auAbn = numbered({
  name: 'au_abn',
  title: 'Australian business number',
  finds:
    'Business numbers of eleven digits, in one run or grouped 2-3-3-3, with right check digits (modulus 89; Australian Business Register). Sole traders have them too.',
  misses: 'Numbers that no word names.',
  shapes: ['[1-9][0-9][ -]?[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{3}'],
  gate: { words: ['abn', 'abns', 'australian business number', 'business number'] },
  examples: ['ABN 51 824 753 556'],
  isValid: isAbn,
})

export const auAcn = numbered({
  name: 'au_acn',
  title: 'Australian company number',
  finds:
    'Company numbers of nine digits, in one run or in groups of three, with a right check digit (weights 8 to 1, modulus 10; Australian Securities and Investments Commission).',
  misses: 'Numbers that no word names.',
  shapes: ['[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{3}'],
  gate: { words: ['acn', 'acns', 'australian company number', 'company number', 'asic'] },
  examples: ['ACN 005 499 981'],
  isValid: (compact) => !/^0+$/.test(compact) && isAcn(compact),
})

export const nzIrd = numbered({
  name: 'nz_ird',
  title: 'New Zealand IRD number',
  finds:
    'IRD numbers of eight or nine digits between 10-000-000 and 200-000-000, in one run or grouped by hyphens or spaces, with a right check digit (modulus 11, two sets of weights; Inland Revenue).',
  misses: 'Numbers that no word names.',
  shapes: ['[0-9]{2,3}[ -]?[0-9]{3}[ -]?[0-9]{3}'],
  gate: {
    words: ['ird', 'ird number', 'ird no', 'inland revenue', 'te tari taake', ...asLabel('gst')],
    keys: [keyNamed('gst')],
  },
  examples: ['IRD number 49-091-850'],
  isValid: (compact) => Number(compact) > 10_000_000 && Number(compact) < 200_000_000 && isIrd(compact),
})
