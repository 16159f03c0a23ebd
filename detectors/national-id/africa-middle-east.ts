import { verhoeffValidate } from 'stdnum/lib/cjs/util/checksum.js'
import { passesLuhn } from '../checksum/luhn.ts'
import { isDayOfYear } from './dates.ts'
import { asLabel, keyNamed } from './labels.ts'
import { numbered } from './numbered.ts'

export const ilId = numbered({
  name: 'il_id',
  title: 'Israeli identity number',
  finds:
    'Identity numbers (mispar zehut) of nine digits, the last at times behind a hyphen, with a right check digit (Luhn; Population and Immigration Authority).',
  misses: 'Numbers that no word names, and those written without their leading zeros.',
  shapes: ['[0-9]{8}-?[0-9]'],
  gate: {
    words: [
      'teudat zehut',
      'mispar zehut',
      'zehut',
      'israeli id',
      'israel id',
      'israeli identity number',
      'תעודת זהות',
      'מספר זהות',
      'ת.ז',
      'ת״ז',
      ...asLabel('tz'),
    ],
    keys: [keyNamed('tz', 'il id')],
  },
  examples: ['teudat zehut 123456782'],
  isValid: (compact) => !/^0+$/.test(compact) && passesLuhn(compact),
})

/** Date of birth, four digits, citizenship (0 citizen, 1 resident, 2 refugee), 8 or 9, check digit. */
function isZaId(compact: string): boolean {
  return isDayOfYear(Number(compact.slice(2, 4)), Number(compact.slice(4, 6))) && passesLuhn(compact)
}

/** `2504272353185` is a time of our years, down to tenths of a second. */
const isTime = (compact: string): boolean => /^[23].{5}(?:[01][0-9]|2[0-3])[0-5]/.test(compact)

export const zaId = numbered({
  name: 'za_id',
  title: 'South African identity number',
  finds:
    'Identity numbers of thirteen digits: date of birth, four digits, 0 for citizens or 1 for residents, an 8, and a right check digit (Luhn; Identification Act 68 of 1997).',
  misses:
    'Numbers of those born in the tens of a century, which begin with 1 as times in milliseconds do, of refugees, old ones with a 9, and in the twenties and thirties those that could be a time; see `za_id_labelled`. Of other numbers with thirteen digits one in 14,000 passes by chance.',
  shapes: ['[02-9][0-9][01][0-9][0-3][0-9]{5}[01]8[0-9]'],
  examples: ['RSA ID 8001015009087'],
  isValid: (compact) => !isTime(compact) && isZaId(compact),
})

export const zaIdLabelled = numbered({
  name: 'za_id_labelled',
  title: 'South African identity number beside a word',
  finds:
    'What `za_id` finds, whatever the year of birth, with citizenship 0 to 2 and an 8 or 9, in one run or grouped 6-4-3 or 6-4-2-1.',
  misses: 'Numbers that no word names.',
  shapes: ['[0-9]{2}[01][0-9][0-3][0-9][ -]?[0-9]{4}[ -]?[0-2][89][ -]?[0-9]'],
  gate: {
    words: [
      'rsa id',
      'sa id',
      'south african id',
      'south african identity',
      'identity number',
      'identity no',
      'id number',
      'id no',
      'id nr',
      'smart id',
      'national id',
      'refugee id',
      'identiteitsnommer',
      'id nommer',
    ],
  },
  examples: ['ID number 800101 5009 08 7'],
  isValid: isZaId,
})

export const ngNin = numbered({
  name: 'ng_nin',
  title: 'Nigerian national identification number',
  finds: 'National identification numbers of eleven digits with a right check digit (Verhoeff).',
  misses: 'Numbers that no word names. `NIN` counts where it labels a value (`NIN: …`).',
  shapes: ['[0-9]{11}', '[0-9]{4} [0-9]{3} [0-9]{4}'],
  gate: {
    words: [
      'nimc',
      'national identification number',
      'national identity number',
      'national identity',
      'nigeria id',
      'nigerian id',
      'nigerian identification',
      'ninslip',
      ...asLabel('nin'),
    ],
    keys: [keyNamed('nin')],
  },
  examples: ['NIN: 98765432102'],
  isValid: (compact) => !/^0+$/.test(compact) && verhoeffValidate(compact),
})
