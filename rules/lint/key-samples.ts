/** Texts that a pattern was made for. */
export interface Samples {
  /** Not yet tried on the pattern: a construct that is not understood gives a text that does not match. */
  readonly texts: readonly string[]
  /** Whether these are all that it matches, up to case. */
  readonly complete: boolean
}

const MOST_TEXTS = 64
const MOST_COPIES = 8
/** What stands for a class of characters by its escape. */
const CLASSES: Readonly<Record<string, string>> = { d: '0', w: 'a', s: ' ', D: 'a', W: ' ', S: 'a' }

/** The names that an RE2 pattern for keys spells out: `^(cvv2?|cvc)$` gives `cvv`, `cvv2` and `cvc`. */
export function keySamples(source: string): Samples {
  const parser = new Parser(source)
  const branches = parser.branches()
  const texts = [...new Set(branches.flatMap((branch) => branch.texts))]
  const complete = branches.every((branch) => branch.exact && branch.fromStart && branch.toEnd)
  return { texts: texts.slice(0, MOST_TEXTS), complete: complete && parser.atEnd && texts.length <= MOST_TEXTS }
}

interface Piece {
  readonly texts: readonly string[]
  readonly exact: boolean
  readonly anchor?: 'start' | 'end'
}

interface Branch extends Piece {
  readonly fromStart: boolean
  readonly toEnd: boolean
}

const NOTHING: Piece = { texts: [''], exact: true }

class Parser {
  readonly #source: string
  #at = 0

  constructor(source: string) {
    this.#source = source
  }

  get atEnd(): boolean {
    return this.#at >= this.#source.length
  }

  /** Up to the end, or to the bracket that closes a group. */
  branches(): Branch[] {
    const branches: Branch[] = []
    let pieces: Piece[] = []
    while (!this.atEnd && this.#source[this.#at] !== ')') {
      if (this.#take('|')) {
        branches.push(joined(pieces))
        pieces = []
      } else {
        pieces.push(this.#repeated(this.#piece()))
      }
    }
    return [...branches, joined(pieces)]
  }

  #take(text: string): boolean {
    const found = this.#source.startsWith(text, this.#at)
    if (found) this.#at += text.length
    return found
  }

  #piece(): Piece {
    if (this.#take('^') || this.#take('\\A')) return { texts: [''], exact: false, anchor: 'start' }
    if (this.#take('$') || this.#take('\\z')) return { texts: [''], exact: false, anchor: 'end' }
    if (this.#take('(')) return this.#group()
    if (this.#take('[')) return this.#class()
    if (this.#take('.')) return { texts: ['x'], exact: false }
    if (this.#take('\\')) return this.#escape()
    const [character = ''] = this.#source.slice(this.#at, this.#at + 2)
    this.#at += Math.max(character.length, 1)
    return { texts: [character], exact: true }
  }

  #group(): Piece {
    const kind = /^\?(?:P?<[^>]*>|[a-zA-Z-]*[:)])/.exec(this.#source.slice(this.#at))?.[0] ?? ''
    this.#at += kind.length
    // `(?i)`: the rest of the branch is read without regard to case, as everything is here.
    if (kind.endsWith(')')) return NOTHING
    const branches = this.branches()
    const closed = this.#take(')')
    return {
      texts: branches.flatMap(({ texts }) => texts).slice(0, MOST_TEXTS),
      exact: closed && branches.every((branch) => branch.exact && !branch.fromStart && !branch.toEnd),
    }
  }

  /** The members that are written out one by one; of a range its ends. */
  #class(): Piece {
    const found = /^\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\]/s.exec(this.#source.slice(this.#at))?.[0]
    if (found === undefined) return { texts: [''], exact: false }
    this.#at += found.length
    const members = found.slice(0, -1)
    if (/^\^|\[:|\\|[^-]-[^-]/.test(members)) {
      const plain = members.replace(/\\[dw]/g, '0').replace(/\[:\^?\w+:\]|\\./g, '')
      return { texts: members.startsWith('^') ? ['x'] : [plain.slice(0, 1) || '_'], exact: false }
    }
    return { texts: [...new Set(members)], exact: true }
  }

  #escape(): Piece {
    const character = this.#source[this.#at] ?? ''
    this.#at += 1
    const ofClass = CLASSES[character]
    if (ofClass !== undefined) return { texts: [ofClass], exact: false }
    return /[A-Za-z0-9]/.test(character) ? { texts: [''], exact: false } : { texts: [character], exact: true }
  }

  #repeated(piece: Piece): Piece {
    const found = /^(?:([?*+])|\{(\d+)(,)?(\d*)\})\??/.exec(this.#source.slice(this.#at))
    if (found === null) return piece
    this.#at += found[0].length
    const [, sign, least = '0', comma, most = ''] = found
    if (sign === '?') return { texts: ['', ...piece.texts], exact: piece.exact }
    if (sign === '*') return { texts: ['', ...piece.texts], exact: false }
    if (sign === '+') return { ...piece, exact: false }
    const copies = Math.min(Number(least), MOST_COPIES)
    const exact = piece.exact && piece.texts.length === 1 && Number(least) === copies
    return {
      texts: piece.texts.map((text) => text.repeat(copies)),
      exact: exact && (comma === undefined || most === least),
    }
  }
}

function joined(pieces: readonly Piece[]): Branch {
  const visible = pieces.filter((piece) => piece !== NOTHING)
  const inner = visible.filter(({ anchor }) => anchor === undefined)
  const fromStart = visible[0]?.anchor === 'start'
  const toEnd = visible.length > 1 && visible.at(-1)?.anchor === 'end'
  let texts = ['']
  let cut = false
  for (const piece of inner) {
    const all = texts.flatMap((text) => piece.texts.map((next) => text + next))
    cut ||= all.length > MOST_TEXTS
    texts = all.slice(0, MOST_TEXTS)
  }
  const anchors = visible.length - inner.length
  const exact = !cut && inner.every((piece) => piece.exact) && anchors === Number(fromStart) + Number(toEnd)
  return { texts, exact, fromStart, toEnd }
}
