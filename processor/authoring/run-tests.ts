import { TENANT_PREFIX } from '../../rules/tenant.ts'
import type { Match, Miss } from '../engine/explain.ts'
import type { ExplainedBatch } from '../engine/seal-records.ts'
import { FieldsealError } from '../errors.ts'
import { caseFaults } from './case-faults.ts'
import { type Disagreement, judgeCase, type ResolveRecipients } from './judge-case.ts'
import type { RuleSet } from './rule-set.ts'
import { type StandInOptions, standInEngine } from './stand-in-engine.ts'
import { type TestCase, testCases } from './test-cases.ts'
import { testRequest } from './test-record.ts'

/**
 * `todo`: a case of `todo_seal` or `todo_keep` that does not pass yet, as expected. `done`: one that passes by now, and
 * so has to move.
 */
export type CaseStatus = 'passed' | 'failed' | 'todo' | 'done'

export interface CaseResult {
  readonly case: TestCase
  readonly status: CaseStatus
  /** Empty for a case that passes. */
  readonly disagreements: readonly Disagreement[]
  /** What the engine found and decided; empty where it was not asked. */
  readonly matches: readonly Match[]
  readonly misses: readonly Miss[]
}

/**
 * Runs the tests that stand beside the rules, each on its own record, with all rules in force as in production.
 *
 * @param options - with groups, those of a configuration: a tenant that it lacks is unknown, as it is there.
 * @throws FieldsealError `FIELDSEAL_CONFIG_INVALID` with what is wrong with the rules.
 */
export function runTests(ruleSet: RuleSet, options: Omit<StandInOptions, 'names'> = {}): CaseResult[] {
  const cases = testCases(ruleSet)
  const { groups } = options
  const engine = standInEngine(ruleSet, { ...options, names: groups === undefined ? tenantsIn(cases) : [] })
  const ruleIds = ruleSet.rules.map(({ rule }) => rule.id)
  const resolve: ResolveRecipients = (names) => [...new Set(names.flatMap((name) => groups?.get(name) ?? [name]))]
  try {
    return cases.map((testCase) => {
      const faults = caseFaults(testCase, ruleIds)
      if (faults.length > 0) return { case: testCase, status: 'failed', disagreements: faults, ...NOTHING }
      const explained = explain(() => engine.explain(testRequest(testCase.expected), 'otlp-json'))
      if ('refused' in explained)
        return { case: testCase, status: 'failed', disagreements: [explained.refused], ...NOTHING }
      const disagreements = judgeCase(testCase, explained, resolve)
      const { matches, misses } = explained
      return { case: testCase, status: statusOf(testCase, disagreements), disagreements, matches, misses }
    })
  } finally {
    engine.close()
  }
}

/** Whether something is to be mended: in a rule, or in its tests. */
export function isFailure({ status }: CaseResult): boolean {
  return status === 'failed' || status === 'done'
}

const NOTHING = { matches: [], misses: [] } as const

function tenantsIn(cases: readonly TestCase[]): string[] {
  const names = cases.flatMap(({ expected }) => [expected.recipients ?? []].flat())
  return names.filter((name) => name.startsWith(TENANT_PREFIX))
}

function explain(run: () => ExplainedBatch): ExplainedBatch | { readonly refused: Disagreement } {
  try {
    return run()
  } catch (error) {
    if (!(error instanceof FieldsealError)) throw error
    const happened = [`the engine refuses the record: ${error.message}`]
    return { refused: { part: undefined, expected: 'a record that can be sealed', happened } }
  }
}

function statusOf({ kind }: TestCase, { length }: readonly Disagreement[]): CaseStatus {
  if (kind === 'seal' || kind === 'keep') return length === 0 ? 'passed' : 'failed'
  return length === 0 ? 'done' : 'todo'
}
