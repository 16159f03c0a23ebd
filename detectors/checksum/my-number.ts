/**
 * The check digit of My Number: the eleven digits before it, from the right, times 2 3 4 5 6 7 2 3 4 5 6; 11 less the sum
 * modulo 11, and 0 where that is 10 or 11 (Order of the Ministry of Internal Affairs and Communications No. 85 of 2014,
 * article 5).
 *
 * @param digits - twelve digits.
 */
export function passesMyNumber(digits: string): boolean {
  let sum = 0
  for (let place = 1; place <= 11; place += 1) sum += Number(digits[11 - place]) * (place <= 6 ? place + 1 : place - 5)
  const remainder = sum % 11
  return Number(digits[11]) === (remainder <= 1 ? 0 : 11 - remainder)
}
