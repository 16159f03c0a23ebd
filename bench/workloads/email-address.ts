import type { SeededRandom } from './random.ts'

const GIVEN_NAMES = [
  'amara',
  'bruno',
  'chiara',
  'dmitri',
  'elena',
  'farid',
  'greta',
  'hassan',
  'ines',
  'jonas',
  'kavya',
  'lucia',
  'mateo',
  'nadia',
  'oskar',
  'priya',
]
const FAMILY_NAMES = [
  'almeida',
  'bakker',
  'castillo',
  'dubois',
  'eriksen',
  'fischer',
  'gupta',
  'horvat',
  'ibrahim',
  'jensen',
  'kowalski',
  'lindqvist',
  'moreau',
  'novak',
  'okafor',
  'petrov',
]
const DOMAINS = ['example.com', 'example.org', 'mail.example.net', 'corp.example.com']

/** A made-up address at a domain that RFC 2606 reserves; practically unique, 20 to 45 bytes. */
export function emailAddress(random: SeededRandom): string {
  const local = `${random.pick(GIVEN_NAMES)}.${random.pick(FAMILY_NAMES)}${random.between(1, 99_999)}`
  return `${local}@${random.pick(DOMAINS)}`
}
