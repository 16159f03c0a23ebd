const HIDDEN = '****'
/** Shorter texts show nothing: of four digits two are half. */
const SHORTEST_SHOWN = 10
/** What may be shown of a text: neither space nor anything that a terminal or a reader would take for something else. */
const SHOWN = /^[\p{L}\p{N}\p{P}\p{S}]$/u

/**
 * What a report shows of something that was found: its first and its last character, where it has ten or more, and never
 * how long it is.
 */
export function maskedExample(text: string): string {
  const characters = [...text.slice(0, 64)]
  const rest = text.length > 64 ? [...text.slice(-4)] : characters
  if (characters.length < SHORTEST_SHOWN) return HIDDEN
  return `${shown(characters[0])}${HIDDEN}${shown(rest.at(-1))}`
}

function shown(character: string | undefined): string {
  return character !== undefined && SHOWN.test(character) ? character : '*'
}
