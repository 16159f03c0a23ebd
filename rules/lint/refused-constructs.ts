/** A part of a pattern that RE2 has not, and why most patterns of other engines are refused. */
export interface RefusedConstruct {
  /** With article: `a look-ahead`. */
  readonly name: string
  /** As it stands in the pattern. */
  readonly text: string
  /** Position of its first character, from 1. */
  readonly character: number
}

/** RE2 counts no further. */
const MOST_COPIES = 1000

/** What is tried at each place that is not inside a class of characters, most special first. */
const CONSTRUCTS: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/\(\?<[=!]/y, 'a look-behind'],
  [/\(\?[=!]/y, 'a look-ahead'],
  [/\(\?>/y, 'an atomic group'],
  [/\(\?\(/y, 'a condition'],
  [/\(\?\|/y, 'a branch reset'],
  [/\(\?P=\w*\)?|\\k(?:<\w*>|\{\w*\}|'\w*')?|\\g\{?-?\w*\}?|\\[1-9]\d*/y, 'a back-reference'],
  [/\(\?(?:R|[+-]?\d+|&\w+|P>\w+)\)?/y, 'a recursion'],
  [/\(\?#/y, 'a comment'],
  [/\(\*[A-Z]+/y, 'a control verb'],
  [/\(\?\^?[a-zA-Z-]*[^imsU:)<P-][a-zA-Z-]*[:)]|\(\?\^/y, 'a flag that RE2 does not know'],
  [/(?:[*+?]|\{\d+(?:,\d*)?\})\+/y, 'a possessive repetition'],
  [/[*+?](?:\?[*?]|\*)|\{\d+(?:,\d*)?\}(?:\?[*+?]|[*{])/y, 'a repetition of a repetition'],
  [/\\G/y, 'an anchor at the end of the last match'],
  [/\\Z/y, 'an anchor before a last line break (RE2 has \\z)'],
  [/\\K/y, 'a reset of the start of the match'],
  [/\\[hHRVXNeoyYLlU]/y, 'an escape that RE2 does not know'],
]

const NEXT = /\\(?:[pP]\{[^}]*\}|.)|./sy
const CLASS = /\[\^?\]?(?:\\.|\[:\^?\w*:\]|[^\]\\])*\]/sy
const COUNT = /\{(\d+)(?:,(\d*))?\}/y
const QUOTED = /\\Q.*?(?:\\E|$)/sy

/** What in a pattern is no RE2: look-around, back-references and the like, from left to right. */
export function refusedConstructs(source: string): RefusedConstruct[] {
  const found: RefusedConstruct[] = []
  const groups: number[] = []
  const add = (name: string, text: string, at: number) => found.push({ name, text, character: at + 1 })
  for (let at = 0; at < source.length; ) {
    const skipped = matchAt(QUOTED, source, at) ?? matchAt(CLASS, source, at)
    if (skipped !== undefined) {
      at += skipped.length
      continue
    }
    if (source[at] === '[') {
      add('a "[" that nothing closes', source.slice(at, at + 1), at)
      break
    }
    const [text, name] = firstConstruct(source, at)
    if (name !== undefined) add(name, text, at)
    // What a group opens with is looked at on its own: the group still has to be closed.
    const length = name !== undefined && text.startsWith('(') && !text.endsWith(')') ? 1 : text.length
    const counted = countAt(source, at)
    if (counted !== undefined) add(`a repetition of more than ${MOST_COPIES} times`, counted, at)
    if (source[at] === '(' && !text.endsWith(')')) groups.push(at)
    else if (text === ')' && groups.pop() === undefined) add('a ")" that nothing opens', ')', at)
    at += length
  }
  for (const at of groups) add('a "(" that nothing closes', '(', at)
  return found.sort((a, b) => a.character - b.character)
}

/** The construct at this place with its name; otherwise the character or escape there. */
function firstConstruct(source: string, at: number): [text: string, name?: string] {
  for (const [pattern, name] of CONSTRUCTS) {
    const text = matchAt(pattern, source, at)
    if (text !== undefined) return [text, name]
  }
  return [matchAt(NEXT, source, at) ?? source[at]!]
}

function countAt(source: string, at: number): string | undefined {
  COUNT.lastIndex = at
  const match = COUNT.exec(source)
  return match !== null && Math.max(Number(match[1]), Number(match[2] ?? 0)) > MOST_COPIES ? match[0] : undefined
}

function matchAt(pattern: RegExp, source: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(source)?.[0]
}
