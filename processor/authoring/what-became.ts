import type { Rule } from '../../rules/schema/index.ts'
import type { Match } from '../engine/explain.ts'
import { enumerated } from './counting.ts'
import { actionOf } from './rule-action.ts'

const ACTS = { seal: 'seals', hash: 'hashes', mask: 'masks', drop: 'drops' } as const
const ORDER: readonly string[] = ['drop', 'seal', 'hash', 'mask']

/** What a match is told with. */
export interface Surroundings {
  /** By id. */
  readonly rules: ReadonlyMap<string, Rule>
  /** All matches of the batch. */
  readonly matches: readonly Match[]
  nameOf(kid: string): string
}

/** What became of a match, and why, as the rest of a sentence about its rule: `acts: it drops it`. */
export function whatBecame(match: Match, around: Surroundings): string {
  const { verdict } = match
  const rule = around.rules.get(match.rule)!
  switch (verdict.is) {
    case 'acts':
      return `acts: ${effect(match, rule, around)}`
    case 'audits':
      return `only counts: it is in audit, and acts from ${rule.expires} on; then ${effect(match, rule, around)}`
    case 'excepted':
      return `does not act: ${exceptionClause(rule, verdict.exception)}`
    case 'unmet':
      return `does not act: ${conditionClause(rule, verdict.field)}`
    case 'weaker':
      return `does not act: ${weakerClause(match, verdict.than, around)}`
    case 'done':
      return 'does not act: an earlier stage has made the value what it is'
  }
}

function effect({ action, recipients }: Match, rule: Rule, { nameOf }: Surroundings): string {
  switch (action) {
    case 'seal': {
      const names = recipients.map(nameOf)
      return `it seals it for ${enumerated(names)}${names.length > 1 ? '; each of them can open it, alone' : ''}`
    }
    case 'hash':
      return `it puts a pseudonym in its place, with the key ${rule.hash?.key}`
    case 'mask':
      return `it masks it${(rule.mask?.keep_last ?? 0) > 0 ? `, but for the last ${rule.mask?.keep_last} characters` : ''}`
    default:
      return 'it drops it'
  }
}

function exceptionClause({ except = [] }: Rule, name: string): string {
  const exception = except.find((one) => one.name === name)
  const facts = [
    ...(exception?.reason === undefined ? [] : [`reason: ${exception.reason}`]),
    ...(exception?.owner === undefined ? [] : [`owner: ${exception.owner}`]),
    ...(exception?.expires === undefined ? [] : [`ends on ${exception.expires}`]),
  ]
  return `its exception "${name}" keeps it${facts.length === 0 ? '' : ` (${facts.join('; ')})`}`
}

function conditionClause({ where = {} }: Rule, field: string): string {
  const wanted = Object.hasOwn(where, field) ? [where[field]!].flat().map(String) : []
  return `its condition does not hold for this record, whose ${field} is not ${wanted.join(' or ')}`
}

function weakerClause(match: Match, than: string, { rules, matches }: Surroundings): string {
  const stronger = rules.get(than)!
  const acting = matches.filter(({ rule, verdict }) => rule === than && verdict.is === 'acts')
  const around = acting.find(({ at }) => at.start < match.at.start && match.at.start < at.end)
  if (around !== undefined && than === match.rule) return `the rule takes all of ${around.path}, and this with it`
  if (around !== undefined) return `rule "${than}" takes all of ${around.path}, and this with it`
  const byName = acting.find(({ onKey, at }) => onKey && !match.onKey && at.entry === match.at.entry)
  if (byName !== undefined) return `rule "${than}" takes the field with its name`
  const action = actionOf(stronger)
  if (than === match.rule) return `the rule ${ACTS[action]} it with what stands around it`
  const isStronger = ORDER.indexOf(action) < ORDER.indexOf(match.action)
  const why = isStronger ? `and ${action} is stronger than ${match.action}` : 'and stands before it'
  return `rule "${than}" ${ACTS[action]} it, ${why}`
}
