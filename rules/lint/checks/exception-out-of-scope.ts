import { parsePath } from '../../path.ts'
import { type LintCheck, onRule } from '../check.ts'
import { keyTest, lastKeys } from '../key-test.ts'
import { listOf } from '../list-of.ts'
import { placesOf } from '../overlap.ts'
import { findSteps } from '../path-language.ts'
import type { LintRule } from '../subject.ts'

export const exceptionOutOfScope: LintCheck = {
  code: 'exception-out-of-scope',
  severity: 'warning',
  title: 'An exception for a place where the rule does not look',
  explanation:
    'An exception takes away only from its own rule. One whose path the rule does not cover changes nothing: either the path is misspelt, and the values that were to be let through are not, or the exception belongs to another rule.',
  hint: 'Mend the path, or move the exception to the rule that it was meant for.',
  wrong: `rules:
  - id: user-names
    path: ['attributes.user.**']
    seal: {to: [default]}
    except:
      - {name: bots, path: attributes.users.bot, reason: no persons, owner: identity, expires: 2027-06-30}
`,
  right: `rules:
  - id: user-names
    path: ['attributes.user.**']
    seal: {to: [default]}
    except:
      - {name: bots, path: attributes.user.bot, reason: no persons, owner: identity, expires: 2027-06-30}
`,
  find: ({ rules }) =>
    rules.flatMap((rule) =>
      (rule.rule.except ?? []).flatMap(({ path }, at) =>
        listOf(path).flatMap((source, position) =>
          isOutside(source, rule)
            ? onRule(rule.index, ['except', at, 'path', position], `the rule does not look at ${source}`)
            : [],
        ),
      ),
    ),
}

function isOutside(source: string, rule: LintRule): boolean {
  const path = parsePath(source)
  if (typeof path === 'string' || !rule.isSound) return false
  if (findSteps({ within: [placesOf(rule), [path]] }) === undefined) return true
  const keys = lastKeys(path)
  const test = rule.rule.key === undefined ? undefined : keyTest(listOf(rule.rule.key))
  if (test === undefined || keys.length === 0) return false
  // Paths do not tell small letters from capitals, and patterns may.
  const spelt = test.samples.map((sample) => sample.toLowerCase())
  return !keys.some((key) => spelt.includes(key) || test.matches(key) || test.matches(key.toUpperCase()))
}
