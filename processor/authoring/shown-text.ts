/** What would move a terminal's cursor, colour what follows, or turn the direction of writing. */
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** A text of a record on one line of a terminal: control characters as `\n` and `\u001b`. */
export function onOneLine(text: string): string {
  return text.replace(
    CONTROL,
    (character) => SHORT[character] ?? `\\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}`,
  )
}
