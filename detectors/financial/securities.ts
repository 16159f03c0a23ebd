import isinModule from 'validator/lib/isISIN.js'
import { passesCusip } from '../checksum/cusip.ts'
import type { Detector } from '../detector.ts'
import { standalone } from '../standalone.ts'

export const isin: Detector = standalone({
  name: 'isin',
  title: 'International securities identification number',
  group: 'financial',
  activation: 'gated',
  finds: 'Securities: two capitals, nine letters or digits and a check digit (ISO 6166), near the word ISIN.',
  misses: 'Numbers without the word or key, and in small letters.',
  shapes: ['[A-Z]{2}[A-Z0-9]{9}[0-9]'],
  gate: { words: ['isin', 'isin code', 'wertpapier'] },
  lowEntropy: true,
  examples: ['ISIN US0378331005'],
  accepts: (printed) => isinModule.default(printed),
})

export const cusip: Detector = standalone({
  name: 'cusip',
  title: 'CUSIP',
  group: 'financial',
  activation: 'gated',
  finds: 'Securities of North America: eight letters or digits and a check digit (ANSI X9.6), near the word CUSIP.',
  misses: 'Numbers without the word or key, in small letters, and those with one of the characters `*@#`.',
  shapes: ['[0-9A-Z]{9}'],
  gate: { words: ['cusip', 'cusip number'] },
  lowEntropy: true,
  examples: ['CUSIP 037833100'],
  accepts: (printed) => /[1-9]/.test(printed) && passesCusip(printed),
})
