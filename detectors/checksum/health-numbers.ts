import { passesLuhn } from './luhn.ts'

/** The digits, each times its weight, added up. */
function weighted(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, at) => sum + weight * Number(digits[at]), 0)
}

/**
 * NHS number: weights 10 to 2, the check digit makes the sum a multiple of 11 (NHS Data Dictionary, "NHS NUMBER").
 *
 * @param digits - ten digits.
 */
export function passesNhs(digits: string): boolean {
  return weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0
}

/**
 * National Provider Identifier: Luhn over the number with 80840 before it (45 CFR 162.406; CMS, "Requirements for NPI").
 *
 * @param digits - ten digits.
 */
export function passesNpi(digits: string): boolean {
  return passesLuhn(`80840${digits}`)
}

/**
 * Registration number of the Drug Enforcement Administration: the first, third and fifth digit plus twice the others end
 * in the seventh (DEA Diversion Control, "Practitioner's Manual").
 *
 * @param digits - the seven digits after the two letters.
 */
export function passesDea(digits: string): boolean {
  return weighted(digits, [1, 2, 1, 2, 1, 2]) % 10 === Number(digits[6])
}

/**
 * Australian Medicare card: weights 1, 3, 7, 9, 1, 3, 7, 9, modulo 10 (Services Australia; as in METeOR 270101).
 *
 * @param digits - nine digits or more; the ninth is the check digit.
 */
export function passesAustralianMedicare(digits: string): boolean {
  return weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 === Number(digits[8])
}

/**
 * German insured person's number: the letter as its place in the alphabet, two digits; weights 1 and 2 in turn, digit
 * sums of the products, modulo 10 (SGB V section 290; GKV-Spitzenverband).
 *
 * @param number - a capital and nine digits.
 */
export function passesKvnr(number: string): boolean {
  const digits = String(number.charCodeAt(0) - 64).padStart(2, '0') + number.slice(1)
  let sum = 0
  for (let at = 0; at < 10; at += 1) {
    const product = Number(digits[at]) * (at % 2 === 0 ? 1 : 2)
    sum += product > 9 ? product - 9 : product
  }
  return sum % 10 === Number(digits[10])
}

/**
 * German physician's number for life: weights 4 and 9 in turn over six digits, the seventh fills up to a multiple of 10
 * (KBV, "Richtlinie nach section 75 Abs. 7 SGB V").
 *
 * @param digits - seven digits or more.
 */
export function passesLanr(digits: string): boolean {
  return (weighted(digits, [4, 9, 4, 9, 4, 9]) + Number(digits[6])) % 10 === 0
}
