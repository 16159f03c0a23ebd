import { detectorByName } from '../../detectors/index.ts'
import type { Rule } from '../../rules/schema/index.ts'
import type { Match, Miss } from '../engine/explain.ts'
import { onOneLine } from './shown-text.ts'

/** What rules do, for sentences: `it seals "…"`. */
const ACTS: Readonly<Record<string, string>> = { seal: 'seals', hash: 'hashes', mask: 'masks', drop: 'drops' }

const MOST_SHOWN = 60
const MOST_WORDS = 5

/** A value as it is shown to people: quoted, on one line, short. */
export function shownText(text: string): string {
  return onOneLine(JSON.stringify(text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN - 1)}…` : text))
}

/** What was found: `"4111 1111 1111 1111" (payment_card) at body`. */
function foundAt({ text, kind, rule, path, onKey }: Match): string {
  const what = text === undefined ? 'everything' : shownText(text)
  return `${what}${kind === rule ? '' : ` (${kind})`} ${onKey ? 'in the name of the field' : 'at'} ${path}`
}

/** What became of one match, as a clause whose subject is the rule. */
export function clauseOf(match: Match): string {
  const found = foundAt(match)
  const { verdict } = match
  switch (verdict.is) {
    case 'acts':
      return `it ${ACTS[match.action]} ${found}`
    case 'audits':
      return `it would act on ${found}, and is in audit`
    case 'excepted':
      return `its exception "${verdict.exception}" keeps ${found}`
    case 'unmet':
      return `it found ${found}, but its condition on ${verdict.field} does not hold for this record`
    case 'weaker':
      if (verdict.than === match.rule) return `it takes ${found} with what stands around it`
      return `it found ${found}, but rule "${verdict.than}" has that: it is stronger or comes first`
    case 'done':
      return `it found ${found}, which an earlier stage has made so`
  }
}

/** Why something that looks right does not count, as a sentence without its full stop. */
export function sentenceOf({ text, path, detector, reason }: Miss, rule: Rule | undefined): string {
  const looks = `${shownText(text)} at ${path} looks like ${detector}, but`
  if (reason === 'not_confirmed') return `${looks} its structure or check digit is not right`
  const words = [rule?.near ?? detectorByName(detector)?.gate?.words ?? []].flat()
  const some = words.slice(0, MOST_WORDS).join(', ')
  const which = words.length === 0 ? '' : ` (${some}${words.length > MOST_WORDS ? ', …' : ''})`
  return `${looks} none of the words that it needs stands near it or names its key${which}`
}

/** Why a rule did not act: each match and each miss of it, or that there was none. */
export function whyNot(rule: Rule, matches: readonly Match[], misses: readonly Miss[]): string[] {
  const own = matches.filter((match) => match.rule === rule.id).map(clauseOf)
  const names = [rule.id, ...[rule.detect ?? []].flat()]
  const near = misses.filter(({ detector }) => names.includes(detector)).map((miss) => sentenceOf(miss, rule))
  const reasons = [...own, ...near]
  return reasons.length > 0 ? reasons : ['it found nothing in this record']
}
