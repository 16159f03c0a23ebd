import { asciiLowerCase, PATH_ROOTS, type PathPattern, type PathSegment, type PathStep } from '../path.ts'

/**
 * What two or more paths have in common, and what one names and another does not: exact, by the same reading of paths as `pathMatches`.
 *
 * A path is read piece by piece: a key is split at dots, and each piece says whether a key begins and ends with it, so that
 * `["odd.key"]` takes the pieces of one key alone and `odd.key` those of one key or of two.
 */

/** A piece of a key, or the step to the elements of an array. */
type Letter =
  | { readonly kind: 'element' }
  | { readonly kind: 'piece'; readonly text: string; readonly first: boolean; readonly last: boolean }

/** Several paths of which one must match; an empty list matches nothing. */
export type PathUnion = readonly PathPattern[]

export interface WantedSteps {
  /** The steps must be named by each of these. */
  readonly within: readonly PathUnion[]
  /** The steps must not be named by any of these. */
  readonly outside?: readonly PathUnion[]
}

/** Sets of states that are looked at, at most: paths with many `**` have many. */
const MOST_STATES = 5000

/** Of a path, the pieces of undivided keys counted one by one: one bit each. */
const MOST_PIECES = 30

/** One segment, and how many pieces of an undivided key it has taken. */
interface State {
  readonly segment: PathSegment
  readonly key: readonly string[]
  readonly taken: number
}

/** One path as an automaton: bit n is before its n-th piece, and the last bit accepts. */
class Automaton {
  readonly #states: readonly State[]

  constructor({ segments }: PathPattern) {
    this.#states = segments.flatMap((segment): State[] => {
      const key = segment.kind === 'key' ? segment.key.split('.') : ['']
      return key.map((_, taken) => ({ segment, key, taken }))
    })
  }

  get isTooLong(): boolean {
    return this.#states.length > MOST_PIECES
  }

  get start(): number {
    return this.#pastDeep(1)
  }

  accepts(states: number): boolean {
    return (states & (1 << this.#states.length)) !== 0
  }

  after(states: number, letter: Letter): number {
    let next = 0
    for (const [at, state] of this.#states.entries()) {
      if ((states & (1 << at)) === 0) continue
      if (state.segment.kind === 'deep') next |= 1 << at
      else if (consumes(state, letter)) next |= 1 << (at + 1)
    }
    return this.#pastDeep(next)
  }

  /** `**` may consume nothing. */
  #pastDeep(states: number): number {
    let all = states
    for (const [at, { segment }] of this.#states.entries()) {
      if (segment.kind === 'deep' && (all & (1 << at)) !== 0) all |= 1 << (at + 1)
    }
    return all
  }
}

function consumes({ segment, key, taken }: State, letter: Letter): boolean {
  if (letter.kind === 'element') return segment.kind === 'element' || segment.kind === 'any'
  switch (segment.kind) {
    case 'any':
      return true
    case 'name':
      return segment.name === letter.text
    case 'key':
      return letter.text === key[taken] && letter.first === (taken === 0) && letter.last === (taken === key.length - 1)
    default:
      return false
  }
}

interface Visit {
  /** By union, by path: the states that it may be in. */
  readonly states: readonly (readonly number[])[]
  /** Whether the last piece has left its key open. */
  readonly open: boolean
  readonly letter: Letter | undefined
  readonly before: Visit | undefined
}

/**
 * Steps from a record's root to a value that every union of `within` names, and none of `outside`; a shortest one.
 *
 * @returns undefined where there are none; `undecided` where the paths are too many to tell.
 */
export function findSteps({ within, outside = [] }: WantedSteps): PathStep[] | undefined | 'undecided' {
  const unions = [...within, ...outside].map((union) => union.map((path) => new Automaton(path)))
  if (unions.flat().some(({ isTooLong }) => isTooLong)) return 'undecided'
  const letters = alphabet([...within, ...outside].flat())
  const accepts = ({ states, open }: Visit): boolean =>
    !open &&
    states.every((union, index) => {
      const accepted = union.some((path, at) => unions[index]![at]!.accepts(path))
      return accepted === index < within.length
    })
  const isAlive = (states: Visit['states']): boolean =>
    within.every((_, index) => states[index]!.some((path) => path !== 0))
  let visits: Visit[] = [
    {
      states: unions.map((union) => union.map((path) => path.start)),
      open: false,
      letter: undefined,
      before: undefined,
    },
  ]
  const seen = new Set<string>()
  for (let first = true; visits.length > 0; first = false) {
    const next: Visit[] = []
    for (const visit of visits) {
      if (!first && accepts(visit)) return stepsOf(visit)
      for (const letter of first ? ROOTS : letters) {
        if (letter.kind === 'element' ? visit.open : letter.first === visit.open) continue
        const states = visit.states.map((union, index) =>
          union.map((path, at) => unions[index]![at]!.after(path, letter)),
        )
        if (!isAlive(states)) continue
        const open = letter.kind === 'piece' && !letter.last
        const identity = `${states.join(';')}${open}`
        if (seen.has(identity)) continue
        seen.add(identity)
        if (seen.size > MOST_STATES) return 'undecided'
        next.push({ states, open, letter, before: visit })
      }
    }
    visits = next
  }
  return undefined
}

const ROOTS: readonly Letter[] = PATH_ROOTS.map((text) => ({ kind: 'piece', text, first: true, last: true }))

/** Every piece that a path names, and one that none of them does, which stands for all others. */
function alphabet(paths: readonly PathPattern[]): Letter[] {
  const named = paths.flatMap(({ segments }) =>
    segments.flatMap((segment) => {
      if (segment.kind === 'name') return [asciiLowerCase(segment.name)]
      return segment.kind === 'key' ? segment.key.split('.') : []
    }),
  )
  const known = new Set(named)
  let other = 'x'
  while (known.has(other)) other += 'x'
  // Where no path has an undivided key, `a.b` is the same in one key and in two.
  const ends = paths.some(({ segments }) => segments.some(({ kind }) => kind === 'key')) ? [true, false] : [true]
  return [
    { kind: 'element' },
    ...[...known, other].flatMap((text) =>
      ends.flatMap((first) => ends.map((last): Letter => ({ kind: 'piece', text, first, last }))),
    ),
  ]
}

function stepsOf(visit: Visit): PathStep[] {
  const letters: Letter[] = []
  for (let at: Visit | undefined = visit; at?.letter !== undefined; at = at.before) letters.unshift(at.letter)
  const steps: PathStep[] = []
  let pieces: string[] = []
  for (const letter of letters) {
    if (letter.kind === 'element') steps.push({ kind: 'element' })
    else {
      pieces.push(letter.text)
      if (!letter.last) continue
      steps.push({ kind: 'key', key: pieces.join('.') })
      pieces = []
    }
  }
  return steps
}
