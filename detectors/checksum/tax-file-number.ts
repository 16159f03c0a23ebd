const OF_NINE: readonly number[] = [1, 4, 3, 7, 5, 8, 6, 9, 10]
const OF_EIGHT: readonly number[] = [10, 7, 8, 4, 6, 3, 5, 1]

/**
 * The check of Australian tax file numbers: the weighted sum is a multiple of 11. The numbers of eight digits, which are
 * the older ones, have weights of their own (Australian Taxation Office, "Tax file number algorithm").
 *
 * @param digits - eight or nine digits.
 */
export function passesTaxFileNumber(digits: string): boolean {
  const weights = digits.length === 8 ? OF_EIGHT : OF_NINE
  return weights.reduce((sum, weight, at) => sum + weight * Number(digits[at]), 0) % 11 === 0
}
