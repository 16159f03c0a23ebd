/** One import of a file, however it is written. */
export interface Import {
  /** As it stands in the source; undefined where it is worked out at run time, and so cannot be checked. */
  readonly specifier: string | undefined
  /** Counted from 1. */
  readonly line: number
  /** `import type` and `export type`: gone at run time. */
  readonly typeOnly: boolean
}

interface Token {
  readonly kind: 'word' | 'text' | 'template' | 'sign'
  /** Of a text what stands between its quotes. */
  readonly value: string
  readonly line: number
}

/** What a slash after these words begins is a regular expression, not a division. */
const BEFORE_EXPRESSION = ['return', 'typeof', 'case', 'in', 'of', 'do', 'else', 'void', 'delete', 'throw', 'await']

const TOKEN = new RegExp(
  [
    String.raw`(?<space>\s+|//[^\n]*|/\*[\s\S]*?\*/)`,
    String.raw`(?<text>'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*")`,
    String.raw`(?<word>[\p{L}_$][\p{L}\p{N}_$]*)`,
    String.raw`(?<number>\d[\w.]*)`,
    String.raw`(?<sign>[\s\S])`,
  ].join('|'),
  'uy',
)
const REGULAR_EXPRESSION = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y

/**
 * The imports of a TypeScript source: `import`, `export ... from`, `import()`, `import('...')` as a type, `require` and
 * `process.getBuiltinModule`. Comments and texts that merely look like imports are none.
 */
export function importsOf(source: string): Import[] {
  const tokens = tokensOf(source)
  const imports: Import[] = []
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== 'word') continue
    const found = importAt(tokens, index)
    if (found !== undefined) imports.push({ ...found, line: token.line })
  }
  return imports
}

function importAt(tokens: readonly Token[], index: number): Omit<Import, 'line'> | undefined {
  const { value: word } = tokens[index]!
  const before = tokens[index - 1]
  const next = tokens[index + 1]
  // A member: `schema.import`, but not `process.getBuiltinModule`.
  if (before?.kind === 'sign' && before.value === '.' && word !== 'getBuiltinModule') return undefined
  if (word === 'import' && next?.kind === 'text') return { specifier: next.value, typeOnly: false }
  if (word === 'from' && next?.kind === 'text') return fromAt(tokens, index, next.value)
  if (!['import', 'require', 'getBuiltinModule'].includes(word)) return undefined
  if (next?.kind !== 'sign' || next.value !== '(') return undefined
  const argument = tokens[index + 2]
  const end = tokens[index + 3]?.value
  const isWhole = argument?.kind === 'text' && (end === ')' || end === ',')
  return { specifier: isWhole ? argument.value : undefined, typeOnly: before?.value === 'typeof' }
}

/** Goes back to the `import` or `export` that a `from` belongs to; without one it is a name like any other. */
function fromAt(tokens: readonly Token[], index: number, specifier: string): Omit<Import, 'line'> | undefined {
  for (let at = index - 1; at >= 0; at -= 1) {
    const { kind, value } = tokens[at]!
    if (kind === 'word' && (value === 'import' || value === 'export'))
      return { specifier, typeOnly: tokens[at + 1]?.value === 'type' && tokens[at + 2]?.value !== ',' }
    if (kind !== 'word' && !['{', '}', ',', '*'].includes(value)) return undefined
  }
  return undefined
}

function tokensOf(source: string): Token[] {
  const tokens: Token[] = []
  // Depths of braces at which a template's `${` was opened.
  const templates: number[] = []
  let depth = 0
  let line = 1
  let at = 0
  const take = (text: string): void => {
    at += text.length
    for (const character of text) if (character === '\n') line += 1
  }
  while (at < source.length) {
    const startLine = line
    const character = source[at]!
    if (character === '`' || (character === '}' && templates.at(-1) === depth)) {
      if (character === '}') templates.pop()
      const { text, opens } = templatePart(source, at)
      take(text)
      if (opens) templates.push(depth)
      tokens.push({ kind: 'template', value: '`', line: startLine })
      continue
    }
    if (character === '/' && isExpressionNext(tokens.at(-1)) && !/^\/[/*]/.test(source.slice(at, at + 2))) {
      REGULAR_EXPRESSION.lastIndex = at
      const expression = REGULAR_EXPRESSION.exec(source)?.[0] ?? '/'
      take(expression)
      tokens.push({ kind: 'template', value: '/', line: startLine })
      continue
    }
    TOKEN.lastIndex = at
    const groups = TOKEN.exec(source)!.groups!
    const { space, text, word, number, sign } = groups
    take((space ?? text ?? word ?? number ?? sign)!)
    if (text !== undefined) tokens.push({ kind: 'text', value: text.slice(1, -1), line: startLine })
    else if (word !== undefined) tokens.push({ kind: 'word', value: word, line: startLine })
    else if (number !== undefined) tokens.push({ kind: 'template', value: '0', line: startLine })
    else if (sign !== undefined) {
      if (sign === '{') depth += 1
      if (sign === '}') depth -= 1
      tokens.push({ kind: 'sign', value: sign, line: startLine })
    }
  }
  return tokens
}

/** A template from a backtick or the brace that ends a placeholder, to the next `${` or the end. */
function templatePart(source: string, from: number): { readonly text: string; readonly opens: boolean } {
  let at = from + 1
  while (at < source.length && source[at] !== '`') {
    if (source[at] === '\\') at += 1
    else if (source.startsWith('${', at)) return { text: source.slice(from, at + 2), opens: true }
    at += 1
  }
  return { text: source.slice(from, at + 1), opens: false }
}

function isExpressionNext(last: Token | undefined): boolean {
  if (last === undefined) return true
  if (last.kind === 'word') return BEFORE_EXPRESSION.includes(last.value)
  return last.kind === 'sign' && ![')', ']', '}'].includes(last.value)
}
