import { validate as isPakistaniCard } from 'stdnum/lib/cjs/pk/cnic.js'
import { asLabel, keyNamed } from './labels.ts'
import { acceptedBy, numbered } from './numbered.ts'

const isCnic = acceptedBy(isPakistaniCard)

export const pkCnic = numbered({
  name: 'pk_cnic',
  title: 'Pakistani identity card number',
  finds:
    'Numbers of CNIC and NICOP cards: thirteen digits, in one run or grouped 5-7-1, the first a province (1 to 7), the last not 0 (National Database and Registration Authority).',
  misses: 'Numbers that no word names. There is no check digit.',
  shapes: ['[1-7][0-9]{4}[ -]?[0-9]{7}[ -]?[1-9]'],
  gate: {
    words: [
      'cnic',
      'cnics',
      'nicop',
      'snic',
      'nadra',
      'cnic number',
      'cnic no',
      'shanakhti card',
      'national identity card',
      'شناختی کارڈ',
      'قومی شناختی کارڈ',
    ],
  },
  examples: ['CNIC 54104-9890578-6'],
  isValid: isCnic,
})

/** Days of the year, 366 in each, plus 500 for women. */
const isDay = (day: number): boolean => day % 500 >= 1 && day % 500 <= 366 && day < 1000

export const lkNic = numbered({
  name: 'lk_nic',
  title: 'Sri Lankan national identity card number',
  finds:
    'Identity card numbers of nine digits and V or X, or of twelve digits: year of birth, day of the year, plus 500 for women, and a serial (Department for Registration of Persons).',
  misses: 'Numbers that no word names. `NIC` counts where it labels a value (`NIC: …`). There is no published check.',
  shapes: ['[0-9]{9}[VXvx]', '(?:19|20)[0-9]{10}'],
  gate: {
    words: [
      'nic number',
      'national identity card',
      'national identity',
      'sri lankan nic',
      'sri lankan id',
      'identity card',
      'හැඳුනුම්පත',
      'ජාතික හැඳුනුම්පත',
      'அடையாள அட்டை',
      'தேசிய அடையாள அட்டை',
      ...asLabel('nic'),
    ],
    keys: [keyNamed('nic')],
  },
  examples: ['NIC: 942281632V', 'NIC number 199422801632'],
  isValid: (compact) => isDay(Number(compact.length === 10 ? compact.slice(2, 5) : compact.slice(4, 7))),
})
