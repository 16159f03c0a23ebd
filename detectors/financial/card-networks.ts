interface CardNetwork {
  readonly name: string
  /** First and last issuer identification number of each range, equally many digits. */
  readonly ranges: readonly (readonly [first: string, last: string])[]
  readonly lengths: readonly number[]
}

/**
 * Issuer identification numbers and lengths, as the networks publish them. Where ranges overlap, the first row names
 * the network; for finding a number any row will do.
 */
const CARD_NETWORKS: readonly CardNetwork[] = [
  { name: 'visa', ranges: [['4', '4']], lengths: [13, 16, 19] },
  // biome-ignore format: one row per network
  { name: 'mastercard', ranges: [['51', '55'], ['2221', '2720']], lengths: [16] },
  // biome-ignore format: one row per network
  { name: 'american-express', ranges: [['34', '34'], ['37', '37']], lengths: [15] },
  // biome-ignore format: one row per network
  { name: 'diners-club', ranges: [['300', '305'], ['3095', '3095'], ['36', '36'], ['38', '39']], lengths: [14, 16, 19] },
  { name: 'jcb', ranges: [['3528', '3589']], lengths: [16, 17, 18, 19] },
  // Older cards.
  // biome-ignore format: one row per network
  { name: 'jcb', ranges: [['1800', '1800'], ['2131', '2131']], lengths: [15] },
  // biome-ignore format: one row per network
  { name: 'discover', ranges: [['6011', '6011'], ['644', '649'], ['65', '65']], lengths: [16, 19] },
  // biome-ignore format: one row per network
  { name: 'unionpay', ranges: [['62', '62'], ['810', '817']], lengths: [16, 17, 18, 19] },
  // biome-ignore format: one row per network
  { name: 'rupay', ranges: [['508', '508'], ['60', '60'], ['81', '82']], lengths: [16] },
  { name: 'mir', ranges: [['2200', '2204']], lengths: [16, 17, 18, 19] },
  { name: 'troy', ranges: [['9792', '9792']], lengths: [16] },
  // Elo, Verve, Dankort, InterPayment and InstaPayment lie within these.
  // Not 638 and 639: with them begin the ticks of .NET (a tenth of a microsecond) from 2022 to 2028.
  // biome-ignore format: one row per network
  { name: 'maestro', ranges: [['50', '50'], ['56', '58'], ['630', '637'], ['67', '67']], lengths: [16, 17, 18, 19] },
  // Short ones only of the ranges that are known to have them: account numbers of clouds have twelve digits too.
  // biome-ignore format: one row per network
  { name: 'maestro', ranges: [['5018', '5018'], ['5020', '5020'], ['5038', '5038'], ['5893', '5893'], ['6304', '6304'], ['6759', '6759'], ['6761', '6763']], lengths: [12, 13, 14, 15] },
]

/**
 * The network that issues numbers such as this one.
 *
 * @param digits - ASCII digits only.
 */
export function networkOf(digits: string): string | undefined {
  return CARD_NETWORKS.find(
    ({ ranges, lengths }) =>
      lengths.includes(digits.length) &&
      ranges.some(([first, last]) => {
        const issuer = digits.slice(0, first.length)
        return issuer >= first && issuer <= last
      }),
  )?.name
}
