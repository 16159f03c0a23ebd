import type { Rule } from '../../rules/schema/index.ts'
import type { LoadedRule } from '../config/rule-files.ts'
import type { Paint } from './paint.ts'
import { actionOf, recipientsOf } from './rule-action.ts'
import { whereInShort } from './rule-words.ts'
import { tableLines } from './table.ts'

const LONGEST_CELL = 48

/** The number of cases beside a rule. */
export interface TestCounts {
  readonly seal: number
  readonly keep: number
  readonly todo: number
}

export function testCounts({ rule: { tests } }: LoadedRule): TestCounts {
  const count = (kind: 'seal' | 'keep' | 'todo_seal' | 'todo_keep') => tests?.[kind]?.length ?? 0
  return { seal: count('seal'), keep: count('keep'), todo: count('todo_seal') + count('todo_keep') }
}

/** A table of rules, for people. Ends with a line end. */
export function ruleListText(rules: readonly LoadedRule[], paint: Paint): string {
  const columns = ['id', 'title', 'action', 'for', 'where', 'tests', 'mode'].map((title) => ({ title }))
  const rows = rules.map((loaded) => {
    const { rule } = loaded
    return [
      rule.id,
      cell(rule.title ?? ''),
      actionOf(rule),
      cell(recipientsInShort(rule)),
      cell(whereInShort(rule)),
      testsInShort(testCounts(loaded)),
      rule.mode === 'audit' ? `audit until ${rule.expires}` : rule.mode,
    ]
  })
  return `${tableLines(columns, rows, paint).join('\n')}\n`
}

function recipientsInShort(rule: Rule): string {
  const fallback = rule.seal?.fallback
  return `${recipientsOf(rule).join(', ')}${fallback === undefined ? '' : `, else ${fallback}`}`
}

/** `3 act, 2 keep`. */
function testsInShort({ seal, keep, todo }: TestCounts): string {
  if (seal + keep + todo === 0) return 'none'
  return `${seal} act, ${keep} keep${todo === 0 ? '' : `, ${todo} to do`}`
}

function cell(text: string): string {
  return text.length > LONGEST_CELL ? `${text.slice(0, LONGEST_CELL - 1)}…` : text
}

/** The same as data, nothing cut short. */
export function ruleListJson(rules: readonly LoadedRule[]): object {
  return rules.map((loaded) => {
    const { rule, file, line } = loaded
    const { id, title, mode, expires, path, key, where, detect } = rule
    return {
      id,
      title: title ?? null,
      action: actionOf(rule),
      to: recipientsOf(rule),
      ...(rule.seal?.fallback === undefined ? {} : { fallback: rule.seal.fallback }),
      detect: [detect ?? []].flat(),
      path: [path ?? []].flat(),
      key: [key ?? []].flat(),
      where: where ?? {},
      tests: testCounts(loaded),
      mode,
      ...(expires === undefined ? {} : { expires }),
      file,
      line,
    }
  })
}
