import { parse } from 'yaml'
import type { LintCheck, LintFinding } from '../../../rules/lint/check.ts'
import { type LintSubjectOptions, lintSubject } from '../../../rules/lint/subject.ts'
import { type RuleFileInput, ruleFileSchema } from '../../../rules/schema/index.ts'

export const NOW = Date.parse('2026-01-15')

export const KNOWN = {
  recipients: ['security', 'dpo', 'fraud'],
  groups: new Map([['default', ['security', 'dpo']]]),
  hashKeys: ['pseudonyms'],
}

/** What a check finds in the rules of a file, given as YAML or as data. */
export function found(
  check: LintCheck,
  file: string | RuleFileInput,
  options: Partial<LintSubjectOptions> = {},
): readonly LintFinding[] {
  const { rules, detectors } = ruleFileSchema.parse(typeof file === 'string' ? parse(file) : file)
  return check.find(lintSubject(rules, detectors, { now: NOW, ...options }))
}

type Input = RuleFileInput['rules'][number]

/** A rule without what `rulesOf` adds. */
export type RuleParts = Omit<Input, 'id'> & { readonly id?: string }

/** Rules with ids `a`, `b`, …; the action is to seal for `default` where none is given. */
export function rulesOf(...rules: readonly RuleParts[]): RuleFileInput {
  const withAction = rules.map((rule): Input => {
    const acts = ['seal', 'hash', 'mask', 'drop'].some((action) => action in rule)
    return { ...(acts ? {} : { seal: { to: 'default' } }), ...rule, id: rule.id ?? '' }
  })
  return { rules: withAction.map((rule, index) => ({ ...rule, id: rule.id || String.fromCharCode(97 + index) })) }
}

/** Where the findings are: `a.path.0`, by the rule's id. */
export function places(check: LintCheck, file: RuleFileInput, options?: Partial<LintSubjectOptions>): string[] {
  return found(check, file, options).map(({ on, index, path }) => {
    const name = on === 'rule' ? file.rules[index]!.id : file.detectors![index]!.name
    return [name, ...path].join('.')
  })
}
