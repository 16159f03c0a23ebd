import type { DetectorSet } from '../../detectors/set.ts'

/** Paths and services that are told apart, all detectors together: who sends records cannot make more. */
const MOST_PLACES = 1000
const MOST_SERVICES = 100
/** Longer ones tell nothing that a graph could show. */
const LONGEST = 128

/** What stands for all that is not told apart. */
export const OTHER = 'other'
/** Of records that do not say which service they come from. */
export const UNKNOWN_SERVICE = 'unknown'
const MASKED = '*'

/** Names for what the leak scan counts. They come from senders, so that they are bounded, and hold nothing in the clear. */
export class LeakNames {
  readonly #detectors: DetectorSet
  readonly #services = new Map<string, string>()
  readonly #places = new Set<string>()

  constructor(detectors: DetectorSet) {
    this.#detectors = detectors
  }

  /** @throws MatchingError */
  service(name: string | undefined): string {
    if (name === undefined || name === '') return UNKNOWN_SERVICE
    const known = this.#services.get(name)
    if (known !== undefined) return known
    if (this.#services.size >= MOST_SERVICES || name.length > LONGEST) return OTHER
    const bytes = Buffer.from(name)
    const holds = this.#detectors.find(bytes, () => true, 'service.name').length > 0
    const shown = holds ? MASKED : name
    this.#services.set(name, shown)
    return shown
  }

  /**
   * Where a finding is counted: beyond the bound neither paths nor services are told apart.
   *
   * @param shown - the path, with keys that hold something masked already.
   */
  place(detector: string, shown: string, service: string): { readonly path: string; readonly service: string } {
    const path = shown.length > LONGEST ? OTHER : shown
    const place = `${detector} ${service} ${path}`
    if (!this.#places.has(place)) {
      if (this.#places.size >= MOST_PLACES) return { path: OTHER, service: OTHER }
      this.#places.add(place)
    }
    return { path, service }
  }
}
