/**
 * An expression for texts that have one of the shapes from end to end.
 *
 * @param shapes - sources that RE2 and JavaScript read alike, but for `(?i:…)`, which the expressions of Node 22 do not have.
 */
export function wholeMatch(shapes: readonly string[], flags = ''): RegExp {
  return new RegExp(`^(?:${shapes.map(withoutModifiers).join('|')})$`, flags)
}

/** What may be anywhere: something escaped, a set of characters, the beginning of a group, its end, a letter. */
const PIECE = /\\.|\[(?:\\.|[^\]\\])*\]|\(\?i:|\(|\)|\p{L}/gu

/** Each letter in a group `(?i:…)` becomes the set of its two cases, and each set there gets the other case. */
function withoutModifiers(source: string): string {
  const outer: boolean[] = []
  let isEither = false
  return source.replace(PIECE, (piece) => {
    if (piece.startsWith('(')) {
      outer.push(isEither)
      isEither ||= piece !== '('
      return piece === '(' ? piece : '(?:'
    }
    if (piece === ')') {
      isEither = outer.pop() ?? false
      return piece
    }
    if (!isEither || piece.startsWith('\\')) return piece
    const letters = piece.startsWith('[') ? piece.slice(1, -1) : piece
    return `[${letters}${otherCase(letters)}]`
  })
}

/** Of what is in a set; ranges stay ranges. What has no case stands there once more, which changes nothing. */
function otherCase(letters: string): string {
  return letters.replace(/^\^|\\.|\p{L}/gu, (piece) => {
    if (piece === '^' || piece.startsWith('\\')) return ''
    return piece === piece.toLowerCase() ? piece.toUpperCase() : piece.toLowerCase()
  })
}
