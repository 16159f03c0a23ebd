import type { Difference } from './compare-protection.ts'
import { enumerated, number, places, plural } from './counting.ts'
import type { Paint } from './paint.ts'
import type { DifferenceGroup, RulesDiff } from './rules-diff.ts'

const TITLES: Readonly<Record<Difference['kind'], string>> = {
  clear: 'newly in the clear',
  recipients: 'for other recipients',
  action: 'with another action',
  protected: 'newly protected',
}

const COLOURS = { clear: 'red', recipients: 'yellow', action: 'yellow', protected: 'green' } as const

/** What two rule sets make of a sample differently, for people. Ends with a line end. */
export function diffText(diff: RulesDiff, paint: Paint): string {
  const { groups } = diff
  const head = [paint('bold', headline(diff)), `in a sample of ${plural(diff.records, 'record')}`]
  const blocks = groups.map((group) => groupLines(group, paint).join('\n'))
  return `${[head.join('\n'), ...blocks].join('\n\n')}\n`
}

/** `412 values newly sealed, 3 newly in the clear`. */
function headline(diff: RulesDiff): string {
  const added = diff.groups.filter(({ kind }) => kind === 'protected')
  const byVerb = Map.groupBy(added, ({ after }) => VERBS[after!.action.split(' ')[0]!]!)
  const sealed = { verb: 'sealed', groups: byVerb.get('sealed') ?? [] }
  const others = [...byVerb].filter(([verb]) => verb !== 'sealed').map(([verb, groups]) => ({ verb, groups }))
  const parts = [sealed, ...others].map(({ verb, groups }, index) => {
    const count = groups.reduce((sum, group) => sum + group.count, 0)
    return index === 0 ? `${plural(count, 'value')} newly ${verb}` : `${number(count)} newly ${verb}`
  })
  const changed = (['action', 'recipients'] as const)
    .filter((kind) => diff.countOf(kind) > 0)
    .map((kind) => `${number(diff.countOf(kind))} ${TITLES[kind]}`)
  return [...parts, `${number(diff.countOf('clear'))} newly in the clear`, ...changed].join(', ')
}

const VERBS: Readonly<Record<string, string>> = { seal: 'sealed', hash: 'hashed', mask: 'masked', drop: 'dropped' }

function groupLines(group: DifferenceGroup, paint: Paint): string[] {
  const { kind, count, paths, examples } = group
  return [
    paint(COLOURS[kind], `${number(count)} ${TITLES[kind]}: ${whatChanged(group)}`),
    `  where: ${places(paths)}`,
    ...examples.map(({ line, path, shape }) => `  line ${line}, ${path}: ${shape}`),
  ]
}

function whatChanged({ kind, before, after }: DifferenceGroup): string {
  switch (kind) {
    case 'protected':
      return `rule "${after!.rule}" (${effectOf(after!)})`
    case 'clear':
      return `rule "${before!.rule}" (${effectOf(before!)}) has them no more`
    default:
      return `rule "${before!.rule}" (${effectOf(before!)}) before, rule "${after!.rule}" (${effectOf(after!)}) now`
  }
}

function effectOf({ action, recipients }: NonNullable<DifferenceGroup['before']>): string {
  return recipients.length === 0 ? action : `${action} for ${enumerated(recipients)}`
}

/** The same as data. */
export function diffJson(diff: RulesDiff): object {
  const kinds = Object.keys(TITLES) as Difference['kind'][]
  return {
    records: diff.records,
    counts: Object.fromEntries(kinds.map((kind) => [kind, diff.countOf(kind)])),
    differences: diff.groups.map(({ kind, count, before, after, paths, examples }) => ({
      kind,
      count,
      before: before ?? null,
      after: after ?? null,
      paths: Object.fromEntries(paths),
      examples,
    })),
  }
}
