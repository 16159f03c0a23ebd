import type { Detector } from '../../detectors/detector.ts'
import { detectorByName } from '../../detectors/index.ts'
import { enumerated } from './counting.ts'
import type { ExplainedMatch, ExplainedMiss, ExplainedRecord, ExplainedValue } from './explain-records.ts'
import type { Paint } from './paint.ts'
import type { RulesInUse } from './rules-in-use.ts'
import { onOneLine } from './shown-text.ts'
import { gateOf } from './why-found.ts'

const MOST_SHOWN = 160
const MOST_NAMED = 5

/** An explanation for people. Ends with a line end. */
export function explanationText(record: ExplainedRecord, rules: RulesInUse, paint: Paint): string {
  const { of, line, recordOfRequest, values, misses } = record
  const request = recordOfRequest === undefined ? '' : `, record ${recordOfRequest}`
  const title = paint('bold', `line ${line}${request}${of === 'record' ? '' : `, its ${of}`}`)
  if (values.length === 0 && misses.length === 0) return `${title}\n  no rule finds anything here\n`
  const lines = [...values.flatMap((value) => valueLines(value, rules, paint)), ...missLines(misses, rules, paint)]
  return `${[title, ...lines].join('\n')}\n`
}

function valueLines({ path, text, matches }: ExplainedValue, rules: RulesInUse, paint: Paint): string[] {
  const groups = Map.groupBy(matches, ({ match }) => `${match.onKey} ${match.span?.start} ${match.text}`)
  const blocks = [...groups.values()].map((group) => groupBlock(group, rules, paint))
  const times = Map.groupBy(blocks, ({ title, lines }) => `${title}\n${lines}`)
  const shown = text === undefined ? '' : `: ${short(text)}`
  return [
    `  ${paint('bold', path)}${shown}`,
    ...[...times.values()].flatMap((same) => {
      const { title, lines } = same[0]!
      return [same.length > 1 ? `${title} (${same.length} times)` : title, lines]
    }),
  ]
}

/** One text that was found, and what each rule wants of it: the winner first. */
function groupBlock(group: readonly ExplainedMatch[], rules: RulesInUse, paint: Paint) {
  const sorted = group.toSorted((a, b) => Number(b.match.verdict.is === 'acts') - Number(a.match.verdict.is === 'acts'))
  const { match } = sorted[0]!
  const what = match.detector === undefined ? 'the whole value' : `"${short(match.text ?? '')}"`
  const place = match.onKey ? ', in the name of the field' : ''
  const lines = sorted.map((one) => matchLines(one, rules, paint).join('\n'))
  return {
    title: `    ${paint(match.verdict.is === 'acts' ? 'green' : 'yellow', `${what}${place}`)}`,
    lines: [...new Set(lines)].join('\n'),
  }
}

function matchLines({ match, because, outcome }: ExplainedMatch, rules: RulesInUse, paint: Paint): string[] {
  const rule = rules.rules.find((loaded) => loaded.rule.id === match.rule)?.rule
  const title = rule?.title === undefined ? '' : ` (${rule.title})`
  const colour = match.verdict.is === 'acts' ? 'green' : 'yellow'
  return [`      rule "${match.rule}"${title} ${paint(colour, outcome)}`, `        because ${because}`]
}

function missLines(misses: readonly ExplainedMiss[], rules: RulesInUse, paint: Paint): string[] {
  if (misses.length === 0) return []
  return [
    `  ${paint('bold', 'looks like something, and does not count')}`,
    ...misses.map((miss) => missLine(miss, rules)),
  ]
}

function missLine({ path, text, reason, detectors, rules: ids }: ExplainedMiss, rules: RulesInUse): string {
  const rest = detectors.length - MOST_NAMED
  const names = rest > 0 ? `${detectors.slice(0, MOST_NAMED).join(', ')} and ${rest} more` : enumerated(detectors)
  const looks = `    "${short(text)}" at ${path} looks like ${names} (${ids.length === 1 ? `rule "${ids[0]}"` : `${ids.length} rules`})`
  if (reason === 'not_confirmed') return `${looks}, but its structure or its check digit is not right`
  return `${looks}, but no word that it needs stands near it or names its field${wordsOf(detectors, ids, rules)}`
}

/** The words that would do, where they are those of one detector for one rule. */
function wordsOf(detectors: readonly string[], ids: readonly string[], rules: RulesInUse): string {
  const [name] = detectors
  const rule = rules.rules.find((loaded) => loaded.rule.id === ids[0])?.rule
  if (detectors.length !== 1 || ids.length !== 1 || name === undefined || rule === undefined) return ''
  const detector: Detector | undefined = rules.detectors.get(name) ?? detectorByName(name)
  const words = gateOf(rule, detector)?.words ?? []
  if (words.length === 0) return ''
  return `: ${words.slice(0, MOST_NAMED).join(', ')}${words.length > MOST_NAMED ? ', …' : ''}`
}

function short(text: string): string {
  const shown = onOneLine(text)
  return shown.length > MOST_SHOWN ? `${shown.slice(0, MOST_SHOWN - 1)}…` : shown
}
