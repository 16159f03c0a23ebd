import type { Detector } from '../../detectors/detector.ts'
import type { DetectorSet } from '../../detectors/set.ts'
import { compileRules } from '../../rules/compile.ts'
import { PATH_ROOTS, type PathPattern, type PathStep, parsePath, pathMatches } from '../../rules/path.ts'
import type { PathPlan, Plan, PlanRule, Scope } from '../../rules/plan.ts'
import { ruleFileSchema } from '../../rules/schema/index.ts'
import { FieldsealError } from '../errors.ts'
import { requirePatternEngine } from '../pattern-engine.ts'

const NOTHING: Scope = { flags: 0, whole: [], byDetector: new Map(), whereFields: [] }

/**
 * A plan that looks for some detectors in everything, and does nothing about it: one rule over all paths. What the rules
 * of a pipeline may not alter, such as the name of an event, is looked at like an attribute.
 */
export class ScanPlan implements PathPlan {
  readonly detectors: DetectorSet
  /** By index in the set. */
  readonly names: readonly string[]
  readonly #plan: Plan
  readonly #ignored: readonly PathPattern[]

  /**
   * @param detectors - of the catalogue, and own ones.
   * @param ignored - paths as in rules.
   * @throws FieldsealError `FIELDSEAL_USAGE` for a path that is none.
   */
  constructor(detectors: readonly Detector[], ignored: readonly string[] = []) {
    requirePatternEngine()
    const rule = { id: 'scan', detect: detectors.map(({ name }) => name), mask: {} }
    const own = new Map(detectors.map((detector) => [detector.name, detector]))
    const compiled = compileRules(ruleFileSchema.parse({ rules: [rule] }).rules, {
      hashKeys: new Map(),
      detectors: own,
    })
    if (!('plan' in compiled)) throw new FieldsealError('FIELDSEAL_INTERNAL', 'the detectors do not compile')
    this.#plan = compiled.plan
    this.detectors = compiled.plan.detectors
    this.names = this.detectors.detectors.map(({ name }) => name)
    this.#ignored = ignored.map(ignoredPath)
  }

  scopeOf(steps: readonly PathStep[], inherited: readonly PlanRule[]): Scope {
    if (this.#ignored.some((path) => pathMatches(path, steps))) return NOTHING
    return this.#plan.scopeOf(isField(steps) ? FIELD_STEPS : steps, inherited)
  }
}

const FIELD_STEPS: readonly PathStep[] = [{ kind: 'key', key: 'attributes' }]

function isField([root]: readonly PathStep[]): boolean {
  return root?.kind === 'key' && !(PATH_ROOTS as readonly string[]).includes(root.key)
}

function ignoredPath(source: string): PathPattern {
  const parsed = parsePath(source)
  if (typeof parsed === 'string') throw new FieldsealError('FIELDSEAL_USAGE', `--ignore: ${parsed}`)
  return parsed
}
