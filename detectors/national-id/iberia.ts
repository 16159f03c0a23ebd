import { validate as isAnyNif } from 'stdnum/lib/cjs/es/nif.js'
import { validate as isNss } from 'stdnum/lib/cjs/es/nss.js'
import { validate as isCitizenCard } from 'stdnum/lib/cjs/pt/cc.js'
import { validate as isPortugueseNif } from 'stdnum/lib/cjs/pt/nif.js'
import { acceptedBy, numbered } from './numbered.ts'

const isSpanishNif = acceptedBy(isAnyNif)

/** Digits with a letter that hexadecimal numbers, sizes (`12582912K`) and quantities (`12345678n`) end in as well. */
const WEAK_LETTER = /^[0-9]{8}[KBa-fhkmnsu]$/

export const esNif = numbered({
  name: 'es_nif',
  title: 'Spanish DNI, NIE or NIF of a person',
  finds:
    'Identity numbers of persons in Spain: DNI (eight digits), NIE (X, Y or Z and seven digits) and NIF that begin with K, L or M; each with its check letter (modulus 23, `TRWAGMYFPDXBNJZSQVHLCKE`), at times with a hyphen before it.',
  misses:
    'Numbers of companies; eight digits and a K or B, or a lower-case letter that units and hexadecimal numbers have, without a hyphen; less than eight digits: see `es_nif_labelled`.',
  shapes: ['[0-9]{8}-?[A-Za-z]', '[XYZxyzKLMklm]-?[0-9]{7}-?[A-Za-z]'],
  examples: ['DNI 12345678Z', 'NIE X9613851N'],
  isValid: (compact, written) => !WEAK_LETTER.test(written) && isSpanishNif(compact),
})

export const esNifLabelled = numbered({
  name: 'es_nif_labelled',
  title: 'Spanish DNI, NIE, NIF or CIF beside a word',
  finds:
    'What `es_nif` finds, with every check letter, with full stops between the digits, with seven digits, and of companies (CIF), beside a word for it.',
  misses: 'Numbers that no word names.',
  shapes: [
    String.raw`[0-9]{1,2}\.?[0-9]{3}\.?[0-9]{3}[ -]?[A-Za-z]`,
    '[XYZxyzKLMklm][ -]?[0-9]{7}[ -]?[A-Za-z]',
    '[A-HJNP-SU-Wa-hjnp-su-w][ -]?[0-9]{7}[ -]?[0-9A-Ja-j]',
  ],
  gate: {
    words: [
      'dni',
      'nie',
      'nif',
      'cif',
      'documento nacional de identidad',
      'documento de identidad',
      'numero de identificacion',
      'número de identificación',
      'identificacion fiscal',
      'identificación fiscal',
    ],
  },
  examples: ['dni 55.555.555-k'],
  isValid: (compact) => isSpanishNif(compact.padStart(9, '0')),
})

export const esNuss = numbered({
  name: 'es_nuss',
  title: 'Spanish social security number',
  finds:
    'Números de afiliación a la Seguridad Social (NUSS, NSS): two digits of a province, eight digits, and the rest of those ten modulo 97; in one run or with spaces, hyphens or slashes.',
  misses: 'Numbers that no word names, and those of companies, which have eleven digits.',
  shapes: ['[0-9]{2}[ /-]?[0-9]{8}[ /-]?[0-9]{2}'],
  gate: {
    words: [
      'nuss',
      'nss',
      'naf',
      'seguridad social',
      'numero de afiliacion',
      'número de afiliación',
      'social security',
    ],
  },
  examples: ['NUSS 28/12345678/40'],
  isValid: acceptedBy(isNss),
})

export const ptNif = numbered({
  name: 'pt_nif',
  title: 'Portuguese taxpayer number',
  finds:
    'Números de identificação fiscal of Portugal: nine digits, the first not 0, the last a check digit (weights 9 to 2, modulus 11), in one run or in threes, at times behind `PT`.',
  misses: 'Numbers that no word names.',
  shapes: ['(?:PT ?)?[1-9][0-9]{2}[ .]?[0-9]{3}[ .]?[0-9]{3}'],
  gate: {
    words: [
      'nif',
      'nipc',
      'contribuinte',
      'numero de contribuinte',
      'número de contribuinte',
      'identificacao fiscal',
      'identificação fiscal',
      'vat',
    ],
  },
  examples: ['NIF 501 964 843'],
  isValid: (compact) => acceptedBy(isPortugueseNif)(compact.replace('PT', '')),
})

export const ptCc = numbered({
  name: 'pt_cc',
  title: 'Portuguese citizen card number',
  finds:
    'Numbers of the Cartão de Cidadão: eight digits and their check digit, two letters or digits of the version, and a check digit over all of it (Luhn, letters as 10 to 35).',
  misses: 'Numbers that no word names, and the civil number of eight digits alone.',
  shapes: ['[0-9]{8}[ -]?[0-9][ -]?[0-9A-Za-z]{2}[ -]?[0-9]'],
  gate: {
    words: [
      'cartao de cidadao',
      'cartão de cidadão',
      'cartao cidadao',
      'cartão cidadão',
      'citizen card',
      'bilhete de identidade',
      'numero de documento',
      'número de documento',
    ],
  },
  lowEntropy: false,
  examples: ['cartão de cidadão 00000000 0 ZZ4'],
  isValid: acceptedBy(isCitizenCard),
})
