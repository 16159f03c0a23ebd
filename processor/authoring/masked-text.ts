const MOST_SHOWN = 48

/** The shape of a text without what it says: letters as `x` and `X`, digits as `9`. At most 48 characters. */
export function maskedText(text: string): string {
  const masked = text
    .replace(/\p{Lu}/gu, 'X')
    .replace(/[\p{L}\p{M}]/gu, (letter) => (letter === 'X' ? 'X' : 'x'))
    .replace(/\p{N}/gu, '9')
    .replace(/[^\p{L}\p{N}\p{P}\p{Sm}\p{Sc} ]/gu, '?')
  return masked.length > MOST_SHOWN ? `${masked.slice(0, MOST_SHOWN - 1)}…` : masked
}
