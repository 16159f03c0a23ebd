import type { Detector, Gate } from '../../detectors/detector.ts'
import type { Rule } from '../schema/index.ts'
import { gateTest, type KeyTest, keyTest } from './key-test.ts'
import { listOf } from './list-of.ts'

/** What a rule looks for at the places where it looks. */
export interface LintClaim {
  /** `whole`, or the detector's name, or the source of an own pattern after `pattern `. */
  readonly what: string
  /** Words of which one must stand near; undefined where none must. */
  readonly gate: Gate | undefined
  /** Conditions on the key, all of which must hold. */
  readonly keys: readonly KeyTest[]
}

export const WHOLE = 'whole'

/** What a rule looks for, one by one; undefined where RE2 refuses a pattern for keys. */
export function lintClaims(rule: Rule, detectors: readonly Detector[]): LintClaim[] | undefined {
  const ofRule = rule.key === undefined ? undefined : keyTest(listOf(rule.key))
  if (rule.key !== undefined && ofRule === undefined) return undefined
  const keys = ofRule === undefined ? [] : [ofRule]
  const near = rule.near === undefined ? undefined : { words: listOf(rule.near), ...withinOf(rule) }
  if (rule.detect === undefined && rule.pattern === undefined) return [{ what: WHOLE, gate: undefined, keys }]
  return [
    ...detectors.map((detector): LintClaim => {
      if (detector.activation !== 'key') return { what: detector.name, gate: near ?? detector.gate, keys }
      const opens = gateTest(detector)
      return { what: WHOLE, gate: undefined, keys: opens === undefined ? keys : [...keys, opens] }
    }),
    ...listOf(rule.pattern).map((source): LintClaim => ({ what: `pattern ${source}`, gate: near, keys })),
  ]
}

function withinOf({ within }: Rule): Pick<Gate, 'within'> {
  return within === undefined ? {} : { within }
}

/** Whether what passes the gate of `inner` passes that of `outer`. */
export function gateIncludes(outer: Gate | undefined, inner: Gate | undefined): boolean {
  return outer === undefined || (inner !== undefined && JSON.stringify(outer) === JSON.stringify(inner))
}
