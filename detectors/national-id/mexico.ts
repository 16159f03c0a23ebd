import { validate as isPopulationKey } from 'stdnum/lib/cjs/mx/curp.js'
import { validate as isTaxpayer } from 'stdnum/lib/cjs/mx/rfc.js'
import { acceptedBy, numbered } from './numbered.ts'

const isCurp = acceptedBy(isPopulationKey)
const isRfc = acceptedBy(isTaxpayer)

/** A word boundary, an escape, or anything: Ñ and & are no word characters. */
const LEFT_EDGE_WITH_SIGNS = String.raw`(?:\b|%[0-9A-Fa-f]{2}|\\(?:[bfnrt]|u[0-9A-Fa-f]{4})|\B)`

const YYMMDD = '[0-9]{2}[01][0-9][0-3][0-9]'

export const mxCurp = numbered({
  name: 'mx_curp',
  title: 'Mexican population registry key',
  finds:
    'CURPs of eighteen characters: four letters of the names, none of the words that are never formed, date of birth, H, M or X for sex, a state, three consonants, a character for the century and a right check digit (Registro Nacional de Población).',
  misses: 'Keys with a space or hyphen in them.',
  shapes: [`(?i:[A-Z]{4}${YYMMDD}[HMX][A-Z]{5}[0-9A-Z][0-9])`],
  wakes: [`(?i:[A-Z]${YYMMDD}[HMX][A-Z]{5}[0-9A-Z][0-9])`],
  lowEntropy: false,
  examples: ['CURP BOXW310820HNERXN09'],
  isValid: isCurp,
})

export const mxRfc = numbered({
  name: 'mx_rfc',
  title: 'Mexican taxpayer number',
  finds:
    'Taxpayer numbers in capitals: four letters for a person, three for a company, date of birth or foundation, two characters and a right check character (modulus 11; Servicio de Administración Tributaria).',
  misses:
    'Numbers of ten characters, without the last three, those of companies with digits alone behind the letters, and numbers in small letters or with separators; see `mx_rfc_labelled`.',
  shapes: [`[A-ZÑ&]{4}${YYMMDD}[1-9A-V][1-9A-Z][0-9A]`, `[A-ZÑ&]{3}${YYMMDD}[1-9A-V][1-9A-Z][0-9A]`],
  wakes: [`[A-ZÑ&]${YYMMDD}[1-9A-V][1-9A-Z][0-9A]`],
  leftEdge: LEFT_EDGE_WITH_SIGNS,
  lowEntropy: false,
  examples: ['RFC GODE561231GR8'],
  // Serial numbers of devices are three letters and nine digits, and one in eleven has a right check digit.
  isValid: (compact) => (compact.length === 13 || /[A-Z].{0,2}$/.test(compact)) && isRfc(compact),
})

export const mxRfcLabelled = numbered({
  name: 'mx_rfc_labelled',
  title: 'Mexican taxpayer number beside a word',
  finds: 'What `mx_rfc` finds, in small letters, with spaces or hyphens, and without the last three characters.',
  misses: 'Numbers that no word names.',
  shapes: [`[A-ZÑ&a-zñ]{3,4}[ -]?${YYMMDD}(?:[ -]?[0-9A-Za-z]{3})?`],
  leftEdge: LEFT_EDGE_WITH_SIGNS,
  gate: {
    words: [
      'rfc receptor',
      'rfc emisor',
      'rfc del contribuyente',
      'registro federal de contribuyentes',
      'contribuyente',
      'contribuyentes',
      'rfc',
      'homoclave',
      'cfdi',
    ],
  },
  lowEntropy: false,
  examples: ['rfc mhtr-930411-79a', 'RFC COMG-600703'],
  isValid: isRfc,
})
