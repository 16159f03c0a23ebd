import { createSecretKey } from 'node:crypto'
import type { Detector } from '../../detectors/detector.ts'
import { DETECTORS, detectorByName } from '../../detectors/index.ts'
import type { Action } from '../actions/action.ts'
import { actionOf } from '../actions/index.ts'
import { compileDetectors, type DetectorIssue } from '../own-detectors.ts'
import { type PathPattern, type PathStep, parsePath } from '../path.ts'
import type { OwnDetector, Rule } from '../schema/index.ts'
import { type LintClaim, lintClaims } from './claims.ts'
import { listOf } from './list-of.ts'
import { findSteps } from './path-language.ts'

/** Names that a configuration gives. */
export interface KnownNames {
  readonly recipients: readonly string[]
  /** Names of recipients, by the group's name. */
  readonly groups: ReadonlyMap<string, readonly string[]>
  readonly hashKeys: readonly string[]
}

/** A rule with what its names and texts stand for; what is not sound is left out and has its own check. */
export interface LintRule {
  readonly index: number
  readonly rule: Rule
  readonly action: Action
  readonly detectors: readonly Detector[]
  /** Empty where the rule looks everywhere. */
  readonly paths: readonly PathPattern[]
  /** A place for each of the paths: what does not hold there does not hold everywhere. */
  readonly samplePlaces: readonly (readonly PathStep[])[]
  /** Paths of exceptions that hold for whatever stands there, and hold today. */
  readonly exceptedPaths: readonly PathPattern[]
  readonly claims: readonly LintClaim[]
  /** Names of exceptions that hold today. */
  readonly exceptions: readonly string[]
  /** False while the rule only counts. */
  readonly isEnforced: boolean
  /** False where one of its paths, patterns or names is not sound: what it claims is not known then. */
  readonly isSound: boolean
}

/** What the checks look at. */
export interface LintSubject {
  readonly rules: readonly LintRule[]
  /** Of the files that are linted. */
  readonly detectors: readonly OwnDetector[]
  /** What is wrong with them as a whole: their names, and the first pattern that cannot be used. */
  readonly detectorIssues: readonly DetectorIssue[]
  /** Names of all detectors that a rule may name. */
  readonly detectorNames: readonly string[]
  /** Undefined where no configuration was given. */
  readonly known: KnownNames | undefined
  /** Keys of which the first present is the body of a JSON line. */
  readonly bodyKeys: readonly string[]
  /** Milliseconds since the epoch. */
  readonly now: number
}

export interface LintSubjectOptions {
  readonly now: number
  readonly known?: KnownNames | undefined
  readonly bodyKeys?: readonly string[] | undefined
  /** Detectors of rule files that are used beside the ones that are linted. */
  readonly otherDetectors?: readonly OwnDetector[]
}

/** As in a configuration that says nothing of it. */
export const BODY_KEYS = ['msg', 'message', 'log'] as const

/** Resolves rules for the checks. */
export function lintSubject(
  rules: readonly Rule[],
  detectors: readonly OwnDetector[],
  { now, known, bodyKeys = BODY_KEYS, otherDetectors = [] }: LintSubjectOptions,
): LintSubject {
  const compiled = compileDetectors([...otherDetectors, ...detectors])
  const own = compiled.detectors
  return {
    rules: rules.map((rule, index) => lintRule(rule, index, own, now)),
    detectors,
    detectorIssues: compiled.issues.flatMap((issue) => {
      const detector = issue.detector - otherDetectors.length
      return detector < 0 ? [] : [{ ...issue, detector }]
    }),
    detectorNames: [
      ...DETECTORS.map(({ name }) => name),
      // One that does not compile has a finding of its own.
      ...[...otherDetectors, ...detectors].map(({ name }) => name),
    ],
    known,
    bodyKeys,
    now,
  }
}

function lintRule(rule: Rule, index: number, own: ReadonlyMap<string, Detector>, now: number): LintRule {
  const names = listOf(rule.detect)
  const detectors = names.flatMap((name) => own.get(name) ?? detectorByName(name) ?? [])
  const paths = soundPaths(listOf(rule.path))
  const claims = lintClaims(rule, detectors)
  return {
    index,
    rule,
    action: placeholderAction(rule),
    detectors,
    paths,
    samplePlaces: paths.flatMap((path) => {
      const steps = findSteps({ within: [[path]] })
      return steps === undefined || steps === 'undecided' ? [] : [steps]
    }),
    exceptedPaths: (rule.except ?? [])
      .filter(({ pattern, expires }) => pattern === undefined && !isPast(expires, now))
      .flatMap(({ path }) => soundPaths(listOf(path))),
    exceptions: (rule.except ?? []).filter(({ expires }) => !isPast(expires, now)).map(({ name }) => name),
    claims: claims ?? [],
    isEnforced: rule.mode === 'enforce' || isPast(rule.expires, now),
    isSound: claims !== undefined && detectors.length === names.length && paths.length === listOf(rule.path).length,
  }
}

/** Whether the day (UTC) has come. */
export function isPast(day: string | undefined, now: number): boolean {
  return day !== undefined && Date.parse(day) <= now
}

function soundPaths(sources: readonly string[]): PathPattern[] {
  return sources.map(parsePath).filter((path) => typeof path !== 'string')
}

/** The action with its rank; a hash has a key that nothing is hashed with. */
function placeholderAction(rule: Rule): Action {
  const keys = rule.hash === undefined ? [] : [[rule.hash.key, createSecretKey(Buffer.alloc(32))] as const]
  return actionOf(rule, new Map(keys))!
}
