/**
 * The path grammar of rules: `body`, `attributes.user.email`, `resource.**`, `attributes.items[*].id`,
 * `attributes["odd.key"]`. A key of a record is split at dots before it is compared, so that `attributes.user.email`
 * names the key `user.email` and the nested `user: {email}` alike. Comparison ignores ASCII case.
 */

/** What a path begins with: the parts of a record that hold values which rules may alter. */
export const PATH_ROOTS = ['body', 'attributes', 'resource', 'scope'] as const

/** Fields that `where` may read and no rule alters. */
export const READ_ONLY_FIELDS = ['severity', 'event_name', 'tag', 'scope.name', 'scope.version'] as const

/** Fields that nothing but the leak scan reads. `unknown` is text in fields that no version of a format known here has. */
export const SCANNED_FIELDS = ['resource.schema_url', 'scope.schema_url', 'unknown'] as const

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

/** One bit each while a path is matched. */
const MOST_SEGMENTS = 30

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
  if (segments.length > MOST_SEGMENTS) return `a path has at most ${MOST_SEGMENTS} segments`
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

/**
 * Whether a path names exactly the value at the end of `steps`. The first step is the root.
 *
 * Time grows with the keys' bytes and memory does not: a key of a million dots must not become a million objects.
 */
export function pathMatches({ segments }: PathPattern, steps: readonly PathStep[]): boolean {
  // Bit j: the pieces so far can have been consumed by the first j segments.
  let states = passDeep(segments, 1)
  for (const step of steps) {
    if (states === 0) return false
    if (isDecided(segments, states)) return true
    states = step.kind === 'element' ? afterElement(segments, states) : afterKey(segments, states, step.key)
  }
  return (states & (1 << segments.length)) !== 0
}

/** What a `**` at the end has reached, it keeps. */
function isDecided(segments: readonly PathSegment[], states: number): boolean {
  return segments.at(-1)?.kind === 'deep' && (states & (1 << segments.length)) !== 0
}

/** `**` may consume nothing: what stands before it stands behind it as well. */
function passDeep(segments: readonly PathSegment[], states: number): number {
  let all = states
  for (const [state, { kind }] of segments.entries()) {
    if (kind === 'deep' && (all & (1 << state)) !== 0) all |= 1 << (state + 1)
  }
  return all
}

/** The states after one piece, given what each segment but `**` makes of it. */
function advance(
  segments: readonly PathSegment[],
  states: number,
  consumes: (segment: PathSegment) => boolean,
): number {
  let next = 0
  for (const [state, segment] of segments.entries()) {
    if ((states & (1 << state)) === 0) continue
    if (segment.kind === 'deep') next |= 1 << state
    else if (consumes(segment)) next |= 1 << (state + 1)
  }
  return passDeep(segments, next)
}

function afterElement(segments: readonly PathSegment[], states: number): number {
  return advance(segments, states, ({ kind }) => kind === 'any' || kind === 'element')
}

/** A key is consumed piece by piece, or by `["key"]` as a whole. */
function afterKey(segments: readonly PathSegment[], before: number, source: string): number {
  const key = asciiLowerCase(source)
  const whole = advance(segments, before, (segment) => segment.kind === 'key' && segment.key === key)
  let states = before
  let start = 0
  const consumes = (segment: PathSegment) =>
    segment.kind === 'any' ||
    (segment.kind === 'name' && key.startsWith(segment.name, start) && isPieceEnd(key, start + segment.name.length))
  while (start >= 0 && states !== 0 && !isDecided(segments, states)) {
    states = advance(segments, states, consumes)
    const dot = key.indexOf('.', start)
    start = dot < 0 ? -1 : dot + 1
  }
  return states | whole
}

function isPieceEnd(key: string, at: number): boolean {
  return at === key.length || key[at] === '.'
}

/** A step with how it is shown: a key with a finding as `*`. */
export type ShownStep = PathStep & { readonly masked?: boolean }

/** How a path is shown: `attributes.user.email`, `attributes["odd key"][*]`. */
export function showPath(steps: readonly ShownStep[]): string {
  return steps.reduce(showStep, '')
}

/** How a path is shown that goes one step further than one that is shown as `before`. */
export function showStep(before: string, step: ShownStep): string {
  if (step.kind === 'element') return `${before}[*]`
  if (step.masked === true) return before === '' ? '*' : `${before}.*`
  if (/^[\w$@/:-]+(?:\.[\w$@/:-]+)*$/.test(step.key)) return before === '' ? step.key : `${before}.${step.key}`
  return `${before}[${JSON.stringify(step.key)}]`
}
