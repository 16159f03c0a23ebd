import { numbered } from './numbered.ts'

/** What the states issue, as the American Association of Motor Vehicle Administrators lists it; fewer than six characters left out. */
const LICENCES: readonly RegExp[] = [
  /^[0-9]{7,14}$/,
  // Most states: a letter, often the first of the name. New York had eighteen digits behind it.
  /^[A-Z](?:[0-9]{5,14}|[0-9]{18})$/,
  // Colorado, Ohio, Puerto Rico, West Virginia; North Dakota; Idaho.
  /^(?:[A-Z]{2}[0-9]{5,7}|[A-Z]{3}[0-9]{6}|[A-Z]{2}[0-9]{6}[A-Z])$/,
  // New Hampshire; Iowa; Maine, Missouri and Vermont.
  /^(?:[0-9]{2}[A-Z]{3}[0-9]{5}|[0-9]{3}[A-Z]{2}[0-9]{4}|[0-9]{7,9}[A-Z]|[0-9]{8}[A-Z]{2})$/,
  // Missouri with an R; Washington, old and new.
  /^(?:[A-Z][0-9]{6}R|[A-Z]{5,7}[0-9]{3}[0-9A-Z]{2}|WDL[0-9A-Z]{9})$/,
]

const DATE = /^(?:19|20)[0-9]{2}-[01][0-9]-[0-3][0-9]$/

export const usDriverLicense = numbered({
  name: 'us_driver_license',
  title: 'US driver licence number',
  finds:
    'Driver licence numbers in the forms that the states issue: seven to fourteen digits, a letter and five to fourteen digits, two or three letters and five to seven digits, and the forms of single states; with or without hyphens.',
  misses:
    'Numbers further than 15 characters from a word, those with fewer than six characters, and spaces within a number. No state publishes a check digit, so any number of such a form beside a word is found.',
  shapes: [
    '[A-Za-z]{0,3}[0-9]{1,4}(?:-?[0-9]{1,5}){1,5}[A-Za-z]{0,2}',
    '[0-9]{2,3}[A-Za-z]{2,3}[0-9]{4,5}',
    '[A-Za-z]{5,7}[0-9]{3}[0-9A-Za-z]{2}',
    'WDL[0-9A-Z]{9}',
  ],
  gate: {
    words: [
      'driver license',
      'drivers license',
      "driver's license",
      'driver licence',
      'drivers licence',
      "driver's licence",
      'driver license number',
      'drivers license number',
      'driving license',
      'driving licence',
      'operator license',
      'dl number',
      'dl no',
      'dln',
      'dmv',
      'licencia de conducir',
    ],
    within: 15,
  },
  examples: ["driver's license D1234567", 'DL number: S514-172-80-844-0'],
  isValid: (compact, written) => !DATE.test(written) && LICENCES.some((licence) => licence.test(compact)),
})

export const usPassport = numbered({
  name: 'us_passport',
  title: 'US passport number',
  finds:
    'Numbers of US passports and passport cards: nine digits, or a letter and eight digits (travel.state.gov, DS-82).',
  misses:
    'Numbers further than 15 characters from a word. There is no check digit outside of the machine-readable zone.',
  shapes: ['[A-Za-z]?[0-9]{8}', '[0-9]{9}'],
  gate: {
    words: [
      'passport',
      'passports',
      'passport number',
      'passport no',
      'passport card',
      'us passport',
      'travel document',
      'pasaporte',
    ],
    within: 15,
  },
  examples: ['passport number A12803456', 'US passport 340007237'],
  isValid: (compact) => compact.length === 9,
})
