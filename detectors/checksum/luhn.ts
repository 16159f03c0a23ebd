/**
 * The check digit of payment cards (ISO/IEC 7812-1, annex B).
 *
 * @param digits - ASCII digits only, check digit last.
 */
export function passesLuhn(digits: string): boolean {
  let sum = 0
  let double = false
  for (let index = digits.length - 1; index >= 0; index -= 1) {
    const digit = digits.charCodeAt(index) - 48
    const doubled = digit > 4 ? 2 * digit - 9 : 2 * digit
    sum += double ? doubled : digit
    double = !double
  }
  return sum % 10 === 0
}
