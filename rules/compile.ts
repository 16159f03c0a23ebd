import { createSecretKey, type KeyObject } from 'node:crypto'
import type { Detector, Gate } from '../detectors/detector.ts'
import { keySources, keyWords } from '../detectors/gate.ts'
import { detectorByName } from '../detectors/index.ts'
import { ownDetector, withGate } from '../detectors/own.ts'
import { RE2 } from '../detectors/re2.ts'
import { DetectorSet, type DetectorSetOptions, PatternError } from '../detectors/set.ts'
import { actionOf } from './actions/index.ts'
import type { ExceptionTest } from './except.ts'
import { LEAK_RULE_ID, type LeakScan, leakAction } from './leak-scan.ts'
import { type PathPattern, parsePath, READ_ONLY_FIELDS } from './path.ts'
import { type LeakPlan, Plan, type PlanRule } from './plan.ts'
import type { Rule } from './schema/index.ts'
import { tenantField } from './tenant.ts'
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
  /** Detectors of rule files, by name. */
  readonly detectors?: ReadonlyMap<string, Detector>
  readonly detectorSet?: DetectorSetOptions
  readonly leakScan?: LeakScan | undefined
}

export type Compiled = { readonly plan: Plan } | { readonly issues: readonly RuleIssue[] }

/** Turns rules into a plan, or lists everything that is wrong with them. */
export function compileRules(rules: readonly Rule[], context: CompileContext): Compiled {
  const compiler = new Compiler(context)
  for (const [index, rule] of rules.entries()) compiler.add(rule, index)
  if (context.leakScan !== undefined) compiler.addLeakScan(context.leakScan)
  return compiler.finish()
}

function listOf<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return []
  return Array.isArray(value) ? value : [value as T]
}

class Compiler {
  readonly #hashKeys: ReadonlyMap<string, KeyObject>
  readonly #options: DetectorSetOptions
  readonly #own: ReadonlyMap<string, Detector>
  readonly #issues: RuleIssue[] = []
  readonly #rules: PlanRule[] = []
  readonly #detectors: Detector[] = []
  /** By detector: the rule, and where in it the pattern stands, for errors. */
  readonly #origins: { rule: number; path: string }[] = []
  readonly #whereFields: PathPattern[] = []
  #leakScan: LeakPlan | undefined

  constructor(context: CompileContext) {
    // A KeyObject: on Node 24 a raw key costs 13 microseconds more for each HMAC.
    this.#hashKeys = new Map([...context.hashKeys].map(([name, key]) => [name, createSecretKey(key)]))
    this.#options = context.detectorSet ?? {}
    this.#own = context.detectors ?? new Map()
  }

  add(rule: Rule, index: number): void {
    const action = actionOf(rule, this.#hashKeys)
    if (action === undefined) {
      this.#issue(index, ['hash', 'key'], 'no such key in hash_keys')
      return
    }
    const paths = this.#paths(listOf(rule.path), index, ['path'])
    const matchesKey = this.#keyTest(listOf(rule.key), index)
    const named = this.#named(rule, index)
    if (rule.hash !== undefined) this.#refuseGuessable(named, index)
    const own = this.#patternDetector(rule)
    const common = {
      id: rule.id,
      order: index,
      action,
      paths,
      where: this.#where(rule, index),
      except: this.#exceptions(rule, index),
      tenantField: this.#tenantField(rule, index),
      enforcedFrom: rule.expires === undefined ? Number.NEGATIVE_INFINITY : Date.parse(rule.expires),
      leakScan: undefined,
    }
    const byShape = [...named.filter(({ activation }) => activation !== 'key'), ...own]
    const byKey = named.filter(({ activation }) => activation === 'key')
    if (byShape.length > 0 || byKey.length === 0) {
      const detectors = byShape.map((detector) => this.#indexOf(detector, index, own.includes(detector)))
      this.#rules.push({ ...common, kind: rule.id, matchesKey, detectors })
    }
    this.#addByKey(common, byKey, matchesKey)
  }

  /** What is known by its key alone is taken whole: to the engine it is one more rule for whole values. */
  #addByKey(
    common: Omit<PlanRule, 'kind' | 'matchesKey' | 'detectors'>,
    detectors: readonly Detector[],
    matchesKey: PlanRule['matchesKey'],
  ): void {
    for (const { name, gate } of detectors) {
      const opens = keyTest(gate!)
      const both = matchesKey === undefined ? opens : (key: string) => matchesKey(key) && opens(key)
      this.#rules.push({ ...common, kind: name, matchesKey: both, detectors: [] })
    }
  }

  /** A rule that is weaker than all others and has every place in its scope. */
  addLeakScan({ action, detectors, ignore }: LeakScan): void {
    const common = {
      id: LEAK_RULE_ID,
      order: Number.MAX_SAFE_INTEGER,
      action: leakAction(action),
      paths: [],
      where: [],
      except: [],
      tenantField: undefined,
      enforcedFrom: Number.NEGATIVE_INFINITY,
      leakScan: { ignore },
    }
    const byShape = detectors.filter(({ activation }) => activation !== 'key')
    const indices = byShape.map((detector) => this.#indexOf(detector, -1, false))
    if (indices.length > 0)
      this.#rules.push({ ...common, kind: LEAK_RULE_ID, matchesKey: undefined, detectors: indices })
    this.#addByKey(
      common,
      detectors.filter(({ activation }) => activation === 'key'),
      undefined,
    )
    this.#leakScan = { action, serviceField: this.#fieldIndex(parsePath('resource.service.name') as PathPattern) }
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
    return { plan: new Plan(this.#rules, set, this.#whereFields, this.#leakScan) }
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

  #named(rule: Rule, index: number): Detector[] {
    return listOf(rule.detect).flatMap((name, at) => {
      const detector = this.#own.get(name) ?? detectorByName(name)
      if (detector !== undefined)
        return rule.near === undefined || detector.activation === 'key' ? [detector] : [this.#near(detector, rule)]
      this.#issue(index, ['detect', at], `no detector is named ${name}`)
      return []
    })
  }

  /** A detector with the rule's words in the place of its own; the same one for the same words. */
  #near(detector: Detector, rule: Rule): Detector {
    const gate = gateOf(rule)!
    const known = this.#detectors.find(
      (other) => other.name === detector.name && other.confirm === detector.confirm && isSameGate(other.gate, gate),
    )
    return known ?? withGate(detector, gate)
  }

  #indexOf(detector: Detector, rule: number, isOwn: boolean): number {
    const known = this.#detectors.indexOf(detector)
    if (known >= 0) return known
    this.#origins.push({ rule, path: isOwn ? 'pattern' : 'detect' })
    return this.#detectors.push(detector) - 1
  }

  /** A rule's own patterns are a detector of its own: no validator, and the rule's id as its kind. */
  #patternDetector(rule: Rule): Detector[] {
    const patterns = listOf(rule.pattern)
    if (patterns.length === 0) return []
    const finds = 'What the patterns of the rule match.'
    const gate = gateOf(rule)
    return [ownDetector({ name: rule.id, title: rule.id, finds, patterns, alone: false, gate, lowEntropy: false })]
  }

  /** Whoever has the pseudonyms of all possible values knows them all. */
  #refuseGuessable(detectors: readonly Detector[], rule: number): void {
    for (const [at, { name, lowEntropy }] of detectors.entries()) {
      if (!lowEntropy) continue
      const fix =
        'Seal or drop it; or give the rule a path or key instead of the detector, where the field may be hashed.'
      this.#issue(rule, ['detect', at], `${name} has so few possible values that a hash of them hides nothing`, fix)
    }
  }

  /** Index of the `where` field that names the tenant of a record. */
  #tenantField(rule: Rule, index: number): number | undefined {
    const at = listOf(rule.seal?.to).findIndex((name) => tenantField(name) !== undefined)
    if (at < 0) return undefined
    const pattern = this.#whereField(tenantField(listOf(rule.seal!.to)[at]!)!)
    if (typeof pattern !== 'string') return this.#fieldIndex(pattern)
    this.#issue(index, ['seal', 'to', at], pattern, 'Name a path without wildcards: tenant:{resource.tenant.id}')
    return undefined
  }

  #fieldIndex(pattern: PathPattern): number {
    const known = this.#whereFields.findIndex(({ source }) => source === pattern.source)
    return known >= 0 ? known : this.#whereFields.push(pattern) - 1
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
      return [{ field: this.#fieldIndex(pattern), values: listOf(values) }]
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

function gateOf({ near, within }: Rule): Gate | undefined {
  return near === undefined ? undefined : { words: listOf(near), ...(within === undefined ? {} : { within }) }
}

function isSameGate(a: Gate | undefined, b: Gate): boolean {
  return a !== undefined && a.within === b.within && a.words.join('\n') === b.words.join('\n') && a.keys === b.keys
}

/** Whether a key, as it stands in a record, opens a gate. */
function keyTest(gate: Gate): (key: string) => boolean {
  const patterns = keySources(gate).map((source) => new RE2(source, 'u'))
  return (key) => {
    const words = keyWords(key)
    return patterns.some((pattern) => pattern.test(words))
  }
}
