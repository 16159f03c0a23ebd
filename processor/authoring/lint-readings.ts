import type { ReadingCheck, ReadingIssue } from '../../rules/lint/check.ts'
import { READING_CHECKS } from '../../rules/lint/index.ts'
import { ruleFileSchema } from '../../rules/schema/index.ts'
import type { ConfigIssue, Place } from '../config/issue.ts'
import { type LoadedDetector, type LoadedRule, readRuleFile } from '../config/rule-files.ts'
import { describeSchemaIssues } from '../config/schema-issues.ts'
import { readYamlDocument } from '../config/yaml-document.ts'
import { FieldsealError } from '../errors.ts'
import { type LintProblem, lintProblem } from './lint-problem.ts'

export interface LintReading {
  readonly rules: readonly LoadedRule[]
  readonly detectors: readonly LoadedDetector[]
  readonly problems: readonly LintProblem[]
}

/**
 * Reads a rule file for lint: what is sound in it, and what is not, with its code.
 *
 * @throws FieldsealError `FIELDSEAL_CONFIG_UNREADABLE`
 */
export function readForLint(file: string): LintReading {
  const document = readYamlDocument(file)
  const reading = readRuleFile(file)
  if (document === 'unreadable' || reading === 'unreadable') {
    throw new FieldsealError('FIELDSEAL_CONFIG_UNREADABLE', `${file} cannot be read`)
  }
  if ('issues' in document) {
    const problems = document.issues.map((issue) => named(file, issue, { step: 'syntax', path: [], ...issue }))
    return { rules: [], detectors: [], problems }
  }
  const parsed = ruleFileSchema.safeParse(document.data)
  const issues = parsed.success ? [] : describeSchemaIssues(ruleFileSchema, document.data, parsed.error.issues)
  const problems = issues.map((issue) =>
    named(file, { ...issue, ...document.place(issue.path, issue.part) }, { step: 'schema', ...issue }),
  )
  return { rules: reading.rules, detectors: reading.detectors, problems }
}

/** The check that an issue belongs to; the last of the catalogue covers all. */
export function checkOf(issue: ReadingIssue): ReadingCheck {
  return READING_CHECKS.find((check) => check.covers(issue))!
}

function named(
  file: string,
  { message, hint, ...place }: Pick<ConfigIssue, 'message' | 'hint'> & Place,
  issue: ReadingIssue,
): LintProblem {
  return lintProblem(checkOf(issue), file, place, message, hint)
}
