import type { Fault } from './fault.ts'
import type { RunResult } from './runs.ts'

/** Canaries that are named for one fault. */
const MOST_NAMES = 5

/** What a run says, for people: lines that hold no value. */
export function reportOf({ faults, sent, arrived, duplicates, scan, proved, unused, seconds }: RunResult): string {
  const lines = [
    `${faults.length === 0 ? 'passed' : 'failed'}: ${sent} canaries sent, ${arrived} arrived, ${seconds.toFixed(1)} s`,
    ...grouped(faults),
    `proved for: ${proved.length === 0 ? 'nobody' : proved.join(', ')}`,
    ...(unused.length === 0 ? [] : [`no rule seals for: ${unused.join(', ')}`]),
    `leak scan: ${SCAN[scan]}`,
    ...(duplicates === 0 ? [] : [`${duplicates} came more than once, which is no fault`]),
  ]
  return `${lines.join('\n')}\n`
}

const SCAN: Readonly<Record<RunResult['scan'], string>> = {
  fired: 'has fired',
  silent: 'is silent',
  'not applicable': 'not applicable: the rules leave nothing in the clear; --clear-path names a path that they do',
  'not asked': 'not asked',
}

function grouped(faults: readonly Fault[]): string[] {
  const groups = new Map<string, string[]>()
  for (const { code, recipient, canary, detail } of faults) {
    const head = recipient === undefined ? code : `${code}: ${recipient}`
    const name = detail === undefined ? canary : `${canary} (${detail})`
    const names = groups.get(head)
    if (names === undefined) groups.set(head, [name])
    else names.push(name)
  }
  return [...groups].map(([head, names]) => {
    const more = names.length > MOST_NAMES ? `, and ${names.length - MOST_NAMES} more` : ''
    return `${head}: ${names.slice(0, MOST_NAMES).join(', ')}${more}`
  })
}
