import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import { compileRules } from '../../rules/compile.ts'
import type { LintFinding } from '../../rules/lint/check.ts'
import { LINT_CHECKS } from '../../rules/lint/index.ts'
import { type LintSubject, lintSubject } from '../../rules/lint/subject.ts'
import { compileDetectors } from '../../rules/own-detectors.ts'
import type { OwnDetector } from '../../rules/schema/index.ts'
import { quoted } from '../config/issue.ts'
import { didYouMean } from '../config/nearest.ts'
import type { LoadedDetector, LoadedRule } from '../config/rule-files.ts'
import { detectorsOf, type LintConfiguration } from './lint-configuration.ts'
import { type LintProblem, lintProblem } from './lint-problem.ts'
import { checkOf, readForLint } from './lint-readings.ts'

export interface LintOptions {
  /** Milliseconds since the epoch. */
  readonly now: number
  /** Ask for what a rule file may do without, and take warnings for faults. */
  readonly strict?: boolean
  readonly configuration?: LintConfiguration | undefined
}

export interface LintResult {
  readonly files: readonly string[]
  /** Number of rules that could be read. */
  readonly rules: number
  /** File by file as they were named, from top to bottom. */
  readonly problems: readonly LintProblem[]
  readonly strict: boolean
}

/** Whether a problem makes the run fail. */
export function isFault({ severity }: LintProblem, { strict }: Pick<LintResult, 'strict'>): boolean {
  return severity === 'error' || strict
}

/**
 * Looks at rule files for what is wrong with them, and for what is allowed and should not be.
 *
 * @throws FieldsealError `FIELDSEAL_CONFIG_UNREADABLE`
 */
export function lintFiles(named: readonly string[], { now, strict = false, configuration }: LintOptions): LintResult {
  const files = named.filter((file, index) => named.findIndex((other) => resolve(other) === resolve(file)) === index)
  const readings = files.map(readForLint)
  const rules = readings.flatMap((reading) => reading.rules)
  const detectors = readings.flatMap((reading) => reading.detectors)
  const otherFiles = (configuration?.files ?? []).filter((file) => !files.some((own) => resolve(own) === resolve(file)))
  const otherDetectors = detectorsOf(otherFiles)
  const subject = lintSubject(
    rules.map(({ rule }) => rule),
    detectors.map(({ detector }) => detector),
    { now, known: configuration?.known, bodyKeys: configuration?.bodyKeys, otherDetectors },
  )
  const found = LINT_CHECKS.filter(({ strictOnly }) => strict || strictOnly !== true).flatMap((check) =>
    check.find(subject).map((finding) => ({ check, finding })),
  )
  const problems = [
    ...readings.flatMap((reading) => reading.problems),
    ...found.map(({ check, finding }) => {
      const { file, name, place } = origin(finding, rules, detectors)
      const hint = finding.hint ?? nearestName(check.code, finding, subject)
      return lintProblem(check, file, place, `${name}: ${finding.message}`, hint)
    }),
    ...refusedByEngine(
      rules,
      [...otherDetectors, ...subject.detectors],
      found.map(({ finding }) => finding),
    ),
  ]
  return { files, rules: rules.length, problems: inOrder(problems, files), strict }
}

function origin({ on, index, path }: LintFinding, rules: readonly LoadedRule[], detectors: readonly LoadedDetector[]) {
  if (on === 'rule') {
    const { rule, file, place } = rules[index]!
    return { file, name: `rule ${quoted(rule.id)}`, place: place(path) }
  }
  const { detector, file, place } = detectors[index]!
  return { file, name: `detector ${quoted(detector.name)}`, place: place(path) }
}

/** What was probably meant by a name that does not exist. */
function nearestName(code: string, { index, path }: LintFinding, subject: LintSubject): string | undefined {
  const names: Readonly<Record<string, readonly string[]>> = {
    'unknown-detector': subject.detectorNames,
    'unknown-recipient': [...(subject.known?.recipients ?? []), ...(subject.known?.groups.keys() ?? [])],
    'unknown-hash-key': subject.known?.hashKeys ?? [],
  }
  const known = names[code]
  if (known === undefined) return undefined
  const written = path.reduce<unknown>(
    (value, step) => (typeof value === 'object' ? (value as Record<string, unknown>)[step] : value),
    subject.rules[index]?.rule,
  )
  const meant = typeof written === 'string' ? didYouMean(written, known) : undefined
  if (meant !== undefined) return meant
  return code === 'unknown-detector' ? undefined : `Known are: ${known.join(', ') || 'none'}.`
}

/** What the engine refuses and no check has found: nothing passes lint that a service would not start with. */
function refusedByEngine(
  rules: readonly LoadedRule[],
  detectors: readonly OwnDetector[],
  found: readonly LintFinding[],
): LintProblem[] {
  const hashKeys = new Map(
    rules.flatMap(({ rule }) => (rule.hash === undefined ? [] : [[rule.hash.key, randomBytes(32)]])),
  )
  const compiled = compileRules(
    rules.map(({ rule }) => rule),
    { hashKeys, detectors: compileDetectors(detectors).detectors },
  )
  if ('plan' in compiled) return []
  const isFound = (rule: number, part: string | number | undefined): boolean =>
    found.some(({ on, index, path }) => on === 'rule' && index === rule && path[0] === part)
  return compiled.issues
    .filter(({ rule, path }) => !isFound(rule, path[0]))
    .map(({ rule, path, problem, fix }) => {
      const loaded = rules[rule]!
      const check = checkOf({ step: 'compile', path, message: problem })
      return lintProblem(check, loaded.file, loaded.place(path), `rule ${quoted(loaded.rule.id)}: ${problem}`, fix)
    })
}

function inOrder(problems: readonly LintProblem[], files: readonly string[]): LintProblem[] {
  return problems.toSorted(
    (a, b) =>
      files.indexOf(a.file) - files.indexOf(b.file) ||
      a.line - b.line ||
      a.column - b.column ||
      a.code.localeCompare(b.code, 'en'),
  )
}
