import { validate as isUtr } from 'stdnum/lib/cjs/gb/utr.js'
import { isDayOfYear, looksHexadecimal } from './dates.ts'
import { acceptedBy, numbered } from './numbered.ts'

/** Letters that HMRC uses: D, F, I, Q, U and V in neither place, O not in the second; some pairs are not issued. */
const NINO_PREFIX = /^(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]/

export const ukNino = numbered({
  name: 'uk_nino',
  title: 'UK National Insurance number',
  finds:
    'National Insurance numbers, two letters, six digits and a letter A to D, in one run or in pairs, in either case. The first two letters follow HMRC (National Insurance Manual NIM39110): not D, F, I, Q, U or V, no O in second place, and none of BG, GB, KN, NK, NT, TN and ZZ.',
  misses:
    'Numbers without their last letter, and in lower case those that hexadecimal text may hold (`ab123456c`): see `uk_nino_labelled`. There is no check digit.',
  shapes: ['[A-Za-z]{2}[0-9]{6}[A-Da-d]', '[A-Za-z]{2} [0-9]{2} [0-9]{2} [0-9]{2} [A-Da-d]'],
  wakes: ['[A-Za-z][0-9]{6}[A-Da-d]', '[A-Za-z] [0-9]{2} [0-9]{2} [0-9]{2} [A-Da-d]'],
  examples: ['NI AA 12 34 56 B', 'nino=TW987654A'],
  isValid: (compact, written) => NINO_PREFIX.test(compact) && !looksHexadecimal(written),
})

export const ukNinoLabelled = numbered({
  name: 'uk_nino_labelled',
  title: 'UK National Insurance number beside a word',
  finds: 'What `uk_nino` finds, also without the last letter and with other separators, beside a word for it.',
  misses: 'Numbers that no word names, and digits without letters.',
  shapes: ['[A-Za-z]{2}[ -]?[0-9]{2}[ -]?[0-9]{2}[ -]?[0-9]{2}(?:[ -]?[A-Da-d])?'],
  gate: { words: ['national insurance', 'nino', 'ni number', 'ni no', 'insurance number'] },
  examples: ['national insurance number AA123456'],
  isValid: (compact) => NINO_PREFIX.test(compact),
})

export const ukUtr = numbered({
  name: 'uk_utr',
  title: 'UK Unique Taxpayer Reference',
  finds:
    'Unique Taxpayer References: ten digits, in one run or in groups of five or three, at times with the three digits of the office before them and a K before or behind all, whose first digit checks the others (weights 6 7 8 9 10 5 4 3 2, modulus 11).',
  misses: 'References that no word names, and in groups of other sizes.',
  shapes: ['[Kk]?(?:[0-9]{3} ?)?[0-9]{5} ?[0-9]{5}[Kk]?', '[0-9]{3} [0-9]{3} [0-9]{3} ?[0-9][Kk]?'],
  gate: { words: ['utr', 'unique taxpayer reference', 'taxpayer reference', 'tax reference', 'self assessment'] },
  examples: ['UTR 19556 64370'],
  isValid: (compact) => acceptedBy(isUtr)(compact.replaceAll('K', '').slice(-10)),
})

export const ukTrn = numbered({
  name: 'uk_trn',
  title: 'UK Temporary Reference Number',
  finds: 'Temporary Reference Numbers of HMRC: two digits, a letter and five digits (`11 A1 11 11`).',
  misses: 'Numbers that no word names. There is no check digit.',
  shapes: ['[0-9]{2} ?[A-Za-z] ?[0-9] ?[0-9]{2} ?[0-9]{2}'],
  gate: { words: ['temporary reference number', 'temporary reference', 'national insurance'] },
  examples: ['temporary reference number: 63 T1 27 45'],
  isValid: () => true,
})

export const ukDrivingLicence = numbered({
  name: 'uk_driving_licence',
  title: 'Driving licence number of Great Britain',
  finds:
    'Driver numbers of the DVLA: five letters of the surname, filled with nines; the decade, month (plus 50 for women), day and year of birth; two initials, filled with nines; a character and two letters that tell equals apart.',
  misses: 'Numbers of Northern Ireland, which are eight digits, and the two digits of the issue behind the number.',
  shapes: ['[A-Za-z][A-Za-z9]{4} ?[0-9](?:0[1-9]|1[0-2]|5[1-9]|6[0-2])[0-9]{3} ?[A-Za-z9]{2}[0-9A-Za-z][A-Za-z]{2}'],
  // From the last letter of the surname on: nines that fill it are digits like those of the birthday.
  wakes: ['[A-Za-z][0-9]{6,10} ?[A-Za-z9]{2}[0-9A-Za-z][A-Za-z]', '[A-Z]9{0,4} [0-9]{6} ?[A-Z9]{2}[0-9A-Z][A-Z]'],
  lowEntropy: false,
  examples: ['licence MORGA657054SM9IJ'],
  isValid: (compact, written) =>
    // `value 009061c93ef`, and a hash: only the printed form has spaces.
    !(written.includes(' ') && /[a-z]/.test(written)) &&
    !looksHexadecimal(written) &&
    /^[A-Z]+9*$/.test(compact.slice(0, 5)) &&
    /^(?:[A-Z][A-Z9]|99)$/.test(compact.slice(11, 13)) &&
    isDayOfYear(Number(compact.slice(6, 8)) % 50, Number(compact.slice(8, 10))),
})

export const ukVehiclePlate = numbered({
  name: 'uk_vehicle_plate',
  title: 'UK vehicle registration',
  finds:
    'Registrations of the DVLA, beside a word for them: since 2001 (`AB51 ABC`, age 02 to 29 or 51 to 79), with a year letter in front or behind (`A123 BCD`, `ABC 123A`), and of Northern Ireland (`AIG 1234`).',
  misses: 'Registrations that no word names, dateless and cherished ones, and those of the Crown dependencies.',
  shapes: [
    '(?i:[A-HJ-PR-Y]{2}(?:0[2-9]|[12][0-9]|5[1-9]|[67][0-9])[ -]?[A-HJ-PR-Z]{3})',
    '(?i:[A-HJ-NPR-TV-Y][0-9]{1,3}[ -]?[A-HJ-PR-Y][A-HJ-PR-Z]{2})',
    '(?i:[A-HJ-PR-Z]{3}[ -]?[0-9]{1,3}[ -]?[A-HJ-NPR-TV-Y])',
    '(?i:[A-Z]?(?:[A-Z][IZ]|[IZ][A-Z])[ -]?[0-9]{1,4})',
  ],
  gate: {
    words: [
      'number plate',
      'licence plate',
      'license plate',
      'registration plate',
      'reg plate',
      'plate number',
      'vehicle registration',
      'registration mark',
      'vehicle reg',
      'car reg',
      'vrm',
      'vrn',
    ],
  },
  examples: ['number plate AB51 ABC'],
  isValid: () => true,
})
