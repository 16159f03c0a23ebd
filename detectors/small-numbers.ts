/** How many numbers are matched once for all. */
export const SMALL_NUMBERS = 1 << 16

let smallNumbersText: Buffer | undefined

/** `0` to `65535`, joined as values are. */
export function smallNumbers(): Buffer {
  smallNumbersText ??= Buffer.from(Array.from({ length: SMALL_NUMBERS }, (_, number) => number).join('\n'))
  return smallNumbersText
}
