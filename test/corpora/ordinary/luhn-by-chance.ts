import type { Random } from './random.ts'

/** The digits with a last one that makes them pass Luhn: what every tenth number does anyway. */
export function withLuhnDigit(digits: string): string {
  const sum = [...digits].reverse().reduce((total, digit, position) => {
    const value = Number(digit) * (position % 2 === 0 ? 2 : 1)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return digits + ((10 - (sum % 10)) % 10)
}

/**
 * A decimal number of 9 to 20 digits, half of them with a Luhn digit. Those that stand alone have a first digit that no
 * payment card begins with: one that looks like a card in every respect is a card, for all that anybody can know.
 */
export function bigNumber(random: Random): string {
  const digits = random.pick(['1', '1', '7', '90']) + random.text('0123456789', random.integer(7, 17))
  return random.fraction() < 0.5 ? withLuhnDigit(digits) : digits + random.text('0123456789', 1)
}

/** Sixteen digits that are a card number but for what they stand in. */
export function cardDigits(random: Random): string {
  return withLuhnDigit(random.pick(['4', '51', '55', '37', '6011', '62', '35']).padEnd(6, '1') + random.digits(9))
}
