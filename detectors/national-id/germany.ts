import { validate as isIdNr } from 'stdnum/lib/cjs/de/idnr.js'
import { validate as isTaxNumber } from 'stdnum/lib/cjs/de/stnr.js'
import { validate as isPensionNumber } from 'stdnum/lib/cjs/de/svnr.js'
import { weightedSum } from 'stdnum/lib/cjs/util/checksum.js'
import { isDayOfYear, looksHexadecimal } from './dates.ts'
import { acceptedBy, numbered } from './numbered.ts'

const hasIdNrCheckDigit = acceptedBy(isIdNr)
const isRvnr = acceptedBy(isPensionNumber)
const isStateTaxNumber = acceptedBy(isTaxNumber)

export const deIdnr = numbered({
  name: 'de_idnr',
  title: 'German tax identification number',
  finds:
    'Steuerliche Identifikationsnummern: eleven digits, in one run or grouped 2-3-3-3, the first not 0, no digit more than three times among the first ten, with the check digit of ISO 7064 mod 11,10 (section 139b AO).',
  misses:
    'Numbers that no word names. That one digit must come twice or thrice is not asked for: made-up ones lack it.',
  shapes: ['[1-9][0-9](?:[ /-]?[0-9]{3}){3}'],
  gate: {
    words: [
      'steueridentifikationsnummer',
      'steuerliche identifikationsnummer',
      'identifikationsnummer',
      'steuer id',
      'steuer idnr',
      'steuer identnummer',
      'steuernummer',
      'idnr',
      'tin',
      'tax id',
      'tax identification number',
    ],
  },
  examples: ['Steuer-ID 36 574 261 809'],
  isValid: (compact) => !/(.)(?:.*\1){3}/.test(compact.slice(0, 10)) && hasIdNrCheckDigit(compact),
})

export const deRvnr = numbered({
  name: 'de_rvnr',
  title: 'German pension insurance number',
  finds:
    'Versicherungsnummern of the German pension insurance (SVNR, RVNR): area, day (plus 50 where the serial was used up), month and year of birth, the initial of the birth name, serial and check digit (weights 2 1 2 5 7 1 2 1 2 1 2 1, digit sums, modulus 10; VKVV section 4).',
  misses: 'In lower case, numbers that hexadecimal text may hold: `65170839j003` is found, `15070649c103` is not.',
  shapes: ['[0-9]{2} ?[0-8][0-9](?:0[1-9]|1[0-2])[0-9]{2} ?[A-Za-z] ?[0-9]{2} ?[0-9]'],
  examples: ['RVNR 15070649C103', 'SV-Nr. 65 170839 J 00 3'],
  isValid: (compact, written) =>
    !looksHexadecimal(written) &&
    isDayOfYear(Number(compact.slice(4, 6)), Number(compact.slice(2, 4)) % 50) &&
    isRvnr(compact),
})

/** Letters without vowels and without those that look like digits, as in the machine-readable zone. */
const DOCUMENT = '(?i:[CFGHJKLMNPRTVWXYZ][CFGHJKLMNPRTVWXYZ0-9]{8}[0-9]?D?)'

/** Nine characters, and the check digit of ICAO 9303-3 section 4.9 where it is written too. */
function isDocumentNumber(compact: string): boolean {
  if (!/[0-9]/.test(compact)) return false
  const number = compact.replace(/D$/, '')
  return (
    number.length === 9 || weightedSum(number.slice(0, 9), { weights: [7, 3, 1], modulus: 10 }) === Number(number[9])
  )
}

export const deIdCard = numbered({
  name: 'de_id_card',
  title: 'German identity card number',
  finds:
    'Serial numbers of identity cards: nine characters of the digits and the letters CFGHJKLMNPRTVWXYZ, the first a letter, with at least one digit; or ten, the last of which is the check digit of ICAO 9303 (weights 7 3 1); and the old ones of ten digits and a D.',
  misses: 'Numbers that no word names. Nine characters have no check digit, and passports look the same.',
  shapes: [DOCUMENT, '[0-9]{10}[Dd]?'],
  gate: {
    words: [
      'personalausweis',
      'personalausweisnummer',
      'bundespersonalausweis',
      'ausweis',
      'ausweisnummer',
      'ausweis nr',
      'ausweisdokument',
      'identity card',
      'id card',
      'npa',
    ],
  },
  lowEntropy: false,
  examples: ['Personalausweis L01X00T471', 'Ausweisnummer: T22000129'],
  isValid: isDocumentNumber,
})

export const dePassport = numbered({
  name: 'de_passport',
  title: 'German passport number',
  finds:
    'Numbers of German passports: nine characters of the digits and the letters CFGHJKLMNPRTVWXYZ, the first a letter, with at least one digit; or ten, the last of which is the check digit of ICAO 9303 (weights 7 3 1).',
  misses: 'Numbers that no word names. Nine characters have no check digit.',
  shapes: [DOCUMENT],
  gate: {
    words: [
      'reisepass',
      'reisepassnummer',
      'passnummer',
      'pass nr',
      'passport',
      'passport number',
      'passport no',
      'reisedokument',
    ],
  },
  lowEntropy: false,
  examples: ['Reisepass C01X00T478', 'passport number F12345671'],
  isValid: isDocumentNumber,
})

export const deSteuernummer = numbered({
  name: 'de_steuernummer',
  title: 'German tax number',
  finds:
    'Steuernummern of the tax offices: as the states print them (`181/815/08155`, `24 815 08151`, `133/8150/8159`), as ten or eleven digits in a form that a state uses, and as the thirteen digits of ELSTER, which begin with a state.',
  misses: 'Numbers that no word names. Their check digits differ from state to state and are not looked at.',
  shapes: [
    '[0-9]{2,3}[/ ][0-9]{3,4}[/ ][0-9]{4,5}',
    '[0-9]{5}[/ ][0-9]{5}',
    '[0-9]{10,11}',
    '(?:0[1-9]|1[0-6]|2[1-46-8]|3[0-2]|4[01]|5[0-9]|9[0-9])[0-9]{11}',
  ],
  gate: {
    words: [
      'steuernummer',
      'steuer nr',
      'steuernr',
      'st nr',
      'st. nr',
      'finanzamt',
      'einkommensteuer',
      'umsatzsteuer',
      'tax number',
    ],
  },
  examples: ['Steuernummer 181/815/08155'],
  isValid: (compact, written) => compact !== written || compact.length === 13 || isStateTaxNumber(compact),
})

export const deHandelsregister = numbered({
  name: 'de_handelsregister',
  title: 'German commercial register number',
  finds:
    'Numbers of the commercial register: `HRA` or `HRB`, one to six digits, and at times a letter behind. A merchant of part A is a person, and a company may be one; most are not.',
  misses: 'The court, without which a number is not unique, and numbers without their part of the register.',
  shapes: ['(?i:HR[AB])(?:[ -]?Nr[.:]{0,2})? ?[0-9]{1,6}(?: ?[A-Z])?'],
  activation: 'off',
  examples: ['Amtsgericht München HRB 123456'],
  isValid: () => true,
})

export const deVehiclePlate = numbered({
  name: 'de_vehicle_plate',
  title: 'German number plate',
  finds:
    'Number plates beside a word for them: a district of one to three letters, one or two letters, and up to four digits with no leading zero, at times with an E or H behind; separated by spaces or hyphens.',
  misses:
    'Plates that no word names, plates without separators, and those of authorities, which have no letters in the middle. Districts are not looked up.',
  shapes: ['(?i:[A-ZÄÖÜ]{1,3}[ -][A-Z]{1,2}[ -]?[1-9][0-9]{0,3} ?[EH]?)'],
  leftEdge: String.raw`(?:\b|%[0-9A-Fa-f]{2}|\\(?:[bfnrt]|u[0-9A-Fa-f]{4})|\B)`,
  gate: {
    words: [
      'kennzeichen',
      'kfz kennzeichen',
      'fahrzeugkennzeichen',
      'nummernschild',
      'number plate',
      'licence plate',
      'license plate',
      'plate number',
    ],
  },
  examples: ['Kennzeichen HH-AB 1234'],
  isValid: (compact) => compact.length <= 9,
})
