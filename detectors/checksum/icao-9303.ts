/**
 * The check digit of machine-readable zones: digits as they are, letters A to Z as 10 to 35, `<` as 0; weights 7 3 1 in
 * turn, modulus 10 (ICAO Doc 9303-3, section 4.9).
 *
 * @param field - digits, capitals and `<`.
 */
export function icaoCheckDigit(field: string): number {
  let sum = 0
  for (let at = 0; at < field.length; at += 1) {
    const code = field.charCodeAt(at)
    const value = code === 0x3c ? 0 : code >= 0x41 ? code - 55 : code - 48
    sum += value * (at % 3 === 0 ? 7 : at % 3 === 1 ? 3 : 1)
  }
  return sum % 10
}

/** Whether a field, its check digit last, is right; a `<` in the place of the digit stands for 0 where it is all fillers. */
export function passesIcao9303(field: string): boolean {
  const check = field.at(-1)
  return icaoCheckDigit(field.slice(0, -1)) === (check === '<' ? 0 : Number(check))
}
