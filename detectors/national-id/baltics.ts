import { validate as isIsikukood } from 'stdnum/lib/cjs/ee/ik.js'
import { validate as isAsmensKodas } from 'stdnum/lib/cjs/lt/asmens.js'
import { weightedSum } from 'stdnum/lib/cjs/util/checksum.js'
import { isDayOfYear } from './dates.ts'
import { acceptedBy, numbered } from './numbered.ts'

const hasIsikukoodCheckDigit = acceptedBy(isIsikukood)

function isBalticDay(compact: string): boolean {
  return isDayOfYear(Number(compact.slice(3, 5)), Number(compact.slice(5, 7)))
}

export const eeIk = numbered({
  name: 'ee_ik',
  title: 'Estonian personal code',
  finds:
    'Isikukoodid: sex and century (1 to 8), year, month and day of birth, three digits, and a check digit in two passes (weights 1 2 3 …, then 3 4 5 …, modulus 11; EVS 585).',
  misses: 'Numbers that no word names. Lithuanian codes look the same.',
  shapes: ['[1-8][0-9]{2}[01][0-9][0-3][0-9]{5}'],
  gate: { words: ['isikukood', 'personal code', 'personal id', 'personal identification code'] },
  examples: ['isikukood 36805280109'],
  isValid: (compact) => isBalticDay(compact) && hasIsikukoodCheckDigit(compact),
})

export const ltAk = numbered({
  name: 'lt_ak',
  title: 'Lithuanian personal code',
  finds:
    'Asmens kodai: sex and century, year, month and day of birth, three digits, and a check digit in two passes (weights 1 2 3 …, then 3 4 5 …, modulus 11). Codes that begin with 9 have no date.',
  misses: 'Numbers that no word names. Estonian codes look the same.',
  shapes: ['[1-9][0-9]{10}'],
  gate: { words: ['asmens kodas', 'asmens koda', 'asmens kodo', 'personal code', 'personal id'] },
  examples: ['asmens kodas 33309240064'],
  isValid: acceptedBy(isAsmensKodas),
})

/** The digit that makes the weighted sum 1 modulo 11; those for which it would be 10 are not issued. */
function hasLatvianCheckDigit(compact: string): boolean {
  const sum = weightedSum(compact.slice(0, 10), { weights: [10, 5, 8, 4, 2, 1, 6, 3, 7, 9], modulus: 11 })
  return ((1 + sum) % 11) % 10 === Number(compact[10])
}

export const lvPk = numbered({
  name: 'lv_pk',
  title: 'Latvian personal code',
  finds:
    'Personas kodi, `DDMMYY-CNNNX` or eleven digits: day, month and year of birth, century (0 to 2), serial and check digit (weights 10 5 8 4 2 1 6 3 7 9, modulus 11); since July 2017 `32` and nine digits without a date, which have no published check digit.',
  misses: 'Numbers that no word names.',
  shapes: ['[0-3][0-9][01][0-9]{3}[ -]?[0-2][0-9]{4}', '3[2-9][0-9]{4}[ -]?[0-9]{5}'],
  gate: { words: ['personas kods', 'personas koda', 'personas kodu', 'personal code', 'personal id'] },
  examples: ['personas kods 161175-19997'],
  isValid: (compact) =>
    /^3[2-9]/.test(compact) ||
    (isDayOfYear(Number(compact.slice(2, 4)), Number(compact.slice(0, 2))) && hasLatvianCheckDigit(compact)),
})
