/**
 * The check digit of CUSIP numbers: Luhn over values (digits, `A` is 10, and `*@#` 36 to 38), every second one doubled
 * (ANSI X9.6).
 *
 * @param number - nine characters, letters as capitals.
 */
export function passesCusip(number: string): boolean {
  let sum = 0
  for (let at = 0; at < 8; at += 1) {
    const value = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*@#'.indexOf(number[at]!)
    if (value < 0) return false
    const weightedValue = at % 2 === 0 ? value : 2 * value
    sum += Math.floor(weightedValue / 10) + (weightedValue % 10)
  }
  return String((10 - (sum % 10)) % 10) === number[8]
}
