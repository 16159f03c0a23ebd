import { passesAustralianMedicare } from '../checksum/health-numbers.ts'
import type { Detector } from '../detector.ts'
import { lettersAndDigits, standalone } from '../standalone.ts'

export const auMedicare: Detector = standalone({
  name: 'au_medicare',
  title: 'Australian Medicare number',
  group: 'health',
  activation: 'gated',
  finds:
    'Medicare card numbers of ten digits, or eleven with the person’s reference: they begin with 2 to 6, in one run or 4-5-1, with the right ninth digit (weights 1, 3, 7, 9; METeOR 270101), near a word that names them.',
  misses: 'Numbers without such a word or key, or without the issue number. One in ten passes by chance.',
  shapes: ['[2-6][0-9]{8}[1-9](?:[/-]?[1-9])?', '[2-6][0-9]{3}[ -][0-9]{5}[ -][1-9](?:[/-]?[1-9])?'],
  gate: { words: ['medicare', 'medicare number', 'medicare no', 'medicare card'] },
  lowEntropy: true,
  examples: ['Medicare 2123 45670 1'],
  accepts: (printed) => passesAustralianMedicare(lettersAndDigits(printed)),
})
