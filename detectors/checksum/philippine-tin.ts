/**
 * The check digit of Philippine taxpayer numbers: weights 9 to 2, the sum modulo 11 is the ninth digit (as Presidio's
 * PH_TIN has it; the Bureau of Internal Revenue's own specimen 000-123-456-001 agrees).
 *
 * @param digits - nine digits or more; what follows them is a branch.
 */
export function passesPhilippineTin(digits: string): boolean {
  const sum = [9, 8, 7, 6, 5, 4, 3, 2].reduce((total, weight, at) => total + weight * Number(digits[at]), 0)
  return sum % 11 === Number(digits[8])
}
