import { validate as isNif } from 'stdnum/lib/cjs/fr/nif.js'
import { validate as isNir } from 'stdnum/lib/cjs/fr/nir.js'
import { LEFT_EDGE } from '../boundary.ts'
import { acceptedBy, numbered } from './numbered.ts'

const hasNirKey = acceptedBy(isNir)

export const frNir = numbered({
  name: 'fr_nir',
  title: 'French social security number',
  finds:
    'Numéros de sécurité sociale (NIR): sex 1 or 2, year and month of birth, department (01 to 95, 2A, 2B, 97, 98, 99), commune, serial, and the key 97 - n mod 97 (INSEE; in Corsica with 19 and 18 for the letters), in one run or with spaces between the parts.',
  misses:
    'Numbers without their key, provisional ones, and months that stand for an unknown one: see `fr_nir_labelled`.',
  shapes: ['[12] ?[0-9]{2} ?(?:0[1-9]|1[0-2]) ?(?:0[1-9]|[1-8][0-9]|9[0-5789]|2[ABab]) ?[0-9]{3} ?[0-9]{3} ?[0-9]{2}'],
  wakes: [`${LEFT_EDGE}[12] ?[0-9]{2} ?[0-9]{2} ?[0-9][0-9ABab] ?[0-9]{3} ?[0-9]{3} ?[0-9]{2}`],
  examples: ['NIR 2 55 08 14 168 025 38', '184127645108946'],
  isValid: hasNirKey,
})

export const frNirLabelled = numbered({
  name: 'fr_nir_labelled',
  title: 'French social security number beside a word',
  finds:
    'Numbers of thirteen digits without the key, or with it, for any sex (3, 4, 7 and 8 are provisional) and any month (20 and above stand for an unknown one), beside a word for them.',
  misses: 'Numbers that no word names.',
  shapes: [
    '[1-478][ .-]?[0-9]{2}[ .-]?(?:0[1-9]|1[0-2]|[2-9][0-9])[ .-]?(?:[0-9]{2}|2[ABab])[ .-]?[0-9]{3}[ .-]?[0-9]{3}(?:[ .-]?[0-9]{2})?',
  ],
  gate: {
    words: [
      'nir',
      'insee',
      'securite sociale',
      'sécurité sociale',
      'numero secu',
      'numéro sécu',
      'numéro de sécu',
      'carte vitale',
      'social security',
    ],
  },
  examples: ['numéro de sécurité sociale 2 55 08 14 168 025'],
  isValid: (compact) => compact.length === 13 || hasNirKey(compact),
})

export const frNif = numbered({
  name: 'fr_nif',
  title: 'French tax identification number',
  finds:
    'Numéros fiscaux de référence (SPI): thirteen digits, the first 0 to 3, in one run or grouped 2-2-3-3-3; the last three are the first ten modulo 511 (TIN sheet of the OECD).',
  misses: 'Numbers that no word names.',
  shapes: ['[0-3][0-9] ?[0-9]{2}(?: ?[0-9]{3}){3}'],
  gate: {
    words: [
      'numero fiscal',
      'numéro fiscal',
      'reference fiscale',
      'référence fiscale',
      'identifiant fiscal',
      'nif',
      'spi',
      'impots',
      'impôts',
      'tin',
      'tax id',
    ],
  },
  examples: ['numéro fiscal 30 23 217 600 053'],
  isValid: acceptedBy(isNif),
})

export const frCni = numbered({
  name: 'fr_cni',
  title: 'French identity card number',
  finds:
    'Numbers of French identity cards, beside a word for them: until 2021 twelve digits that begin with year and month; since then nine digits and capitals, of each at least two.',
  misses: 'Numbers that no word names. There is no check digit in what is printed.',
  shapes: ['[0-9]{2}(?:0[1-9]|1[0-2])[0-9A-B][0-9]{7}', '[0-9A-Z]{9}'],
  gate: {
    words: [
      'numero cni',
      'numéro cni',
      'cnie',
      "carte d'identité",
      "carte d'identite",
      'carte d identité',
      'carte d identite',
      'carte nationale',
      'identity card',
    ],
    // In a text, CNI is a part of Kubernetes as well.
    keys: ['(?:^| )cni(?: |$)'],
  },
  lowEntropy: false,
  examples: ["carte d'identité X4RTBPFW4", 'numéro CNI 880692310285'],
  isValid: (compact) => compact.length === 12 || (/[0-9].*[0-9]/.test(compact) && /[A-Z].*[A-Z]/.test(compact)),
})

export const frPassport = numbered({
  name: 'fr_passport',
  title: 'French passport number',
  finds: 'Numbers of French passports: two digits, two letters, five digits, beside a word for them.',
  misses: 'Numbers that no word names. There is no check digit in what is printed.',
  shapes: ['[0-9]{2} ?[A-Za-z]{2} ?[0-9]{5}'],
  gate: { words: ['passeport', 'passport', 'numero de passeport', 'numéro de passeport', 'passport number'] },
  examples: ['passeport 12AB34567'],
  isValid: () => true,
})
