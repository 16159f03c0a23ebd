import * as austria from 'stdnum/lib/cjs/at/uid.js'
import * as belgium from 'stdnum/lib/cjs/be/vat.js'
import * as bulgaria from 'stdnum/lib/cjs/bg/vat.js'
import * as switzerland from 'stdnum/lib/cjs/ch/vat.js'
import * as cyprus from 'stdnum/lib/cjs/cy/vat.js'
import * as czechia from 'stdnum/lib/cjs/cz/dic.js'
import * as germany from 'stdnum/lib/cjs/de/vat.js'
import * as denmark from 'stdnum/lib/cjs/dk/cvr.js'
import * as estonia from 'stdnum/lib/cjs/ee/kmkr.js'
import * as spain from 'stdnum/lib/cjs/es/nif.js'
import * as finland from 'stdnum/lib/cjs/fi/alv.js'
import * as france from 'stdnum/lib/cjs/fr/tva.js'
import * as unitedKingdom from 'stdnum/lib/cjs/gb/vat.js'
import * as greece from 'stdnum/lib/cjs/gr/vat.js'
import * as croatia from 'stdnum/lib/cjs/hr/oib.js'
import * as hungary from 'stdnum/lib/cjs/hu/anum.js'
import * as ireland from 'stdnum/lib/cjs/ie/vat.js'
import * as italy from 'stdnum/lib/cjs/it/iva.js'
import * as lithuania from 'stdnum/lib/cjs/lt/pvm.js'
import * as luxembourg from 'stdnum/lib/cjs/lu/tva.js'
import * as latvia from 'stdnum/lib/cjs/lv/pvn.js'
import * as malta from 'stdnum/lib/cjs/mt/vat.js'
import * as netherlands from 'stdnum/lib/cjs/nl/btw.js'
import * as poland from 'stdnum/lib/cjs/pl/nip.js'
import * as portugal from 'stdnum/lib/cjs/pt/nif.js'
import * as romania from 'stdnum/lib/cjs/ro/cif.js'
import * as sweden from 'stdnum/lib/cjs/se/vat.js'
import * as slovenia from 'stdnum/lib/cjs/si/ddv.js'
import * as slovakia from 'stdnum/lib/cjs/sk/dph.js'
import type { Detector } from '../detector.ts'
import { acceptedBy } from '../national-id/numbered.ts'
import { lettersAndDigits, standalone } from '../standalone.ts'

interface Country {
  readonly number: { validate(value: string): { readonly isValid: boolean } }
  /** What follows the prefix, without separators. */
  readonly shape: RegExp
}

/** By the prefix of the VAT number, which for Greece is no code of ISO 3166. */
const COUNTRIES: Readonly<Record<string, Country>> = {
  AT: { number: austria, shape: /^U\d{8}$/ },
  BE: { number: belgium, shape: /^[01]\d{9}$/ },
  BG: { number: bulgaria, shape: /^\d{9,10}$/ },
  CHE: { number: switzerland, shape: /^\d{9}(?:MWST|TVA|IVA|TPV)$/ },
  CY: { number: cyprus, shape: /^\d{8}[A-Z]$/ },
  CZ: { number: czechia, shape: /^\d{8,10}$/ },
  DE: { number: germany, shape: /^\d{9}$/ },
  DK: { number: denmark, shape: /^\d{8}$/ },
  EE: { number: estonia, shape: /^\d{9}$/ },
  EL: { number: greece, shape: /^\d{9}$/ },
  ES: { number: spain, shape: /^[A-Z0-9]\d{7}[A-Z0-9]$/ },
  FI: { number: finland, shape: /^\d{8}$/ },
  FR: { number: france, shape: /^[A-HJ-NP-Z0-9]{2}\d{9}$/ },
  GB: { number: unitedKingdom, shape: /^(?:\d{9}|\d{12})$/ },
  HR: { number: croatia, shape: /^\d{11}$/ },
  HU: { number: hungary, shape: /^\d{8}$/ },
  IE: { number: ireland, shape: /^\d[A-Z0-9+*]\d{5}[A-Z]{1,2}$/ },
  IT: { number: italy, shape: /^\d{11}$/ },
  LT: { number: lithuania, shape: /^(?:\d{9}|\d{12})$/ },
  LU: { number: luxembourg, shape: /^\d{8}$/ },
  LV: { number: latvia, shape: /^\d{11}$/ },
  MT: { number: malta, shape: /^\d{8}$/ },
  NL: { number: netherlands, shape: /^\d{9}B\d{2}$/ },
  PL: { number: poland, shape: /^\d{10}$/ },
  PT: { number: portugal, shape: /^\d{9}$/ },
  RO: { number: romania, shape: /^\d{2,10}$/ },
  SE: { number: sweden, shape: /^\d{10}01$/ },
  SI: { number: slovenia, shape: /^\d{8}$/ },
  SK: { number: slovakia, shape: /^\d{10}$/ },
}

const PREFIX_LENGTHS = [3, 2]

export const vatNumber: Detector = standalone({
  name: 'vat_number',
  title: 'VAT identification number',
  group: 'financial',
  activation: 'gated',
  finds:
    'VAT numbers of the European Union, the United Kingdom and Switzerland with their country prefix, with or without spaces, dots and hyphens, with the structure and check digits of the country (stdnum), near a word that names them.',
  misses:
    'Numbers without the prefix, and without such a word or key. Where a country has one check digit, one in ten passes by chance.',
  shapes: [`(?:${Object.keys(COUNTRIES).map(inAnyCase).join('|')})(?:[ .-]?[0-9A-Za-z]){2,16}`],
  gate: {
    // biome-ignore format: a list of words
    words: [
      'vat', 'vat id', 'vat number', 'vat no', 'vat reg', 'vatin', 'value added tax', 'tax id', 'tax number',
      'ust id', 'ust idnr', 'ustid', 'ustidnr', 'umsatzsteuer', 'umsatzsteuer id',
      'umsatzsteuer identifikationsnummer', 'mwst', 'mehrwertsteuer', 'uid nummer', 'tva', 'numero tva',
      'iva', 'partita iva', 'p iva', 'piva', 'nif', 'btw', 'btw nummer', 'moms', 'momsnr', 'nip', 'dic',
      'arvonlisavero', 'alv', 'pvm', 'pvn', 'ddv', 'oib',
    ],
  },
  lowEntropy: true,
  examples: ['USt-IdNr. DE 136 695 976', 'VAT no. ATU13585627'],
  accepts: isVatNumber,
})

/** `[Dd][Ee]` for `DE`. */
function inAnyCase(prefix: string): string {
  return prefix.replace(/./g, (letter) => `[${letter}${letter.toLowerCase()}]`)
}

function isVatNumber(printed: string): boolean {
  const compact = lettersAndDigits(printed)
  for (const length of PREFIX_LENGTHS) {
    const country = COUNTRIES[compact.slice(0, length)]
    if (country === undefined) continue
    const rest = compact.slice(length)
    return country.shape.test(rest) && [compact, rest].some(acceptedBy(country.number.validate))
  }
  return false
}
