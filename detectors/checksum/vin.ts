/** 1 to 9 over and over; I, O and Q do not occur (49 CFR 565.15, table III). */
const VALUES: Readonly<Record<string, number>> = {
  ...{ A: 1, B: 2, C: 3, D: 4, E: 5, F: 6, G: 7, H: 8 },
  ...{ J: 1, K: 2, L: 3, M: 4, N: 5, P: 7, R: 9 },
  ...{ S: 2, T: 3, U: 4, V: 5, W: 6, X: 7, Y: 8, Z: 9 },
}

/** The ninth is the check digit itself (49 CFR 565.15, table IV). */
const WEIGHTS: readonly number[] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]

/**
 * The check digit of vehicle identification numbers of North America: the weighted sum modulo 11, X for 10
 * (49 CFR 565.15(c); ISO 3779 leaves it to the countries).
 *
 * @param vin - seventeen characters in capitals.
 */
export function passesVin(vin: string): boolean {
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * (VALUES[vin[at]!] ?? Number(vin[at])), 0)
  return vin[8] === (sum % 11 === 10 ? 'X' : String(sum % 11))
}
