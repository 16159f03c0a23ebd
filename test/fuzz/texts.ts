import type { Random } from './random.ts'

/** Stands in every text that is made here: no error may show it. */
export const CANARY = 'canary'

const WORDS = [
  CANARY,
  `${CANARY}-7`,
  'user',
  'paid',
  'GET /login',
  'naïve',
  '日本',
  '😀',
  'card',
  'ssn',
  '\t',
  '"quoted"',
  '\\n',
]

/** Values with a span of their own, and the detector that finds it. */
const PERSONAL = [
  () => `${CANARY}.jane@example.org`,
  (random: Random) => `user${random.below(1000)}@mail.example.com`,
  (random: Random) => withLuhnDigit(`4${digits(random, 14)}`),
  () => '4111 1111 1111 1111',
  (random: Random) => `${1 + random.below(200)}.${random.below(255)}.${random.below(255)}.${random.below(255)}`,
  () => 'DE89 3704 0044 0532 0130 00',
  () => 'GB82WEST12345698765432',
  () => 'ssn 536-22-8726',
  () => '+4915123456789',
  () => '2001:db8:85a3::8a2e:370:7334',
  () => 'AKIAIOSFODNN7EXAMPLE',
  () => `https://${CANARY}:hunter2@host.example/`,
  () => 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U',
] as const

const NAMES = ['user', 'user.email', 'password', 'cvv', 'msg', 'message', 'log', 'level', 'items', 'id', 'a.b', 'ssn']
const ODD_NAMES = [
  '',
  '__proto__',
  'constructor',
  'toString',
  '.',
  'a..b',
  '[*]',
  '*',
  'key',
  'values',
  'fieldseal.sealed',
]

export function personal(random: Random): string {
  return random.pick(PERSONAL)(random)
}

export function text(random: Random): string {
  const parts = random.list(0, 5, () => (random.oneIn(4) ? personal(random) : random.pick(WORDS)))
  return parts.join(random.oneIn(6) ? '' : ' ')
}

export function key(random: Random): string {
  if (random.oneIn(12)) return personal(random)
  if (random.oneIn(12)) return random.pick(ODD_NAMES)
  if (random.oneIn(30)) return CANARY.repeat(60)
  return random.oneIn(3) ? `${CANARY}${random.below(40)}` : random.pick(NAMES)
}

function digits(random: Random, count: number): string {
  return random.list(count, count, () => random.below(10)).join('')
}

/** Appends the check digit of ISO/IEC 7812-1 annex B. */
function withLuhnDigit(number: string): string {
  let sum = 0
  for (const [index, digit] of [...number].reverse().entries()) {
    const value = Number(digit) * (index % 2 === 0 ? 2 : 1)
    sum += value > 9 ? value - 9 : value
  }
  return number + ((10 - (sum % 10)) % 10)
}
