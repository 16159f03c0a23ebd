import { createSecretKey, type KeyObject } from 'node:crypto'
import RE2 from 're2'
import type { Detector } from '../detectors/detector.ts'
import { detectorByName } from '../detectors/index.ts'
import { DetectorSet, type DetectorSetOptions, PatternError } from '../detectors/set.ts'
import { actionOf } from './actions/index.ts'
import type { ExceptionTest } from './except.ts'
import { type PathPattern, parsePath, READ_ONLY_FIELDS } from './path.ts'
import { Plan, type PlanRule } from './plan.ts'
import type { Rule } from './schema.ts'
import type { WhereTest } from './where.ts'

/** What is wrong with a rule, and where in it. */
export interface RuleIssue {
  /** Index into the list of rules. */
  readonly rule: number
  /** Path within the rule, as in the rule file: `['except', 0, 'pattern']`. */
  readonly path: readonly (string | number)[]
  readonly problem: string
  readonly fix?: string
}

export interface CompileContext {
  /** Keys for `hash`, by name; at least 32 bytes each. */
  readonly hashKeys: ReadonlyMap<string, Uint8Array>
  readonly detectorSet?: DetectorSetOptions
}

export type Compiled = { readonly plan: Plan } | { readonly issues: readonly RuleIssue[] }

/** Turns rules into a plan, or lists everything that is wrong with them. */
export function compileRules(rules: readonly Rule[], context: CompileContext): Compiled {
  const compiler = new Compiler(context)
  for (const [index, rule] of rules.entries()) compiler.add(rule, index)
  return compiler.finish()
}

function listOf<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return []
  return Array.isArray(value) ? value : [value as T]
}

class Compiler {
  readonly #hashKeys: ReadonlyMap<string, KeyObject>
  readonly #options: DetectorSetOptions
  readonly #issues: RuleIssue[] = []
  readonly #rules: PlanRule[] = []
  readonly #detectors: Detector[] = []
  /** By detector: the rule, and where in it the pattern stands, for errors. */
  readonly #origins: { rule: number; path: string }[] = []
  readonly #whereFields: PathPattern[] = []

  constructor(context: CompileContext) {
    // A KeyObject: on Node 24 a raw key costs 13 microseconds more for each HMAC.
    this.#hashKeys = new Map([...context.hashKeys].map(([name, key]) => [name, createSecretKey(key)]))
    this.#options = context.detectorSet ?? {}
  }

  add(rule: Rule, index: number): void {
    const action = actionOf(rule, this.#hashKeys)
    if (action === undefined) {
      this.#issue(index, ['hash', 'key'], 'no such key in hash_keys')
      return
    }
    this.#rules.push({
      id: rule.id,
      order: index,
      action,
      paths: this.#paths(listOf(rule.path), index, ['path']),
      matchesKey: this.#keyTest(listOf(rule.key), index),
      detectors: [...this.#named(listOf(rule.detect), index), ...this.#own(rule, index)],
      where: this.#where(rule, index),
      except: this.#exceptions(rule, index),
    })
  }

  finish(): Compiled {
    let set: DetectorSet | undefined
    try {
      set = new DetectorSet(this.#detectors, this.#options)
    } catch (error) {
      if (!(error instanceof PatternError)) throw error
      const origin = this.#origins[error.detector]!
      this.#issue(
        origin.rule,
        [origin.path, error.pattern],
        error.message,
        'RE2 has no look-around and no back-references.',
      )
    }
    if (this.#issues.length > 0 || set === undefined) return { issues: this.#issues }
    return { plan: new Plan(this.#rules, set, this.#whereFields) }
  }

  #issue(rule: number, path: readonly (string | number)[], problem: string, fix?: string): void {
    this.#issues.push({ rule, path, problem, ...(fix === undefined ? {} : { fix }) })
  }

  #paths(sources: readonly string[], rule: number, at: readonly (string | number)[]): PathPattern[] {
    return sources.flatMap((source, index) => {
      const parsed = parsePath(source)
      if (typeof parsed !== 'string') return [parsed]
      this.#issue(rule, [...at, index], parsed, 'Paths look like attributes.user.email, body or resource.**')
      return []
    })
  }

  #pattern(source: string, rule: number, at: readonly (string | number)[]): RE2 | undefined {
    try {
      return new RE2(source, 'u')
    } catch {
      this.#issue(rule, at, 'RE2 refuses the pattern', 'RE2 has no look-around and no back-references.')
      return undefined
    }
  }

  #keyTest(sources: readonly string[], rule: number): PlanRule['matchesKey'] {
    if (sources.length === 0) return undefined
    const patterns = sources.flatMap((source, index) => this.#pattern(source, rule, ['key', index]) ?? [])
    return (key) => patterns.some((pattern) => pattern.test(key))
  }

  #named(names: readonly string[], rule: number): number[] {
    return names.flatMap((name, index) => {
      const detector = detectorByName(name)
      if (detector === undefined) {
        this.#issue(rule, ['detect', index], `no detector is named ${name}`)
        return []
      }
      const known = this.#detectors.indexOf(detector)
      if (known >= 0) return [known]
      this.#origins.push({ rule, path: 'detect' })
      return [this.#detectors.push(detector) - 1]
    })
  }

  /** A rule's own patterns are a detector of its own: no validator, and the rule's id as its kind. */
  #own(rule: Rule, index: number): number[] {
    const patterns = listOf(rule.pattern)
    if (patterns.length === 0) return []
    this.#origins.push({ rule: index, path: 'pattern' })
    return [this.#detectors.push(ownDetector(rule.id, patterns)) - 1]
  }

  #where(rule: Rule, index: number): WhereTest[] {
    return Object.entries(rule.where ?? {}).flatMap(([source, values]) => {
      const pattern = this.#whereField(source)
      if (typeof pattern === 'string') {
        this.#issue(
          index,
          ['where', source],
          pattern,
          `Name a path without wildcards, or one of ${READ_ONLY_FIELDS.join(', ')}.`,
        )
        return []
      }
      let field = this.#whereFields.findIndex((known) => known.source === pattern.source)
      if (field < 0) field = this.#whereFields.push(pattern) - 1
      return [{ field, values: listOf(values) }]
    })
  }

  #whereField(source: string): PathPattern | string {
    const fields: readonly string[] = READ_ONLY_FIELDS
    if (fields.includes(source)) return { source, segments: [{ kind: 'key', key: source }] }
    const parsed = parsePath(source)
    if (typeof parsed === 'string') return parsed
    const wild = parsed.segments.some((segment) => segment.kind !== 'name' && segment.kind !== 'key')
    return wild ? 'a condition names one field, without wildcards' : parsed
  }

  #exceptions(rule: Rule, index: number): ExceptionTest[] {
    return (rule.except ?? []).map((exception, at) => ({
      name: exception.name,
      pattern:
        exception.pattern === undefined
          ? undefined
          : this.#pattern(exception.pattern, index, ['except', at, 'pattern']),
      paths: this.#paths(listOf(exception.path), index, ['except', at, 'path']),
      expiresAt: exception.expires === undefined ? Number.POSITIVE_INFINITY : Date.parse(exception.expires),
    }))
  }
}

function ownDetector(id: string, patterns: readonly string[]): Detector {
  return {
    name: id,
    title: id,
    group: 'identity',
    activation: 'always',
    finds: 'What the patterns of the rule match.',
    misses: '',
    patterns,
    lowEntropy: false,
    examples: [],
    confirm: (_text, candidate) => candidate,
    normalise: (match) => match.normalize('NFC'),
  }
}
