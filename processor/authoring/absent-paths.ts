import { type PathPattern, type PathStep, parsePath, pathMatches, READ_ONLY_FIELDS } from '../../rules/path.ts'
import type { Rule } from '../../rules/schema/index.ts'

/** A path that a rule names. */
export interface NamedPath {
  readonly rule: string
  readonly path: string
  readonly part: 'path' | 'where'
}

/** Finds out which of the paths that rules name a sample does not have. */
export class AbsentPaths {
  #missing: { readonly named: NamedPath; readonly pattern: PathPattern }[]

  constructor(rules: readonly Rule[]) {
    const named = rules.flatMap((rule): NamedPath[] => [
      ...[rule.path ?? []].flat().map((path) => ({ rule: rule.id, path, part: 'path' as const })),
      ...Object.keys(rule.where ?? {}).map((path) => ({ rule: rule.id, path, part: 'where' as const })),
    ])
    this.#missing = named.flatMap((one) => {
      // Whether a record has a severity or a tag depends on where it comes from.
      if ((READ_ONLY_FIELDS as readonly string[]).includes(one.path)) return []
      const pattern = parsePath(one.path)
      return typeof pattern === 'string' ? [] : [{ named: one, pattern }]
    })
  }

  /** A path that the sample has. */
  see(steps: readonly PathStep[]): void {
    if (this.#missing.some(({ pattern }) => pathMatches(pattern, steps)))
      this.#missing = this.#missing.filter(({ pattern }) => !pathMatches(pattern, steps))
  }

  /** In the order of the rules. */
  get absent(): readonly NamedPath[] {
    return this.#missing.map(({ named }) => named)
  }
}
