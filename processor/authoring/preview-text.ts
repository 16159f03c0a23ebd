import type { Rule } from '../../rules/schema/index.ts'
import { number, places, plural } from './counting.ts'
import type { Paint } from './paint.ts'
import { type PreviewTally, sumOf } from './preview-tally.ts'
import type { PreviewWarning } from './preview-warnings.ts'
import { actionOf } from './rule-action.ts'
import { tableLines } from './table.ts'

export interface PreviewSummary {
  readonly rules: readonly Rule[]
  readonly tally: PreviewTally
  readonly warnings: readonly PreviewWarning[]
  /** Whether changed records were left out of what was shown. */
  readonly leftOut: boolean
  /** Whether sizes are those of production. */
  readonly hasRealKeys: boolean
}

/** What follows the changed records, for people: counts, sizes, and what to look at. Ends with a line end. */
export function summaryText(summary: PreviewSummary, paint: Paint): string {
  const parts = [overview(summary, paint), ruleTable(summary, paint), audits(summary, paint), warnings(summary, paint)]
  const blocks = parts.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'))
  return `${blocks.join('\n\n')}\n`
}

function overview({ tally, leftOut, hasRealKeys }: PreviewSummary, paint: Paint): string[] {
  const { records, changedRecords } = tally
  const changes = `${number(changedRecords)} of ${plural(records, 'record')} ${changedRecords === 1 ? 'changes' : 'change'}`
  const lines = [paint('bold', changes)]
  if (leftOut) lines.push('not all of them are shown: --show says how many')
  const added = tally.bytesAfter - tally.bytesBefore
  if (changedRecords > 0) lines.push(sizes(tally))
  if (added > 0 && !hasRealKeys)
    lines.push('each name in "to" is counted as one key here; with -c, sizes are those of your own keys')
  return lines
}

function sizes({ records, changedRecords, bytesBefore, bytesAfter }: PreviewTally): string {
  const added = bytesAfter - bytesBefore
  const each = (count: number) => number(Math.round(Math.abs(added) / Math.max(1, count)))
  const shares = `${each(records)} for each record, ${each(changedRecords)} for each that changes`
  return added < 0
    ? `${plural(-added, 'byte')} less than the ${number(bytesBefore)} of the sample: ${shares}`
    : `${plural(added, 'byte')} more than the ${number(bytesBefore)} of the sample: ${shares}`
}

function ruleTable({ rules, tally }: PreviewSummary, paint: Paint): string[] {
  const rows = rules.flatMap((rule) => {
    const { acted } = tally.rules.get(rule.id)!
    return acted.size === 0 ? [] : [[rule.id, actionOf(rule), number(sumOf(acted)), places(acted)]]
  })
  const columns = [
    { title: 'rule' },
    { title: 'action' },
    { title: 'values', align: 'right' as const },
    { title: 'where' },
  ]
  return rows.length === 0 ? [] : tableLines(columns, rows, paint)
}

function audits({ rules, tally }: PreviewSummary, paint: Paint): string[] {
  const rows = rules.flatMap((rule) => {
    const { audited } = tally.rules.get(rule.id)!
    const would = `  ${rule.id} would ${actionOf(rule)} ${plural(sumOf(audited), 'value')}: ${places(audited)}`
    return audited.size === 0 ? [] : [`${would}; from ${rule.expires} on it does`]
  })
  return rows.length === 0 ? [] : [paint('bold', 'only counted, as these rules are in audit:'), ...rows]
}

function warnings({ warnings: list }: PreviewSummary, paint: Paint): string[] {
  if (list.length === 0) return []
  const lines = list.map(({ rule, message }) => `  ${rule === undefined ? '' : `${rule}: `}${message}`)
  return [paint('yellow', 'to look at:'), ...lines]
}
