import { isAnchored } from '../../../detectors/pattern-group.ts'
import { isWide } from '../../../detectors/wide-pattern.ts'
import { type LintCheck, onDetector, onRule } from '../check.ts'
import { listOf } from '../list-of.ts'

export const patternApart: LintCheck = {
  code: 'pattern-apart',
  severity: 'warning',
  title: 'A pattern that needs a set of its own, and makes every record slower',
  explanation:
    'All patterns are matched together, in one pass over the text. A piece that is repeated fifty times or more by count, with nothing fixed before it, would make that pass outgrow its memory, so such a pattern is matched apart: every text is gone through once more for it. The result is the same. It costs least where three or more fixed characters stand at the beginning of the pattern, or where near keeps it from being tried at all.',
  hint: 'Begin the pattern with what is fixed, repeat less, or give it words with near.',
  wrong: `rules:
  - id: tickets
    pattern: '[A-Z]{1,60}-ticket'
    seal: {to: [default]}
`,
  right: `rules:
  - id: tickets
    pattern: '[A-Z]{1,12}-ticket'
    seal: {to: [default]}
`,
  find: ({ rules, detectors }) => [
    ...rules.flatMap(({ rule, index }) =>
      rule.near === undefined ? apart(rule.pattern).map((at) => onRule(index, ['pattern', at], MESSAGE)) : [],
    ),
    ...detectors.flatMap(({ pattern, near }, index) =>
      near === undefined ? apart(pattern).map((at) => onDetector(index, ['pattern', at], MESSAGE)) : [],
    ),
  ],
}

const MESSAGE = 'the pattern gets a set of its own: every text is gone through once more for it'

/** Patterns that are tried value by value, or behind words, are in no set that they could spoil. */
function apart(sources: string | readonly string[] | undefined): number[] {
  return listOf(sources).flatMap((source, at) => (isWide(source) && !isAnchored(source) ? [at] : []))
}
