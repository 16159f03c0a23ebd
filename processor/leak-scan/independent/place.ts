import type { PathStep } from '../../../rules/path.ts'

/** Where a value is: made for each, and shown only where something was found. */
export interface Place {
  readonly parent: Place | undefined
  /** Undefined for the elements of an array. */
  readonly key: string | undefined
  /** The key is not shown. */
  readonly masked: boolean
}

/** Keys that are shown as they are. */
const PLAIN = /^[\w$@/:-]+(?:\.[\w$@/:-]+)*$/
/** Longer ones are shown shortened: a path is there to be read. */
const LONGEST_SHOWN = 512

export function rootPlace(name: string): Place {
  return { parent: undefined, key: name, masked: false }
}

function fromRoot(place: Place): Place[] {
  const places: Place[] = []
  for (let at: Place | undefined = place; at !== undefined; at = at.parent) places.push(at)
  return places.reverse()
}

/** As rules have it: `attributes.user.email`, `attributes["odd key"][*]`. */
export function shownPath(place: Place): string | undefined {
  let shown = ''
  for (const { parent, key, masked } of fromRoot(place)) {
    if (shown.length > LONGEST_SHOWN || (key?.length ?? 0) > LONGEST_SHOWN) return undefined
    if (parent === undefined) shown = key!
    else if (key === undefined) shown += '[*]'
    else if (masked) shown += '.*'
    else shown += PLAIN.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`
  }
  return shown
}

/** For patterns of rules. */
export function stepsTo(place: Place): PathStep[] {
  return fromRoot(place).map(({ key }) => (key === undefined ? { kind: 'element' } : { kind: 'key', key }))
}
