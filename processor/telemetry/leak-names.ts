/** Paths and services that are told apart, for as long as a scan lives: who sends records cannot make more. */
const MOST_PLACES = 1000
const MOST_SERVICES = 100
/** Longer ones tell nothing that a graph could show. */
const LONGEST = 128

/** What stands for all that is not told apart. */
const OTHER = 'other'
/** Of records that do not say which service they come from. */
export const UNKNOWN_SERVICE = 'unknown'
const MASKED = '*'

/** Names for what a leak scan counts. They come from senders, so that they are bounded, and hold nothing in the clear. */
export class LeakNames {
  readonly #isService: (name: string) => boolean
  readonly #isPath: (shown: string) => boolean
  readonly #services = new Map<string, string>()
  /** By detector, path and service. */
  readonly #places = new Map<string, string>()

  /**
   * @param isService - whether nothing is found in a name, and it is none that Fieldseal has written.
   * @param isPath - whether nothing is found in a path, in which keys are masked as the scan itself sees to it.
   */
  constructor(isService: (name: string) => boolean, isPath: (shown: string) => boolean) {
    this.#isService = isService
    this.#isPath = isPath
  }

  service(name: string | undefined): string {
    if (name === undefined || name === '') return UNKNOWN_SERVICE
    const known = this.#services.get(name)
    if (known !== undefined) return known
    if (this.#services.size >= MOST_SERVICES || name.length > LONGEST) return OTHER
    const shown = this.#isService(name) ? name : MASKED
    this.#services.set(name, shown)
    return shown
  }

  /**
   * Where a finding is counted: beyond the bound neither paths nor services are told apart.
   *
   * @param shown - the path; undefined where it is too long to be shown.
   * @param service - as `service` gives it.
   */
  place(detector: string, shown: string | undefined, service: string) {
    const path = shown === undefined || shown.length > LONGEST ? OTHER : shown
    const place = JSON.stringify([detector, path, service])
    let known = this.#places.get(place)
    if (known === undefined) {
      if (this.#places.size >= MOST_PLACES) return { detector, path: OTHER, service: OTHER }
      known = this.#isPath(path) ? path : MASKED
      this.#places.set(place, known)
    }
    return { detector, path: known, service }
  }
}
