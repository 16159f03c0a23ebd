import { passesKvnr, passesLanr } from '../checksum/health-numbers.ts'
import type { Detector } from '../detector.ts'
import { lettersAndDigits, standalone } from '../standalone.ts'

export const deKvnr: Detector = standalone({
  name: 'de_kvnr',
  title: 'German health insurance number',
  group: 'health',
  activation: 'gated',
  finds:
    'The part of the Krankenversichertennummer that a person keeps for life: a letter and nine digits with the right check digit (SGB V section 290), near a word that names it.',
  misses: 'Numbers without such a word or key. One in ten texts of that shape near one passes by chance.',
  shapes: ['[A-Za-z][0-9]{9}', '[A-Za-z] [0-9]{3} [0-9]{3} [0-9]{3}'],
  gate: {
    words: [
      'kvnr',
      'egk',
      'egk nummer',
      'krankenversicherungsnummer',
      'krankenversichertennummer',
      'versichertennummer',
      'versicherten nr',
      'krankenkasse',
      'krankenversicherung',
      'gesundheitskarte',
      'versichertenkarte',
      'health insurance number',
    ],
  },
  lowEntropy: true,
  examples: ['KVNR A123456780'],
  accepts: (printed) => passesKvnr(lettersAndDigits(printed)),
})

export const deLanr: Detector = standalone({
  name: 'de_lanr',
  title: 'German physician number',
  group: 'health',
  activation: 'gated',
  finds:
    'The Lebenslange Arztnummer: nine digits, of which the seventh is the check digit (weights 4 and 9, KBV) and the last two name the specialty, near a word that names it.',
  misses: 'Numbers without such a word or key, and of the old pseudo numbers those without a check digit.',
  shapes: ['[0-9]{7} ?[0-9]{2}'],
  gate: {
    words: ['lanr', 'arztnummer', 'arzt nr', 'arzt nummer', 'lebenslange arztnummer', 'vertragsarzt', 'kassenarzt'],
  },
  lowEntropy: true,
  examples: ['LANR: 123456601'],
  accepts: (printed) => /[1-9]/.test(printed) && passesLanr(lettersAndDigits(printed)),
})

export const deBsnr: Detector = standalone({
  name: 'de_bsnr',
  title: 'German medical practice number',
  group: 'health',
  activation: 'gated',
  finds: 'The Betriebsstättennummer of a practice: nine digits that are not all zero, near a word that names it.',
  misses: 'Numbers without such a word or key. It has no check digit: any nine digits near the word are found.',
  shapes: ['[0-9]{9}'],
  gate: { words: ['bsnr', 'betriebsstättennummer', 'betriebsstaettennummer', 'nbsnr', 'praxisnummer'], within: 15 },
  lowEntropy: true,
  examples: ['BSNR 711234567'],
  accepts: (printed) => /[1-9]/.test(printed),
})
