import { type PathPattern, type PathStep, parsePath, pathMatches } from '../path.ts'
import { gateIncludes, type LintClaim, WHOLE } from './claims.ts'
import { isImplied, type KeyTest, lastKey, lastKeys, passesInAnyCase } from './key-test.ts'
import { findSteps, type PathUnion } from './path-language.ts'
import type { LintRule } from './subject.ts'

const EVERYWHERE = parsePath('**') as PathPattern

export function placesOf({ paths }: Pick<LintRule, 'paths'>): PathUnion {
  return paths.length === 0 ? [EVERYWHERE] : paths
}

/**
 * A place that both rules act on, for claims with conditions on keys; undefined where none is known: what two patterns for
 * keys have in common is told from the names that they spell out.
 */
export function commonPlace(
  a: LintRule,
  aKeys: readonly KeyTest[],
  b: LintRule,
  bKeys: readonly KeyTest[],
): readonly PathStep[] | undefined {
  const within = [placesOf(a), placesOf(b)]
  const outside = [a.exceptedPaths, b.exceptedPaths]
  const keys = [...aKeys, ...bKeys]
  if (keys.length === 0) return decided(findSteps({ within, outside }))
  const names = [...keys.flatMap(({ samples }) => samples), ...[...a.paths, ...b.paths].flatMap(lastKeys)]
  for (const name of new Set(names)) {
    if (!keys.every((key) => key.matches(name))) continue
    const steps = decided(findSteps({ within: [...within, [underKey(name)]], outside }))
    if (steps !== undefined) return steps
  }
  return undefined
}

function decided(steps: ReturnType<typeof findSteps>): readonly PathStep[] | undefined {
  return steps === 'undecided' ? undefined : steps
}

/** Everything under one key; a root is no key. */
function underKey(name: string): PathPattern {
  const key = name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
  return { source: name, segments: [{ kind: 'any' }, { kind: 'deep' }, { kind: 'key', key }] }
}

/** Whether two claims may be about the same text: the same detector or pattern, or the whole value. */
export function isSameTarget(a: LintClaim, b: LintClaim): boolean {
  return a.what === b.what && (gateIncludes(a.gate, b.gate) || gateIncludes(b.gate, a.gate))
}

/** Whether `outer` takes every text that `inner` could, so that nothing is left of it for the rule of `inner`. */
export function takesAll(outer: LintRule, outerClaim: LintClaim, inner: LintRule, innerClaim: LintClaim): boolean {
  return (
    isWider(outer, outerClaim, inner, innerClaim) &&
    isWithin(inner, outer) &&
    outerClaim.keys.every(
      (key) =>
        isImplied(key, innerClaim.keys) ||
        (inner.paths.length > 0 && inner.paths.every((path) => passes(key, lastKey(path)))),
    )
  )
}

/** Whether all places of `inner` are places of `outer`. */
export function isWithin(inner: LintRule, outer: LintRule): boolean {
  if (outer.paths.length === 0) return true
  const isNamed = (steps: readonly PathStep[]): boolean => outer.paths.some((path) => pathMatches(path, steps))
  if (!inner.samplePlaces.every(isNamed)) return false
  return findSteps({ within: [placesOf(inner)], outside: [outer.paths] }) === undefined
}

function passes(key: KeyTest, name: string | undefined): boolean {
  return name !== undefined && passesInAnyCase(key, name)
}

function isWider(outer: LintRule, outerClaim: LintClaim, inner: LintRule, innerClaim: LintClaim): boolean {
  const takesWholeText = ({ rule }: LintRule) => rule.seal?.text === 'whole'
  if (outerClaim.what === WHOLE) {
    // A detector finds things in keys as well, which a rule for whole values leaves alone.
    return (
      innerClaim.what === WHOLE || (inner.paths.length > 0 && inner.paths.every((path) => lastKey(path) !== undefined))
    )
  }
  return (
    outerClaim.what === innerClaim.what &&
    gateIncludes(outerClaim.gate, innerClaim.gate) &&
    (takesWholeText(outer) || !takesWholeText(inner))
  )
}
