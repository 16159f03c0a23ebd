import type { Rule, RuleTestCase } from '../../rules/schema/index.ts'
import type { Place } from '../config/issue.ts'
import type { LoadedRule } from '../config/rule-files.ts'
import type { RuleSet } from './rule-set.ts'
import { onOneLine } from './shown-text.ts'

/** `seal`: the rule acts. `keep`: it does not. `todo_`: so it should be, and is not yet. */
export const CASE_KINDS = ['seal', 'keep', 'todo_seal', 'todo_keep'] as const
export type CaseKind = (typeof CASE_KINDS)[number]

/** A record with what is expected of it. */
export type Expectations = Exclude<RuleTestCase, string>

/** A case that stands beside a rule. */
export interface TestCase extends Place {
  readonly file: string
  readonly kind: CaseKind
  /** From 1, among the cases of its kind. */
  readonly number: number
  /** The id of the rule that it stands beside. */
  readonly owner: string
  /** The id of the rule that it is about. */
  readonly subject: string
  /** That rule; undefined where there is none of this id. */
  readonly rule: Rule | undefined
  readonly expected: Expectations
  /** Where a part of the case stands. */
  place(part: keyof Expectations): Place
}

/** The cases of all rules, in their order. */
export function testCases({ rules }: RuleSet): TestCase[] {
  const byId = new Map(rules.map(({ rule }) => [rule.id, rule]))
  return rules.flatMap((loaded) => CASE_KINDS.flatMap((kind) => casesOf(loaded, kind, byId)))
}

function casesOf(loaded: LoadedRule, kind: CaseKind, byId: ReadonlyMap<string, Rule>): TestCase[] {
  return (loaded.rule.tests?.[kind] ?? []).map((written, index) => {
    const at = ['tests', kind, index]
    // A text alone is the body.
    const expected = typeof written === 'string' ? { body: written } : written
    const subject = expected.rule ?? loaded.rule.id
    return {
      file: loaded.file,
      ...loaded.place(at),
      kind,
      number: index + 1,
      owner: loaded.rule.id,
      subject,
      rule: byId.get(subject),
      expected,
      place: (part) => loaded.place([...at, part]),
    }
  })
}

/** What a case is called: `cards, seal 2: a card in a URL`. */
export function titleOf({ owner, kind, number, expected }: TestCase): string {
  return `${owner}, ${kind} ${number}${expected.name === undefined ? '' : `: ${onOneLine(expected.name)}`}`
}
