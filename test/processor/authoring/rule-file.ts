import { join } from 'node:path'
import { stringify } from 'yaml'
import { type RuleSet, readRuleSet } from '../../../processor/authoring/rule-set.ts'
import { type CaseResult, runTests } from '../../../processor/authoring/run-tests.ts'
import type { OwnDetectorInput, RuleInput } from '../../../rules/schema/index.ts'
import { temporaryFolder } from '../config/temporary-folder.ts'

/** Rules as they come from a rule file. */
export function ruleSetOf(rules: readonly RuleInput[], detectors: readonly OwnDetectorInput[] = []): RuleSet {
  const folder = temporaryFolder({ 'r.yaml': stringify({ detectors, rules }) })
  return readRuleSet([join(folder, 'r.yaml')])
}

export function resultsOf(rules: readonly RuleInput[], groups?: Record<string, string[]>): CaseResult[] {
  return runTests(ruleSetOf(rules), groups === undefined ? {} : { groups: new Map(Object.entries(groups)) })
}
