import { passesLuhn } from '../checksum/luhn.ts'
import type { Detector } from '../detector.ts'
import { lettersAndDigits, standalone } from '../standalone.ts'

export const imei: Detector = standalone({
  name: 'imei',
  title: 'Mobile equipment identity (IMEI)',
  group: 'network',
  activation: 'gated',
  finds:
    'Fifteen digits with the right check digit (Luhn, 3GPP TS 23.003 annex B), or sixteen with the software version in its place, in one run or in the groups of type, serial number and check digit, near a word that names them.',
  misses: 'Identities without such a word or key, without the check digit, and MEIDs with letters.',
  shapes: ['[0-9]{15,16}', '[0-9]{2}-[0-9]{6}-[0-9]{6}-[0-9]{1,2}', '[0-9]{2} [0-9]{6} [0-9]{6} [0-9]{1,2}'],
  gate: { words: ['imei', 'imeisv', 'imei number', 'equipment identity', 'meid'] },
  lowEntropy: true,
  examples: ['IMEI 35-209900-176148-1'],
  accepts(printed) {
    const digits = lettersAndDigits(printed)
    return /[1-9]/.test(digits) && (digits.length === 16 || passesLuhn(digits))
  },
})

export const imsi: Detector = standalone({
  name: 'imsi',
  title: 'Mobile subscriber identity (IMSI)',
  group: 'network',
  activation: 'gated',
  finds:
    'Fourteen or fifteen digits that begin with a mobile country code: 2 to 7, or 90 for international networks (ITU-T E.212), near a word that names them.',
  misses: 'Identities without such a word or key. There is no check digit.',
  shapes: ['(?:[2-7][0-9]|90)[0-9]{12,13}'],
  gate: { words: ['imsi', 'imsi number', 'subscriber identity', 'supi'] },
  lowEntropy: true,
  examples: ['imsi=262011234567890'],
  accepts: () => true,
})

export const iccid: Detector = standalone({
  name: 'iccid',
  title: 'SIM card number (ICCID)',
  group: 'network',
  activation: 'gated',
  finds:
    'Nineteen or twenty digits that begin with 89 and end with the right check digit (Luhn, ITU-T E.118), in one run or in groups, near a word that names them.',
  misses: 'Numbers without such a word or key, and those that were cut before the check digit.',
  shapes: ['89[0-9]{17,18}', '89[0-9]{2}(?: [0-9]{4}){3} [0-9]{3,4}'],
  gate: { words: ['iccid', 'sim card', 'sim number', 'sim serial', 'sim id', 'esim', 'ccid'] },
  lowEntropy: false,
  examples: ['ICCID 8949020000012345670'],
  accepts: (printed) => passesLuhn(lettersAndDigits(printed)),
})

export const advertisingId: Detector = standalone({
  name: 'advertising_id',
  title: 'Advertising identifier of a device',
  group: 'network',
  activation: 'gated',
  finds:
    'UUIDs, not all zeros, near a word for the identifiers that phones give to advertisers (IDFA, IDFV, AAID, GAID), and the sixteen hexadecimal digits of an Android id.',
  misses: 'Identifiers without such a word or key, and in one run of 32 digits.',
  shapes: ['[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}', '[0-9a-f]{16}'],
  gate: {
    words: [
      'idfa',
      'idfv',
      'gaid',
      'aaid',
      'adid',
      'advertising id',
      'ad id',
      'android id',
      'rida',
      'tifa',
      'vendor identifier',
    ],
  },
  lowEntropy: false,
  examples: ['idfa=6D92078A-8246-4BA4-AE5B-76104861E7DC'],
  accepts: (printed) => /[1-9A-Fa-f]/.test(printed),
  normalise: (match) => match.toLowerCase(),
})
