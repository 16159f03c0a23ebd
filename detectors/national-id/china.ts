import { validate as isResidentIdentity } from 'stdnum/lib/cjs/cn/ric.js'
import { acceptedBy, numbered } from './numbered.ts'

const hasBirthDateAndCheckCharacter = acceptedBy(isResidentIdentity)

/** Provinces (GB/T 2260): the first two digits. */
const PROVINCE = '(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91)'

export const cnRic = numbered({
  name: 'cn_ric',
  title: 'Chinese resident identity number',
  finds:
    'Citizen identification numbers of eighteen characters: province, district, date of birth after 1900, sequence and a right check character, a digit or X (GB 11643-1999; ISO 7064 mod 11-2).',
  misses:
    'The numbers of fifteen digits that were issued until 1999. Of identifiers with eighteen digits (snowflakes) about one in 25,000 passes by chance.',
  shapes: [`${PROVINCE}[0-9]{4}(?:19|20)[0-9]{2}[01][0-9][0-3][0-9]{4}[0-9Xx]`],
  examples: ['身份证 360426199101010071'],
  isValid: hasBirthDateAndCheckCharacter,
})
