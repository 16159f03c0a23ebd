import type { Leak } from './report.ts'
import type { WhatRemains } from './what-remains.ts'

/** Paths and services that are told apart, for as long as the scan lives: senders cannot make more series of metrics. */
const MOST_PLACES = 1000
const MOST_SERVICES = 100
/** Longer ones tell nothing that a graph could show. */
const LONGEST = 128
/** Stands for all that is not told apart. */
const OTHER = 'other'
const MASKED = '*'

/** How services and paths are shown, which come from senders. */
export class Names {
  readonly #remains: WhatRemains
  readonly #services = new Map<string, string>()
  readonly #places = new Set<string>()

  constructor(remains: WhatRemains) {
    this.#remains = remains
  }

  service(name: string): string {
    if (name === '') return ''
    const known = this.#services.get(name)
    if (known !== undefined) return known
    const content = Buffer.from(name)
    // One that was sealed, hashed or masked names no service that anybody could look for.
    if (this.#remains.isTaken(content)) return MASKED
    if (name.length > LONGEST || this.#services.size >= MOST_SERVICES) return OTHER
    const shown = this.#remains.inBytes(content, 'service.name').length === 0 ? name : MASKED
    this.#services.set(name, shown)
    return shown
  }

  /**
   * A leak as it is shown: beyond the bound neither paths nor services are told apart.
   *
   * @param shown - the path; undefined where it is too long to be shown.
   */
  leak(detector: string, shown: string | undefined, service: string): Leak {
    const path = shown === undefined || shown.length > LONGEST ? OTHER : shown
    const place = JSON.stringify([detector, path, service])
    if (!this.#places.has(place)) {
      if (this.#places.size >= MOST_PLACES) return { detector, path: OTHER, service: OTHER }
      this.#places.add(place)
    }
    return { detector, path, service }
  }
}
