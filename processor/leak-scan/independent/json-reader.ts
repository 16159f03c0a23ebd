import {
  booleanOf,
  MOST_DEPTH,
  NOTHING,
  numberOf,
  type Plain,
  textOf,
  UnreadableError,
  type ValueBudget,
} from './content.ts'

const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y
/** Up to the next bracket or quote. */
const INERT = /[^"{}[\]]*/y

/**
 * Reads JSON (RFC 8259), forward only. `JSON.parse` keeps one of two members with the same name, and rounds numbers;
 * whoever reads the bytes sees them all.
 */
export class JsonReader {
  readonly #text: string
  readonly #budget: ValueBudget
  at = 0

  constructor(text: string, budget: ValueBudget) {
    this.#text = text
    this.#budget = budget
  }

  /** The first character of what comes next; empty at the end. */
  peek(): string {
    for (;;) {
      const code = this.#text.charCodeAt(this.at)
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) break
      this.at += 1
    }
    return this.#text.charAt(this.at)
  }

  /** The value that comes next. */
  value(depth = 0): Plain {
    this.#budget.take()
    const first = this.peek()
    switch (first) {
      case '"':
        return textOf(this.string())
      case '{': {
        const inner = this.#deeper(depth)
        const entries: [string, Plain][] = []
        this.members((name) => entries.push([name, this.value(inner)]))
        return { kind: 'map', entries }
      }
      case '[': {
        const inner = this.#deeper(depth)
        const items: Plain[] = []
        this.elements(() => items.push(this.value(inner)))
        return { kind: 'array', items }
      }
      case 't':
        return this.#literal('true', booleanOf(true))
      case 'f':
        return this.#literal('false', booleanOf(false))
      case 'n':
        return this.#literal('null', NOTHING)
      default: {
        const number = this.#match(NUMBER)
        if (number === '') throw new UnreadableError('no JSON value')
        return numberOf(number)
      }
    }
  }

  /** Calls `visit` for each member of the object that comes next; it must read the value. */
  members(visit: (name: string) => void): void {
    this.#sequence('{', '}', () => {
      const name = this.string()
      this.#expect(':')
      visit(name)
    })
  }

  /** Calls `visit` for each element of the array that comes next; it must read it. */
  elements(visit: () => void): void {
    this.#sequence('[', ']', visit)
  }

  string(): string {
    this.#expect('"')
    const start = this.at
    this.#passString()
    const content = this.#text.slice(start, this.at - 1)
    if (!content.includes('\\')) return content
    try {
      // Control characters stand in strings that others write; JSON.parse alone refuses them.
      return JSON.parse(`"${content.replace(/\p{Cc}/gu, escaped)}"`) as string
    } catch {
      throw new UnreadableError('no JSON string')
    }
  }

  /** Passes over the value that comes next, without a look at what is in it. */
  skip(): void {
    const first = this.peek()
    if (first !== '{' && first !== '[') {
      this.value()
      return
    }
    let depth = 0
    do {
      this.#match(INERT)
      const character = this.#text.charAt(this.at)
      if (character === '') throw new UnreadableError('JSON that is cut off')
      if (character === '"') {
        this.at += 1
        this.#passString()
      } else {
        depth += character === '{' || character === '[' ? 1 : -1
        this.at += 1
      }
    } while (depth > 0)
  }

  /** @throws UnreadableError where something follows. */
  end(): void {
    if (this.peek() !== '') throw new UnreadableError('something follows the JSON')
  }

  #sequence(open: string, close: string, item: () => void): void {
    this.#expect(open)
    if (this.peek() === close) {
      this.at += 1
      return
    }
    for (;;) {
      item()
      const next = this.peek()
      this.at += 1
      if (next === close) return
      if (next !== ',') throw new UnreadableError('no comma')
    }
  }

  #deeper(depth: number): number {
    if (depth >= MOST_DEPTH) throw new UnreadableError('JSON that is too deep')
    return depth + 1
  }

  #literal(word: string, value: Plain): Plain {
    if (!this.#text.startsWith(word, this.at)) throw new UnreadableError('no JSON literal')
    this.at += word.length
    return value
  }

  #expect(character: string): void {
    if (this.peek() !== character) throw new UnreadableError('unexpected JSON')
    this.at += 1
  }

  /** From behind a quote to behind the one that ends the string. A loop: a pattern would keep each escape in mind. */
  #passString(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.at)
      if (Number.isNaN(code)) throw new UnreadableError('a string that is cut off')
      this.at += code === 0x5c ? 2 : 1
      if (code === 0x22) return
    }
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.at
    const match = pattern.exec(this.#text)
    if (match === null) return ''
    this.at = pattern.lastIndex
    return match[0]
  }
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
