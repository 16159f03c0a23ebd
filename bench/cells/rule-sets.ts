import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { RuleInput } from '../../rules/schema/index.ts'
import type { RuleCount } from './cell.ts'

/** The committed rule set of that size. */
export function ruleSet(count: RuleCount): RuleInput[] {
  const file = new URL(
    count === 'default-pack' ? '../../rules/packs/default.yaml' : `../rules/${count}.yaml`,
    import.meta.url,
  )
  return (parse(readFileSync(file, 'utf8')) as { rules: RuleInput[] }).rules
}

/** One or a list, as a list. */
export const listOf = (names: string | readonly string[] | undefined): readonly string[] =>
  names === undefined ? [] : typeof names === 'string' ? [names] : names
