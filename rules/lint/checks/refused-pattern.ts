import { compilePattern, PatternError } from '../../../detectors/pattern-group.ts'
import { RE2 } from '../../../detectors/re2.ts'
import { type LintCheck, onDetector, onRule } from '../check.ts'
import { listOf } from '../list-of.ts'
import { refusedConstructs } from '../refused-constructs.ts'

export const refusedPattern: LintCheck = {
  code: 'refused-pattern',
  severity: 'error',
  title: 'A pattern that cannot be used',
  explanation:
    'Patterns are matched by RE2, whose time grows evenly with the text whatever the pattern: no log line can be made to stall it. In exchange it lacks what that is impossible for: look-ahead and look-behind, back-references, possessive repetition and atomic groups. A pattern that finds the empty text is refused as well, since it would find it everywhere. Most look-arounds are there to say what must not stand beside a match: an own detector has alone for that, and near for words that must stand beside it.',
  hint: 'RE2 has no look-around and no back-references; use near, alone or a validator instead.',
  wrong: `rules:
  - id: customer-numbers
    pattern: '(?<=customer )K[0-9]{8}'
    seal: {to: [default]}
`,
  right: `rules:
  - id: customer-numbers
    pattern: 'K[0-9]{8}'
    near: [customer]
    seal: {to: [default]}
`,
  find: ({ rules, detectors }) => [
    ...rules.flatMap(({ rule, index }) => [
      ...refused(rule.pattern, detectorProblem).map(([at, problem]) => onRule(index, ['pattern', at], problem)),
      ...refused(rule.key, keyProblem).map(([at, problem]) => onRule(index, ['key', at], problem)),
      ...(rule.except ?? []).flatMap(({ pattern }, at) =>
        refused(pattern, keyProblem).map(([, problem]) => onRule(index, ['except', at, 'pattern'], problem)),
      ),
    ]),
    ...detectors.flatMap(({ pattern }, index) =>
      refused(pattern, detectorProblem).map(([at, problem]) => onDetector(index, ['pattern', at], problem)),
    ),
  ],
}

function refused(
  sources: string | readonly string[] | undefined,
  problemOf: (source: string) => string | undefined,
): (readonly [at: number, problem: string])[] {
  return listOf(sources).flatMap((source, at) => {
    const problem = problemOf(source)
    return problem === undefined ? [] : [[at, problem] as const]
  })
}

function detectorProblem(source: string): string | undefined {
  try {
    compilePattern(source, 0, 0)
    return undefined
  } catch (error) {
    if (!(error instanceof PatternError)) throw error
    return named(source) ?? error.message
  }
}

function keyProblem(source: string): string | undefined {
  try {
    void new RE2(source, 'u')
    return undefined
  } catch {
    return named(source) ?? 'RE2 refuses the pattern'
  }
}

/** Where RE2 takes the pattern, and something else refuses it, there is nothing to name. */
function named(source: string): string | undefined {
  const constructs = refusedConstructs(source)
  if (constructs.length === 0) return undefined
  const list = constructs.map(({ name, text, character }) => `${name}, "${text}", at character ${character}`)
  return `RE2 has no such construct: ${list.join('; ')}`
}
