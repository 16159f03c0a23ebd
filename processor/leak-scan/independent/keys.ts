import type { DetectorSet } from '../../../detectors/set.ts'
import type { WhatRemains } from './what-remains.ts'

/** What a key says of itself, and of the value under it. */
export interface KeyFacts {
  /** Detectors that find something in the key, each once. */
  readonly found: readonly number[]
  /** It is shown as `*`: something is found in it, or Fieldseal has written it in the place of what was. */
  readonly masked: boolean
  /** Detectors that know the value by this key alone. */
  readonly names: readonly number[]
  /** Something is found in it, or it says something of the value: a value under it is looked at on its own. */
  readonly says: boolean
}

const MOST_KEPT = 4096
const LONGEST_KEPT = 256

/** Looks at keys; at those that come again and again once. */
export class Keys {
  readonly #set: DetectorSet
  readonly #remains: WhatRemains
  readonly #known = new Map<string, KeyFacts>()

  constructor(set: DetectorSet, remains: WhatRemains) {
    this.#set = set
    this.#remains = remains
  }

  factsOf(key: string): KeyFacts {
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const content = Buffer.from(key)
    const found = this.#foundIn(content)
    const masked = found.length > 0 || (key !== '' && this.#remains.isTaken(content))
    const names = this.#names(key)
    const says = found.length > 0 || names.length > 0 || this.#set.openedBy(key).size > 0
    const facts = { found, masked, names, says }
    if (key.length > LONGEST_KEPT) return facts
    if (this.#known.size >= MOST_KEPT) this.#known.clear()
    // A copy: a key may be a slice that keeps a whole batch alive.
    this.#known.set(content.toString(), facts)
    return facts
  }

  #foundIn(key: Buffer): number[] {
    return [...new Set(this.#remains.inText(key, '').map(({ detector }) => detector))]
  }

  /** A key counts as it is, and without what stands before its last dot. */
  #names(key: string): number[] {
    const last = key.slice(key.lastIndexOf('.') + 1)
    const open = new Set([key, last].flatMap((name) => [...this.#set.openedBy(name)]))
    return [...open].filter((detector) => this.#set.detectors[detector]!.activation === 'key')
  }
}
