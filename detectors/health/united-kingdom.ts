import { passesNhs } from '../checksum/health-numbers.ts'
import type { Detector } from '../detector.ts'
import { lettersAndDigits, standalone } from '../standalone.ts'

export const ukNhs: Detector = standalone({
  name: 'uk_nhs',
  title: 'UK NHS number',
  group: 'health',
  activation: 'gated',
  finds:
    'NHS numbers of England, Wales and the Isle of Man: ten digits, in one run or 3-3-4 with spaces or hyphens, with the right check digit (modulus 11, NHS Data Dictionary), near the name of the number.',
  misses: 'Numbers without such a word or key. One in eleven numbers of ten digits near one passes by chance.',
  shapes: ['[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}'],
  gate: { words: ['nhs', 'nhs number', 'nhs no', 'national health service', 'health service number'] },
  lowEntropy: true,
  examples: ['NHS number 943 476 5919'],
  accepts: (printed) => /[1-9]/.test(printed) && passesNhs(lettersAndDigits(printed)),
})
