import type { DetectorSet } from '../detectors/set.ts'
import type { Action } from './actions/action.ts'
import type { ExceptionTest } from './except.ts'
import type { LeakAction } from './leak-scan.ts'
import { type PathPattern, type PathStep, pathMatches } from './path.ts'
import type { WhereTest } from './where.ts'

/** What a walker must do with the values at a path; bits. */
export const NODE = {
  /** Gather for the detectors. */
  SCAN: 1,
  /** A detector with an anchored pattern is in scope: match the value on its own as well. */
  ANCHORED: 2,
  /** A rule takes the value whole, or the container. */
  WHOLE: 4,
  /** A `where` reads the value. */
  WHERE: 8,
  /** The key itself holds personal data, and a rule says what to do with it. */
  KEY: 16,
  /** The record's own list of sealed parts. */
  SEALED_LIST: 32,
  /** An element of that list. */
  SEALED_PART: 64,
  /** Report the value, and do nothing else: what the opener asks for. */
  REPORT: 128,
  /** The key opens a gated detector in scope: each value is looked into. */
  OPEN: 256,
} as const

/** The key under which a record carries the JWEs of the parts that its texts refer to. */
export const SEALED_LIST_KEY = 'fieldseal.sealed'

/** A rule as the engine carries it out. */
export interface PlanRule {
  readonly id: string
  /** What its whole values are shown as: the rule's id, or the name of the detector that knows them by their key. */
  readonly kind: string
  /** Position over all rule files: the first of two rules with the same action wins. */
  readonly order: number
  readonly action: Action
  readonly where: readonly WhereTest[]
  readonly except: readonly ExceptionTest[]
  readonly paths: readonly PathPattern[]
  readonly matchesKey: ((key: string) => boolean) | undefined
  /** Indices into the plan's detectors; empty for a rule that takes values whole. */
  readonly detectors: readonly number[]
  /** Index of the `where` field that names the tenant to seal for. */
  readonly tenantField: number | undefined
  /** Milliseconds since the epoch. Before, the rule only counts what it would do. */
  readonly enforcedFrom: number
  /** Of the leak scan: what it does not look at. It does look at fields that no rule alters. Undefined for a rule of a file. */
  readonly leakScan: { readonly ignore: readonly PathPattern[] } | undefined
}

/** Scopes that are shared among paths; each costs about a kilobyte. */
const MOST_SCOPES = 4096

/** What holds at a path, resolved once for each path. */
export interface Scope {
  readonly flags: number
  /** Rules for the whole value, in file order; `hash` and `mask` come down from containers to the values in them. */
  readonly whole: readonly PlanRule[]
  /** By detector: the rules that act on its findings here, in file order. */
  readonly byDetector: ReadonlyMap<number, readonly PlanRule[]>
  /** Indices of the `where` fields of the plan that this path is. */
  readonly whereFields: readonly number[]
}

/** What the engine has to know of the leak scan beside its rules. */
export interface LeakPlan {
  readonly action: LeakAction
  /** Index of the `where` field that has the name of the service. */
  readonly serviceField: number
}

/** What the tree of paths asks of a plan. */
export interface PathPlan {
  readonly detectors: DetectorSet
  scopeOf(steps: readonly PathStep[], inherited: readonly PlanRule[]): Scope
}

/** Where the name of a service may stand, and what may hold it. */
const SERVICE: readonly (readonly PathStep[])[] = [
  ['resource'],
  ['resource', 'service.name'],
  ['resource', 'service'],
  ['resource', 'service', 'name'],
].map((keys) => keys.map((key) => ({ kind: 'key', key })))

/** A compiled rule set. */
export class Plan implements PathPlan {
  readonly rules: readonly PlanRule[]
  readonly detectors: DetectorSet
  readonly whereFields: readonly PathPattern[]
  /** Undefined where the leak scan is off. */
  readonly leakScan: LeakPlan | undefined
  /** Whether a rule may take the name of a service whole: then it stands in no metric. */
  readonly hidesServices: boolean
  readonly #scopes = new Map<string, Scope>()
  /** What tells rules apart: several may have come from one rule of a file, and have its `order`. */
  readonly #numbers: ReadonlyMap<PlanRule, number>

  constructor(
    rules: readonly PlanRule[],
    detectors: DetectorSet,
    whereFields: readonly PathPattern[],
    leakScan?: LeakPlan,
  ) {
    this.rules = rules
    this.leakScan = leakScan
    this.hidesServices = rules.some(
      (rule) =>
        rule.leakScan === undefined && rule.detectors.length === 0 && SERVICE.some((steps) => covers(rule, steps)),
    )
    this.detectors = detectors
    this.whereFields = whereFields
    this.#numbers = new Map(rules.map((rule, number) => [rule, number]))
  }

  /**
   * @param steps - from the root to the value.
   * @param inherited - rules for whole values that the container hands down.
   */
  scopeOf(steps: readonly PathStep[], inherited: readonly PlanRule[]): Scope {
    const whereFields = this.whereFields.flatMap((field, index) => (pathMatches(field, steps) ? [index] : []))
    const readOnly = isReadOnly(steps)
    const inScope = this.rules.filter((rule) =>
      rule.leakScan === undefined ? !readOnly && covers(rule, steps) : scans(rule, rule.leakScan.ignore, steps),
    )
    const own = inScope.filter((rule) => rule.detectors.length === 0)
    const whole = [...new Set([...inherited, ...own])].sort((a, b) => a.order - b.order)
    const spans = inScope.filter((rule) => rule.detectors.length > 0)
    const identity = [whole, spans]
      .map((rules) => rules.map((rule) => this.#numbers.get(rule)).join())
      .concat(whereFields.join())
      .join('|')
    let scope = this.#scopes.get(identity)
    if (scope === undefined) {
      scope = this.#makeScope(whole, spans, whereFields)
      // Keys choose which rules meet, and keys come from senders: not every meeting is kept.
      if (this.#scopes.size < MOST_SCOPES) this.#scopes.set(identity, scope)
    }
    return scope
  }

  #makeScope(whole: readonly PlanRule[], spans: readonly PlanRule[], whereFields: readonly number[]): Scope {
    const byDetector = new Map<number, PlanRule[]>()
    for (const rule of spans) {
      for (const detector of rule.detectors) {
        const rules = byDetector.get(detector)
        if (rules === undefined) byDetector.set(detector, [rule])
        else rules.push(rule)
      }
    }
    const anchored = [...byDetector.keys()].some((detector) => this.detectors.anchored[detector] === true)
    const flags =
      (byDetector.size > 0 ? NODE.SCAN : 0) |
      (anchored ? NODE.ANCHORED : 0) |
      (whole.length > 0 ? NODE.WHOLE : 0) |
      (whereFields.length > 0 ? NODE.WHERE : 0)
    return { flags, whole, byDetector, whereFields }
  }
}

/** Fields beside the four roots are read and never altered. */
export function isReadOnly(steps: readonly PathStep[]): boolean {
  const [root] = steps
  return root?.kind !== 'key' || !['body', 'attributes', 'resource', 'scope'].includes(root.key)
}

function covers(rule: PlanRule, steps: readonly PathStep[]): boolean {
  if (rule.paths.length > 0 && !rule.paths.some((path) => pathMatches(path, steps))) return false
  return rule.matchesKey === undefined || keyNames(steps).some(rule.matchesKey)
}

function scans(rule: PlanRule, ignore: readonly PathPattern[], steps: readonly PathStep[]): boolean {
  return !ignore.some((path) => pathMatches(path, steps)) && covers(rule, steps)
}

/** The names by which a key rule may know a value: its undivided key, and what stands after the key's last dot. */
function keyNames(steps: readonly PathStep[]): string[] {
  const last = steps.findLast((step) => step.kind === 'key')
  // A root is no key: `body` is what a record has, not what somebody called a field.
  if (last?.kind !== 'key' || steps.indexOf(last) === 0) return []
  const dot = last.key.lastIndexOf('.')
  return dot < 0 ? [last.key] : [last.key, last.key.slice(dot + 1)]
}
