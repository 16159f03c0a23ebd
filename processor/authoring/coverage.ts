import { tenantField } from '../../rules/tenant.ts'
import type { Place } from '../config/issue.ts'
import type { LoadedRule } from '../config/rule-files.ts'
import { acts } from './judge-case.ts'
import type { RuleSet } from './rule-set.ts'
import type { CaseResult } from './run-tests.ts'

/** A test that should be there and is not, or does not pass. */
export interface MissingTest extends Place {
  readonly file: string
  /** Id of the rule. */
  readonly rule: string
  /** `a case under keep: …`, in plain words. */
  readonly wanted: string
}

export interface Coverage {
  /** Tests that are wanted, and how many of them there are. */
  readonly wanted: number
  readonly covered: number
  /** Rounded down, so that 100 means all; 100 where nothing is wanted. */
  readonly percent: number
  readonly missing: readonly MissingTest[]
}

interface Want extends MissingTest {
  readonly covered: boolean
}

/**
 * Which tests there are of those that rules want: for a rule one that it acts on and one that it leaves alone; for an
 * exception one that it takes away and one on which the rule acts all the same; for each distinct set of recipients one
 * that names them and one that a rule which has them leaves alone.
 *
 * @param results - only cases that pass count, whichever rule they stand beside.
 */
export function coverageOf({ rules }: RuleSet, results: readonly CaseResult[]): Coverage {
  const passing = results.filter(({ status }) => status === 'passed')
  const wants = [...rules.flatMap((loaded) => wantsOf(loaded, passing)), ...recipientWants(rules, passing)]
  const missing = wants.flatMap(({ covered, ...test }) => (covered ? [] : [test]))
  const covered = wants.length - missing.length
  const percent = wants.length === 0 ? 100 : Math.floor((100 * covered) / wants.length)
  return { wanted: wants.length, covered, percent, missing }
}

function cases(passing: readonly CaseResult[], kind: 'seal' | 'keep', id: string): CaseResult[] {
  return passing.filter((result) => result.case.kind === kind && result.case.subject === id)
}

function wantsOf(loaded: LoadedRule, passing: readonly CaseResult[]): Want[] {
  const { rule, file } = loaded
  const sealed = cases(passing, 'seal', rule.id)
  const kept = cases(passing, 'keep', rule.id)
  const common = { file, rule: rule.id }
  const at = loaded.place(['id'])
  return [
    { ...common, ...at, covered: sealed.length > 0, wanted: 'a case under `seal`: a record that the rule acts on' },
    { ...common, ...at, covered: kept.length > 0, wanted: 'a case under `keep`: a record that the rule leaves alone' },
    ...(rule.except ?? []).flatMap(({ name }, index) => {
      const place = loaded.place(['except', index])
      const takes = `a case under \`keep\` that the exception "${name}" takes away`
      const spares = `a case under \`seal\` on which the rule acts in spite of the exception "${name}"`
      return [
        { ...common, ...place, covered: kept.some((result) => isTakenBy(name, result)), wanted: takes },
        { ...common, ...place, covered: sealed.length > 0, wanted: spares },
      ]
    }),
  ]
}

function isTakenBy(exception: string, { case: { subject }, matches }: CaseResult): boolean {
  return matches.some(
    ({ rule, verdict }) => rule === subject && verdict.is === 'excepted' && verdict.exception === exception,
  )
}

/** For whom rules seal: a set of names, with the rules that have it. */
interface RecipientSet {
  readonly names: readonly string[]
  readonly rules: LoadedRule[]
}

function recipientWants(rules: readonly LoadedRule[], passing: readonly CaseResult[]): Want[] {
  return recipientSets(rules).flatMap(({ names, rules: holders }) => {
    const [first] = holders
    const { file, rule, place } = first!
    const common = { file, rule: rule.id, ...place(['seal', 'to']) }
    const ids = holders.map((holder) => holder.rule.id)
    const asserting = ids.flatMap((id) => cases(passing, 'seal', id)).some((result) => isAsserted(names, result))
    const kept = ids.some((id) => cases(passing, 'keep', id).length > 0)
    const shown = names.map((name) => (tenantField(name) === undefined ? name : 'tenant:<name>')).join(', ')
    return [
      { ...common, covered: asserting, wanted: `a case under \`seal\` with \`recipients: [${shown}]\`` },
      { ...common, covered: kept, wanted: `a case under \`keep\` of a rule that seals for ${shown}` },
    ]
  })
}

/** A rule with a tenant has two: for tenants that are known, and for all others. */
function setsOf({ rule: { seal } }: LoadedRule): string[][] {
  if (seal === undefined) return []
  const to = [seal.to].flat()
  if (seal.fallback === undefined) return [to]
  return [to, [...to.filter((name) => tenantField(name) === undefined), seal.fallback]]
}

function recipientSets(rules: readonly LoadedRule[]): RecipientSet[] {
  const sets = new Map<string, RecipientSet>()
  for (const loaded of rules) {
    for (const written of setsOf(loaded)) {
      const names = [...new Set(written)].toSorted()
      const key = names.join('\n')
      const known = sets.get(key)
      if (known === undefined) sets.set(key, { names, rules: [loaded] })
      else known.rules.push(loaded)
    }
  }
  return [...sets.values()]
}

/** Whether a case names exactly this set; any tenant stands for all of them. */
function isAsserted(names: readonly string[], { case: { expected }, matches }: CaseResult): boolean {
  if (expected.recipients === undefined || !matches.some(acts)) return false
  const given = [...new Set([expected.recipients].flat())]
  const fixed = names.filter((name) => tenantField(name) === undefined)
  const others = given.filter((name) => !fixed.includes(name))
  const hasTenant = fixed.length < names.length
  const isRest = hasTenant ? others.length === 1 && others[0]!.startsWith('tenant:') : others.length === 0
  return isRest && fixed.every((name) => given.includes(name))
}
