import type { Span } from '../../detectors/detector.ts'
import type { Plan } from '../../rules/plan.ts'

/**
 * Finds what `hash` and `drop` of these rules have left in texts: an earlier stage did so, or this one before. A rule
 * whose pattern fits into a pseudonym (`[0-9]{3}` into `hmac-sha256`) must not act on it again.
 *
 * Like a sealed value a pseudonym is known by its form alone; whoever forges one hides 22 characters in it.
 */
export class Results {
  readonly #pattern: RegExp | undefined

  constructor(plan: Plan) {
    const names = plan.detectors.detectors.map(({ name }) => name)
    const kinds = [...new Set([...plan.rules.flatMap(({ id, kind }) => [id, kind]), ...names])]
    const sources = plan.rules.flatMap(({ action }) => (action.deferred ? [] : (action.resultSource(kinds) ?? [])))
    this.#pattern = sources.length > 0 ? new RegExp([...new Set(sources)].join('|'), 'g') : undefined
  }

  /** Spans of results, in bytes. */
  in(content: Buffer): Span[] {
    if (this.#pattern === undefined) return []
    return [...content.toString('latin1').matchAll(this.#pattern)].map(({ index, 0: { length } }) => ({
      start: index,
      end: index + length,
    }))
  }
}
