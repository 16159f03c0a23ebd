import type { LintSubject } from './subject.ts'

export type LintSeverity = 'error' | 'warning'

/** What lint says about a kind of fault, whatever the file. Each has a page of its own in the reference. */
export interface LintFacts {
  /** Kebab case, stable: build servers and waivers name it. */
  readonly code: string
  readonly severity: LintSeverity
  /** True where a rule file is only asked for it with `--strict`. */
  readonly strictOnly?: boolean
  /** What is the matter, in one sentence without a full stop. */
  readonly title: string
  /** Why it matters. */
  readonly explanation: string
  /** What to do, in one sentence. */
  readonly hint: string
  /** A rule file with the fault, and one without it, in YAML. */
  readonly wrong: string
  readonly right: string
}

/** One fault, and where in the rules it is. */
export interface LintFinding {
  readonly on: 'rule' | 'detector'
  /** Index into the rules, or into the own detectors. */
  readonly index: number
  /** Path within the rule or detector, as in the rule file: `['except', 0, 'pattern']`. */
  readonly path: readonly (string | number)[]
  /** No full stop. Names of the rule file may stand in it, never a value of a record. */
  readonly message: string
  /** Where more can be said than the check's own hint does. */
  readonly hint?: string
}

/** A check of rules that have been read. */
export interface LintCheck extends LintFacts {
  /** Called once for each run, with all rules. Pure: reads nothing but its argument, and never throws. */
  find(subject: LintSubject): readonly LintFinding[]
}

/** What reading a rule file has found: its YAML is not sound, its schema does not allow something, or the engine does not. */
export interface ReadingIssue {
  readonly step: 'syntax' | 'schema' | 'compile'
  /** Path within the file; within the rule where the engine refuses it. */
  readonly path: readonly PropertyKey[]
  /** As the reader says it. */
  readonly message: string
}

/** A kind of fault that is found when a file is read; the first of the catalogue that covers an issue names it. */
export interface ReadingCheck extends LintFacts {
  covers(issue: ReadingIssue): boolean
}

/** A finding on a rule. */
export function onRule(
  index: number,
  path: LintFinding['path'],
  message: string,
  hint?: string | undefined,
): LintFinding {
  return { on: 'rule', index, path, message, ...(hint === undefined ? {} : { hint }) }
}

/** A finding on a detector of a rule file. */
export function onDetector(
  index: number,
  path: LintFinding['path'],
  message: string,
  hint?: string | undefined,
): LintFinding {
  return { on: 'detector', index, path, message, ...(hint === undefined ? {} : { hint }) }
}
