import type { Detector } from '../../detectors/detector.ts'
import { detectorByName } from '../../detectors/index.ts'
import type { Rule } from '../../rules/schema/index.ts'
import type { LoadedRule } from '../config/rule-files.ts'
import { detectorWords } from './detector-words.ts'
import type { Paint } from './paint.ts'
import { testCounts } from './rule-list.ts'
import { nearWords, whatItDoes, whereItLooks } from './rule-words.ts'
import { wrapped } from './wrapped.ts'

/**
 * Everything about one rule, in plain words. Ends with a line end.
 *
 * @param detectors - those of the rule files, by name.
 */
export function ruleText(loaded: LoadedRule, detectors: ReadonlyMap<string, Detector>, paint: Paint): string {
  const { rule, file, line } = loaded
  const title = rule.title === undefined ? rule.id : `${rule.id}: ${rule.title}`
  const head = [paint('bold', title), ...paragraph(`${file}, line ${line}`), ...paragraph(rule.description)]
  const sections: [string, string[]][] = [
    ['what it does', paragraph(whatItDoes(rule))],
    ['what it looks for', whatItLooksFor(rule, detectors)],
    ['where it looks', whereItLooks(rule).flatMap(paragraph)],
    ['exceptions', (rule.except ?? []).flatMap((exception) => exceptionLines(exception))],
    ['who and why', metadata(rule)],
    ['tests', tests(loaded)],
  ]
  const blocks = sections.filter(([, lines]) => lines.length > 0)
  const text = blocks.map(([name, lines]) => [paint('bold', name), ...lines].join('\n'))
  return `${[head.join('\n'), ...text].join('\n\n')}\n`
}

function paragraph(text: string | undefined): string[] {
  return text === undefined ? [] : wrapped(text, '  ')
}

function whatItLooksFor(rule: Rule, detectors: ReadonlyMap<string, Detector>): string[] {
  const { detect, pattern, near } = rule
  const names = [detect ?? []].flat()
  const known = names.flatMap((name) => {
    const detector = detectors.get(name) ?? detectorByName(name)
    if (detector === undefined) return paragraph(`${name}: there is no such detector`)
    const words = detectorWords(detector, near !== undefined)
    return [...paragraph(`${name}: ${detector.title}`), ...words.flatMap((text) => wrapped(text, '    '))]
  })
  const patterns = [pattern ?? []].flat().flatMap((source) => paragraph(`the pattern ${source}`))
  if (known.length + patterns.length === 0)
    return paragraph('Nothing in particular: it takes fields whole, whatever is in them.')
  return [...known, ...patterns, ...paragraph(nearWords(rule))]
}

function exceptionLines({
  name,
  pattern,
  path,
  reason,
  owner,
  expires,
}: NonNullable<Rule['except']>[number]): string[] {
  const keeps = [
    ...(pattern === undefined ? [] : [`what the pattern ${pattern} matches`]),
    ...(path === undefined ? [] : [`what stands at ${[path].flat().join(' or ')}`]),
  ]
  const facts = [
    `Keeps ${keeps.join(', and ')}.`,
    ...(reason === undefined ? [] : [`Reason: ${reason}.`]),
    ...(owner === undefined ? [] : [`Owner: ${owner}.`]),
    expires === undefined ? 'It never ends.' : `It ends on ${expires}.`,
  ]
  return [...paragraph(name), ...wrapped(facts.join(' '), '    ')]
}

function metadata(rule: Rule): string[] {
  const rows: [string, string | undefined][] = [
    ['owner', rule.owner],
    ['kind of data', rule.data_category],
    ['purpose', rule.purpose],
    ['justification', rule.justification],
    ['harm if it got out', rule.level],
    ['status', rule.status],
    ['known to find wrongly', rule.falsepositives?.join('; ')],
  ]
  return rows.flatMap(([name, value]) => (value === undefined ? [] : paragraph(`${name}: ${value}`)))
}

function tests(loaded: LoadedRule): string[] {
  const { seal, keep, todo } = testCounts(loaded)
  if (seal + keep + todo === 0) return paragraph('There are none: nobody knows whether it does what it should.')
  const still = todo === 0 ? '' : `, and ${todo} that it does not pass yet`
  const names = Object.values(loaded.rule.tests ?? {}).flatMap((cases) =>
    (cases ?? []).flatMap((one) => (typeof one === 'string' || one.name === undefined ? [] : [one.name])),
  )
  const named = names.length === 0 ? '' : ` They show: ${names.join('; ')}.`
  return paragraph(`${seal} records that it must act on, ${keep} that it must leave alone${still}.${named}`)
}
