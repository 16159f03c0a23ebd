import { validate as isNationalId } from 'stdnum/lib/cjs/tw/natid.js'
import { acceptedBy, numbered } from './numbered.ts'

const isTwId = acceptedBy(isNationalId)

export const twId = numbered({
  name: 'tw_id',
  title: 'Taiwanese national identity number',
  finds:
    'Identity numbers of citizens (second character 1 or 2) and residents (8 or 9): a letter for the place and nine digits, with a right check digit (modulus 10; Ministry of the Interior).',
  misses: 'Numbers that no word names, and resident certificates issued before 2021, which have two letters.',
  shapes: ['[A-Za-z][1289][0-9]{8}'],
  gate: {
    words: [
      '身分證',
      '身份證',
      '身分證字號',
      '身分證統一編號',
      '國民身分證',
      '統一編號',
      '統一證號',
      '居留證',
      'taiwan id',
      'taiwanese id',
      'tw id',
      'roc id',
      'national id',
      'national identification',
      'arc number',
      'arc no',
      'resident certificate',
    ],
  },
  examples: ['身分證字號 A123456789', 'national id A200501505'],
  isValid: isTwId,
})
