import { validate as isNitNumber } from 'stdnum/lib/cjs/co/nit.js'
import { validate as isCui } from 'stdnum/lib/cjs/pe/cui.js'
import { validate as isRucNumber } from 'stdnum/lib/cjs/pe/ruc.js'
import { weightedSum } from 'stdnum/lib/cjs/util/checksum.js'
import { validate as isRifNumber } from 'stdnum/lib/cjs/ve/rif.js'
import { asLabel, keyNamed } from './labels.ts'
import { looksLikeAddress } from './number-groups.ts'
import { acceptedBy, numbered } from './numbered.ts'

const isNit = acceptedBy(isNitNumber)
const isPeruvianRuc = acceptedBy(isRucNumber)
const isRif = acceptedBy(isRifNumber)

export const coNit = numbered({
  name: 'co_nit',
  title: 'Colombian NIT',
  finds:
    'Tax numbers as they are printed, `NNN.NNN.NNN-N`, with a right check digit (modulus 11; Dirección de Impuestos y Aduanas Nacionales). That of a person is the number of the identity card.',
  misses:
    'Numbers without full stops, and those that could be an address with a range, no group above 255; see `co_nit_labelled`.',
  shapes: [
    String.raw`[1-9][0-9]{0,2}\.[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]`,
    String.raw`[1-9][0-9]{2}\.[0-9]{3}\.[0-9]{3}-[0-9]`,
  ],
  examples: ['NIT 213.123.432-1'],
  isValid: (compact, written) => !looksLikeAddress(written) && isNit(compact),
})

export const coNitLabelled = numbered({
  name: 'co_nit_labelled',
  title: 'Colombian NIT beside a word',
  finds: 'What `co_nit` finds, with a hyphen alone or in one run.',
  misses: 'Numbers that no word names, and those without the check digit.',
  shapes: ['[1-9][0-9]{5,9}-?[0-9]', String.raw`[1-9][0-9]{0,2}(?:\.[0-9]{3}){2,3}-?[0-9]`],
  gate: {
    words: [
      'nit',
      'nit no',
      'identificación tributaria',
      'identificacion tributaria',
      'registro único tributario',
      'dian',
    ],
  },
  examples: ['NIT 900544472-2'],
  isValid: isNit,
})

export const coCedula = numbered({
  name: 'co_cedula',
  title: 'Colombian identity card number',
  finds: 'Numbers of identity cards (cédula de ciudadanía): six to ten digits, in one run or grouped by full stops.',
  misses: 'Numbers further than 12 characters from a word. There is no check digit.',
  shapes: [String.raw`[1-9][0-9]{0,2}(?:\.[0-9]{3}){2,3}`, '[1-9][0-9]{5,9}'],
  gate: {
    words: [
      'cédula de ciudadanía',
      'cedula de ciudadania',
      'cédula de extranjería',
      'cedula de extranjeria',
      'cédula',
      'cedula',
      'tarjeta de identidad',
      'número de cédula',
    ],
    within: 12,
  },
  examples: ['cédula de ciudadanía 1.020.345.678'],
  isValid: (compact) => compact.length <= 10,
})

/** The check digit, or the letter that older documents have in its place, over the eight digits before it. */
function hasRightCheck(compact: string): boolean {
  const check = compact[8]
  if (check === undefined) return true
  if (/[0-9]/.test(check)) return acceptedBy(isCui)(compact)
  return 'KJIHGFEDCBA'[weightedSum(compact.slice(0, 8), { weights: [3, 2, 7, 6, 5, 4, 3, 2], modulus: 11 })] === check
}

export const peDni = numbered({
  name: 'pe_dni',
  title: 'Peruvian identity document number',
  finds:
    'Numbers of the national identity document: eight digits, at times with a hyphen and a right check character, a digit or letter (modulus 11; Registro Nacional de Identificación y Estado Civil).',
  misses: 'Numbers further than 15 characters from a word. Without the check character any eight digits are found.',
  shapes: ['[0-9]{8}(?:-?[0-9A-Ka-k])?'],
  gate: {
    words: [
      'documento nacional de identidad',
      'documento de identidad',
      'número de documento',
      'dni nro',
      'dni n°',
      'dni nº',
      'reniec',
      ...asLabel('dni', 'cui'),
    ],
    keys: [keyNamed('dni', 'cui')],
    within: 15,
  },
  examples: ['DNI: 10117410-2'],
  isValid: hasRightCheck,
})

export const peRuc = numbered({
  name: 'pe_ruc',
  title: 'Peruvian taxpayer number',
  finds:
    'Taxpayer numbers of eleven digits: 10, 15, 16 or 17 for persons, 20 for companies, and a right check digit (modulus 11; SUNAT).',
  misses: 'Numbers that no word names.',
  shapes: ['(?:1[0567]|20)[0-9]{8}-?[0-9]'],
  gate: {
    words: ['ruc', 'registro único de contribuyentes', 'registro unico de contribuyentes', 'sunat', 'contribuyente'],
  },
  examples: ['RUC 20512333797'],
  isValid: isPeruvianRuc,
})

export const veRif = numbered({
  name: 've_rif',
  title: 'Venezuelan RIF',
  finds:
    'Tax numbers as they are printed, `V-NNNNNNNN-N`: V or E for persons, J, G, P or C for others, eight digits and a right check digit (modulus 11; SENIAT).',
  misses: 'Numbers without hyphens; see `ve_rif_labelled`.',
  shapes: ['[CEGJPVcegjpv]-[0-9]{8}-[0-9]'],
  examples: ['RIF V-11470283-4'],
  isValid: isRif,
})

export const veRifLabelled = numbered({
  name: 've_rif_labelled',
  title: 'Venezuelan RIF beside a word',
  finds: 'What `ve_rif` finds, and the number in one run or with one hyphen.',
  misses: 'Numbers that no word names.',
  shapes: ['[CEGJPVcegjpv][ -]?[0-9]{8}[ -]?[0-9]'],
  gate: { words: ['rif', 'registro único de información fiscal', 'registro unico de informacion fiscal', 'seniat'] },
  examples: ['rif V114702834'],
  isValid: isRif,
})

export const veCedula = numbered({
  name: 've_cedula',
  title: 'Venezuelan identity card number',
  finds:
    'Identity card numbers: V or E, a hyphen at times, and six to eight digits, in one run or grouped by full stops.',
  misses: 'Numbers that no word names, and those without the letter. There is no check digit.',
  shapes: ['[VEve][ -]?[1-9][0-9]{5,7}', String.raw`[VEve][ -]?[1-9][0-9]{0,2}(?:\.[0-9]{3}){1,2}`],
  gate: {
    words: ['cédula', 'cedula', 'cédula de identidad', 'cedula de identidad', ...asLabel('ci')],
    keys: [keyNamed('ci')],
  },
  examples: ['cédula V-12.345.678'],
  isValid: (compact) => compact.length >= 7,
})
