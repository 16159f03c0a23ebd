import { passesMyNumber } from '../checksum/my-number.ts'
import { numbered } from './numbered.ts'

export const jpMyNumber = numbered({
  name: 'jp_my_number',
  title: 'Japanese individual number',
  finds:
    'Individual numbers (My Number) of twelve digits, in one run or in groups of four, with a right check digit (modulus 11; Order No. 85 of 2014 of the Ministry of Internal Affairs and Communications).',
  misses: 'Numbers that no word names, and digits of full width.',
  shapes: ['[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}'],
  gate: {
    words: [
      'マイナンバー',
      '個人番号',
      'マイナンバーカード',
      '個人番号カード',
      'my number',
      'my number card',
      'individual number',
      'kojin bango',
    ],
  },
  examples: ['マイナンバー 1234 5678 9018'],
  isValid: (compact) => !/^(.)\1*$/.test(compact) && passesMyNumber(compact),
})
