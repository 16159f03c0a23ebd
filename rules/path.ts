/**
 * The path grammar of rules: `body`, `attributes.user.email`, `resource.**`, `attributes.items[*].id`,
 * `attributes["odd.key"]`. A key of a record is split at dots before it is compared, so that `attributes.user.email`
 * names the key `user.email` and the nested `user: {email}` alike. Comparison ignores ASCII case.
 */

/** What a path begins with: the parts of a record that hold values which rules may alter. */
export const PATH_ROOTS = ['body', 'attributes', 'resource', 'scope'] as const

/** Fields that `where` may read and no rule alters. */
export const READ_ONLY_FIELDS = ['severity', 'event_name', 'tag', 'scope.name', 'scope.version'] as const

export type PathSegment =
  | { readonly kind: 'name'; readonly name: string }
  /** `*`: one segment of any kind. */
  | { readonly kind: 'any' }
  /** `**`: any number of segments, none included. */
  | { readonly kind: 'deep' }
  /** `[*]`: the elements of an array. */
  | { readonly kind: 'element' }
  /** `["odd.key"]`: one undivided key. */
  | { readonly kind: 'key'; readonly key: string }

export interface PathPattern {
  readonly source: string
  readonly segments: readonly PathSegment[]
}

/** One step from a record's root to a value: a key as it stands in the record, or the elements of an array. */
export type PathStep = { readonly kind: 'key'; readonly key: string } | { readonly kind: 'element' }

const TOKEN = /\*\*|\*|\[\*\]|\["((?:[^"\\]|\\.)*)"\]|[^.[\]"*]+/y

/** Lower case for ASCII letters alone: the comparison of keys must not depend on a locale or a Unicode version. */
export function asciiLowerCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

/** Parses a path of a rule; a string says what is wrong with it. */
export function parsePath(source: string): PathPattern | string {
  const segments: PathSegment[] = []
  let position = 0
  while (position < source.length) {
    if (segments.length > 0 && source[position] === '.') position += 1
    else if (segments.length > 0 && source[position] !== '[') return `expected "." or "[" at character ${position + 1}`
    TOKEN.lastIndex = position
    const match = TOKEN.exec(source)
    if (match === null) return `unexpected character ${position + 1}`
    segments.push(segmentOf(match[0], match[1]))
    position = TOKEN.lastIndex
  }
  return checkRoot(source, segments)
}

function segmentOf(token: string, quoted: string | undefined): PathSegment {
  if (token === '**') return { kind: 'deep' }
  if (token === '*') return { kind: 'any' }
  if (token === '[*]') return { kind: 'element' }
  if (quoted !== undefined) return { kind: 'key', key: asciiLowerCase(quoted.replace(/\\(.)/g, '$1')) }
  return { kind: 'name', name: asciiLowerCase(token) }
}

function checkRoot(source: string, segments: PathSegment[]): PathPattern | string {
  const [first] = segments
  if (first === undefined) return 'a path is empty'
  if (first.kind === 'deep') return { source, segments }
  const roots: readonly string[] = PATH_ROOTS
  if (first.kind !== 'name' || !roots.includes(first.name)) return `a path begins with ${PATH_ROOTS.join(', ')} or **`
  if (first.name !== 'body' && segments.length === 1)
    return `name a key below ${first.name}, for example ${first.name}.**`
  return { source, segments }
}

interface Piece {
  readonly text: string
  /** Undefined for array elements. */
  readonly key: string | undefined
  /** Pieces left in the same key, this one included; 0 unless this one is its first. */
  readonly keyPieces: number
}

function piecesOf(steps: readonly PathStep[]): Piece[] {
  return steps.flatMap((step): Piece[] => {
    if (step.kind === 'element') return [{ text: '', key: undefined, keyPieces: 0 }]
    const key = asciiLowerCase(step.key)
    const parts = key.split('.')
    return parts.map((text, index) => ({ text, key, keyPieces: index === 0 ? parts.length : 0 }))
  })
}

/** Whether a path names exactly the value at the end of `steps`. The first step is the root. */
export function pathMatches(pattern: PathPattern, steps: readonly PathStep[]): boolean {
  const pieces = piecesOf(steps)
  const { segments } = pattern
  // reachable[j]: the segments so far can have consumed j pieces.
  let reachable = new Set([0])
  for (const segment of segments) {
    const next = new Set<number>()
    for (const from of reachable) {
      for (const to of advance(segment, pieces, from)) next.add(to)
    }
    if (next.size === 0) return false
    reachable = next
  }
  return reachable.has(pieces.length)
}

function* advance(segment: PathSegment, pieces: readonly Piece[], from: number): Iterable<number> {
  if (segment.kind === 'deep') {
    for (let to = from; to <= pieces.length; to += 1) yield to
    return
  }
  const piece = pieces[from]
  if (piece === undefined) return
  switch (segment.kind) {
    case 'any':
      yield from + 1
      return
    case 'element':
      if (piece.key === undefined) yield from + 1
      return
    case 'name':
      if (piece.key !== undefined && piece.text === segment.name) yield from + 1
      return
    case 'key':
      if (piece.keyPieces > 0 && piece.key === segment.key) yield from + piece.keyPieces
      return
  }
}

/** How a path is shown: `attributes.user.email`, `attributes["odd key"][*]`; a key with a finding as `*`. */
export function showPath(steps: readonly (PathStep & { readonly masked?: boolean })[]): string {
  let shown = ''
  for (const step of steps) {
    if (step.kind === 'element') shown += '[*]'
    else if (step.masked === true) shown += shown === '' ? '*' : '.*'
    else if (/^[\w$@/:-]+(?:\.[\w$@/:-]+)*$/.test(step.key)) shown += shown === '' ? step.key : `.${step.key}`
    else shown += `[${JSON.stringify(step.key)}]`
  }
  return shown
}
