import type { Rule } from '../../rules/schema/index.ts'
import type { NamedPath } from './absent-paths.ts'
import { number } from './counting.ts'
import { foundBy, type PreviewTally, type RuleTally, sumOf } from './preview-tally.ts'

/** What somebody should look at before the rules are used. */
export interface PreviewWarning {
  readonly code: 'no_records' | 'never_matched' | 'never_acts' | 'absent_path' | 'exception_swallows' | 'becomes_text'
  readonly rule: string | undefined
  readonly message: string
}

/** The share of a rule's matches from which on an exception keeps too many of them. */
const SWALLOWING = 0.5

/** What a sample shows of rules that may not do what they seem to. */
export function previewWarnings(
  rules: readonly Rule[],
  tally: PreviewTally,
  absent: readonly NamedPath[],
): PreviewWarning[] {
  if (tally.records === 0)
    return [
      { code: 'no_records', rule: undefined, message: 'the sample has no records: nothing can be said of the rules' },
    ]
  return rules.flatMap((rule) => {
    const own = tally.rules.get(rule.id)!
    const paths = absent.filter((named) => named.rule === rule.id)
    return [...idle(rule, own, paths), ...paths.map(absentPath), ...swallowing(rule, own), ...retyped(rule, own)]
  })
}

function idle({ id, mode }: Rule, tally: RuleTally, absent: readonly NamedPath[]): PreviewWarning[] {
  const found = foundBy(tally)
  // The path that is missing says it already.
  if (found === 0 && absent.some(({ part }) => part === 'path')) return []
  if (found === 0) return [{ code: 'never_matched', rule: id, message: 'found nothing in the sample' }]
  if (mode === 'audit' || sumOf(tally.acted) > 0 || sumOf(tally.audited) > 0 || tally.done > 0) return []
  const reasons = [
    ...[...tally.excepted].map(([name, count]) => `the exception "${name}" keeps ${count}`),
    ...(tally.unmet > 0 ? [`the condition does not hold for ${tally.unmet}`] : []),
    ...[...tally.weaker].map(([than, count]) => `the rule "${than}" has ${count}`),
  ]
  const message = `never acts: of what it found (${found}), ${reasons.join(', and ')}`
  return [{ code: 'never_acts', rule: id, message }]
}

function absentPath({ rule, path, part }: NamedPath): PreviewWarning {
  const message =
    part === 'path'
      ? `no record of the sample has ${path}`
      : `no record of the sample has ${path}, which its "where" asks for`
  return { code: 'absent_path', rule, message }
}

function swallowing({ id }: Rule, tally: RuleTally): PreviewWarning[] {
  const found = foundBy(tally)
  return [...tally.excepted]
    .filter(([, count]) => count > found * SWALLOWING)
    .map(([name, count]) => ({
      code: 'exception_swallows' as const,
      rule: id,
      message: `its exception "${name}" keeps ${count} of the ${found} values that it found (${Math.round((100 * count) / found)} %): is it too wide?`,
    }))
}

function retyped({ id, seal }: Rule, tally: RuleTally): PreviewWarning[] {
  if (seal?.as === 'sibling' || tally.retyped.size === 0) return []
  const where = [...tally.retyped.keys()].slice(0, 3).join(', ')
  const advice = seal === undefined ? '' : ': "as: sibling" puts the sealed value into a field of its own'
  const message = `makes texts of values that are none, ${number(sumOf(tally.retyped))} times (${where}): a backend that expects a number or a boolean there may refuse the record${advice}`
  return [{ code: 'becomes_text', rule: id, message }]
}
