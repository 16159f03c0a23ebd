import { passesLuhn } from '../checksum/luhn.ts'
import { asLabel, keyNamed } from './labels.ts'
import { numbered } from './numbered.ts'

/** 0 is for numbers of fiction and test, 8 is not assigned. */
const isSin = (compact: string): boolean => !/^(?:[08]|([0-9])\1{8}$)/.test(compact) && passesLuhn(compact)

export const caSin = numbered({
  name: 'ca_sin',
  title: 'Canadian social insurance number',
  finds:
    'Social insurance numbers grouped by hyphens, `NNN-NNN-NNN`, the first digit not 0 or 8, with a right check digit (Luhn; Employment and Social Development Canada).',
  misses:
    'Numbers grouped by spaces, as other numbers are in French and in tables, or in one run; see `ca_sin_labelled`.',
  shapes: ['[1-79][0-9]{2}-[0-9]{3}-[0-9]{3}'],
  examples: ['sin 731-530-150'],
  isValid: isSin,
})

export const caSinLabelled = numbered({
  name: 'ca_sin_labelled',
  title: 'Canadian social insurance number beside a word',
  finds: 'What `ca_sin` finds, grouped by spaces or in one run as well.',
  misses: 'Numbers that no word names. `SIN` and `NAS` count where they label a value (`SIN: …`).',
  shapes: ['[1-79][0-9]{2} ?[0-9]{3} ?[0-9]{3}', '[1-79][0-9]{2}-[0-9]{3}-[0-9]{3}'],
  gate: {
    words: [
      'social insurance',
      'social insurance number',
      'social insurance no',
      'assurance sociale',
      "numéro d'assurance sociale",
      'numéro nas',
      ...asLabel('sin', 'nas'),
    ],
    keys: [keyNamed('sin', 'nas')],
  },
  examples: ['mon NAS: 258 933 688', 'social insurance number 550090112'],
  isValid: isSin,
})
