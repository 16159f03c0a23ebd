import { validate as isEntity } from 'stdnum/lib/cjs/sg/uen.js'
import { passesNric } from '../checksum/nric.ts'
import { acceptedBy, numbered } from './numbered.ts'

const isUen = acceptedBy(isEntity)

export const sgNricFin = numbered({
  name: 'sg_nric_fin',
  title: 'Singapore NRIC or FIN',
  finds:
    'Identity numbers of citizens and residents (S, T) and of foreigners (F, G, M): the letter, seven digits and a right check letter (modulus 11, an offset for each series).',
  misses: 'Masked numbers such as `S****567D`. Of other tokens with such a form about one in 25 passes by chance.',
  shapes: ['[STst][0-9]{7}[A-JZa-jz]', '[FGMfgm][0-9]{7}[J-NP-RT-UW-Xj-np-rt-uw-x]'],
  examples: ['NRIC S2740116C'],
  isValid: passesNric,
})

export const sgUen = numbered({
  name: 'sg_uen',
  title: 'Singapore unique entity number',
  finds:
    'Unique entity numbers of the form `T08LL1234A`: R, S or T, a year, one of the 38 types of entities, four digits and a right check character (Accounting and Corporate Regulatory Authority).',
  misses: 'The forms that are digits and one letter; see `sg_uen_labelled`.',
  shapes: ['[RST][0-9]{2}[A-Z]{2}[0-9]{4}[0-9A-Z]'],
  lowEntropy: false,
  examples: ['UEN S57TU0392K'],
  isValid: isUen,
})

export const sgUenLabelled = numbered({
  name: 'sg_uen_labelled',
  title: 'Singapore unique entity number beside a word',
  finds:
    'What `sg_uen` finds, and numbers of businesses (eight digits and a letter) and of local companies (a year, five digits and a letter), with a right check letter. Sole proprietors have them too.',
  misses: 'Numbers that no word names.',
  shapes: ['[0-9]{8,9}[A-Za-z]', '(?i:[RST])[0-9]{2}[A-Za-z]{2}[0-9]{4}[0-9A-Za-z]'],
  gate: {
    words: [
      'uen',
      'uens',
      'unique entity number',
      'acra',
      'company registration',
      'business registration',
      'gst reg no',
    ],
  },
  lowEntropy: false,
  examples: ['UEN 201434292D', 'UEN 53125226D'],
  isValid: isUen,
})
