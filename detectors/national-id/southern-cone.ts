import { validate as isTaxIdentification } from 'stdnum/lib/cjs/ar/cuit.js'
import { validate as isRolUnico } from 'stdnum/lib/cjs/cl/rut.js'
import { validate as isParaguayanTaxpayer } from 'stdnum/lib/cjs/py/ruc.js'
import { validate as isUruguayanCedula } from 'stdnum/lib/cjs/uy/cedula.js'
import { validate as isUruguayanTaxpayer } from 'stdnum/lib/cjs/uy/rut.js'
import { asLabel, keyNamed } from './labels.ts'
import { looksLikeAddress } from './number-groups.ts'
import { acceptedBy, numbered } from './numbered.ts'

const isRut = acceptedBy(isRolUnico)
const isCuit = acceptedBy(isTaxIdentification)
const isUyCedula = acceptedBy(isUruguayanCedula)
const isUyRut = acceptedBy(isUruguayanTaxpayer)
const isPyRuc = acceptedBy(isParaguayanTaxpayer)

export const clRut = numbered({
  name: 'cl_rut',
  title: 'Chilean RUT',
  finds:
    'Numbers of persons (RUN) and taxpayers (RUT) as they are printed, `NN.NNN.NNN-N`, with a right check character, a digit or K (modulus 11; Servicio de Registro Civil).',
  misses:
    'Numbers without full stops, and those that could be a version or an address, no group above 255; see `cl_rut_labelled`.',
  shapes: [String.raw`[1-9][0-9]?\.[0-9]{3}\.[0-9]{3}-[0-9Kk]`],
  examples: ['RUT 12.531.909-2'],
  isValid: (compact, written) => !looksLikeAddress(written) && isRut(compact),
})

export const clRutLabelled = numbered({
  name: 'cl_rut_labelled',
  title: 'Chilean RUT beside a word',
  finds: 'What `cl_rut` finds, and the number with a hyphen alone or in one run.',
  misses: 'Numbers that no word names. `RUN` counts where it labels a value (`RUN: …`).',
  shapes: [String.raw`[1-9][0-9]?\.?[0-9]{3}\.?[0-9]{3}-?[0-9Kk]`],
  gate: {
    words: [
      'rut',
      'rol único tributario',
      'rol unico tributario',
      'rol único nacional',
      'rol unico nacional',
      'cédula de identidad',
      'cedula de identidad',
      ...asLabel('run'),
    ],
    keys: [keyNamed('run')],
  },
  examples: ['RUT 12531909-2'],
  isValid: isRut,
})

export const arCuit = numbered({
  name: 'ar_cuit',
  title: 'Argentine CUIT or CUIL',
  finds:
    'Tax and labour numbers as they are printed, `NN-NNNNNNNN-N`: 20, 23, 24 or 27 and the identity number for persons, 30, 33 or 34 for companies, 50 to 55 for foreigners, with a right check digit (modulus 11; Administración Federal de Ingresos Públicos).',
  misses: 'Numbers in one run; see `ar_cuit_labelled`.',
  shapes: ['(?:2[0347]|3[034]|5[015])-[0-9]{8}-[0-9]'],
  examples: ['CUIT 20-05536168-2'],
  isValid: isCuit,
})

export const arCuitLabelled = numbered({
  name: 'ar_cuit_labelled',
  title: 'Argentine CUIT or CUIL beside a word',
  finds: 'What `ar_cuit` finds, and the eleven digits in one run or with other separators.',
  misses: 'Numbers that no word names.',
  shapes: ['(?:2[0347]|3[034]|5[015])[ ./-]?[0-9]{8}[ ./-]?[0-9]'],
  gate: {
    words: [
      'cuit',
      'cuil',
      'cuit cuil',
      'cdi',
      'clave única de identificación',
      'identificación tributaria',
      'identificación laboral',
    ],
  },
  examples: ['cuil 20055361682'],
  isValid: isCuit,
})

export const arDni = numbered({
  name: 'ar_dni',
  title: 'Argentine identity document number',
  finds: 'Numbers of the national identity document: seven or eight digits, in one run or grouped by full stops.',
  misses: 'Numbers further than 15 characters from a word. There is no check digit.',
  shapes: [String.raw`[1-9][0-9]?\.[0-9]{3}\.[0-9]{3}`, '[1-9][0-9]{6,7}'],
  gate: {
    words: [
      'documento nacional de identidad',
      'documento de identidad',
      'nro documento',
      'número de documento',
      'libreta cívica',
      'libreta de enrolamiento',
      'dni nro',
      'dni n°',
      'dni nº',
      ...asLabel('dni'),
    ],
    keys: [keyNamed('dni')],
    within: 15,
  },
  examples: ['DNI: 20.123.456', 'dni nro 20123456'],
  isValid: () => true,
})

export const uyCedula = numbered({
  name: 'uy_cedula',
  title: 'Uruguayan identity card number',
  finds:
    'Identity card numbers of eight digits, `N.NNN.NNN-N`, with a hyphen alone or in one run, with a right check digit (weights 2 9 8 7 6 3 4, modulus 10; Dirección Nacional de Identificación Civil).',
  misses: 'Numbers that no word names, and those with seven digits. `CI` counts where it labels a value (`CI: …`).',
  shapes: [String.raw`[1-9]\.?[0-9]{3}\.?[0-9]{3}-?[0-9]`],
  gate: {
    words: [
      'cédula',
      'cedula',
      'cédula de identidad',
      'cedula de identidad',
      'documento de identidad',
      ...asLabel('ci'),
    ],
    keys: [keyNamed('ci')],
  },
  examples: ['cédula 1.234.567-2'],
  isValid: isUyCedula,
})

export const uyRut = numbered({
  name: 'uy_rut',
  title: 'Uruguayan taxpayer number',
  finds:
    'Taxpayer numbers of twelve digits: 01 to 21, six digits, 001 and a right check digit (modulus 11; Dirección General Impositiva). Persons in business have them too.',
  misses: 'Numbers that no word names.',
  shapes: ['(?:0[1-9]|1[0-9]|2[01])[ -]?[0-9]{6}[ -]?001[ -]?[0-9]'],
  gate: { words: ['rut', 'ruc', 'registro único tributario', 'registro unico tributario'] },
  examples: ['RUT 211406340011'],
  isValid: isUyRut,
})

export const pyRuc = numbered({
  name: 'py_ruc',
  title: 'Paraguayan taxpayer number',
  finds:
    'Taxpayer numbers: the number of the identity card, or 80 and six digits for companies, a hyphen and a right check digit (modulus 11; Dirección Nacional de Ingresos Tributarios).',
  misses: 'Numbers that no word names, and those without the hyphen.',
  shapes: ['[1-9][0-9]{3,7}-[0-9]', String.raw`[1-9][0-9]{0,2}(?:\.[0-9]{3}){1,2}-[0-9]`],
  gate: { words: ['ruc', 'registro único de contribuyentes', 'registro único del contribuyente', 'contribuyente'] },
  examples: ['RUC 80028061-0'],
  isValid: isPyRuc,
})

export const pyCedula = numbered({
  name: 'py_cedula',
  title: 'Paraguayan identity card number',
  finds: 'Identity card numbers of five to seven digits, in one run or grouped by full stops.',
  misses: 'Numbers further than 12 characters from a word. There is no check digit.',
  shapes: ['[1-9][0-9]{0,2}(?:[.-][0-9]{3}){1,2}', '[1-9][0-9]{4,6}'],
  gate: {
    words: [
      'cédula de identidad',
      'cedula de identidad',
      'cédula de identidad civil',
      'cédula',
      'cedula',
      'cédula no',
      'cedula no',
    ],
    within: 12,
  },
  examples: ['cédula de identidad 4.123.456'],
  isValid: (compact) => compact.length >= 5,
})
