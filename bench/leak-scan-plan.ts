import type { LeakScanCell, RuleCount } from './cells/cell.ts'
import type { Figure, Group } from './plan.ts'
import type { MatchPercent } from './workloads/batch.ts'

const cell = (percent: MatchPercent, inline: boolean, sample: number, rules: RuleCount = 20): LeakScanCell => ({
  kind: 'leak-scan',
  rules,
  percent,
  inline,
  sample,
})
const PERCENTS = [0, 5] as const
/** What the service does by default, and all of it. */
const SAMPLES = [0.02, 1] as const

/** What looking for leaks costs, by the engine itself and by the scan that shares nothing with it. */
export const LEAK_SCAN_GROUPS: readonly Group[] = PERCENTS.map((percent) => ({
  title: `W2 with ${percent} % matches, and leak scans`,
  cells: [
    cell(percent, false, 0),
    cell(percent, true, 0),
    ...SAMPLES.flatMap((sample) => [cell(percent, false, sample), cell(percent, true, sample)]),
    cell(percent, false, 0, 'default-pack'),
    cell(percent, true, 0, 'default-pack'),
  ],
  figures: true,
}))

/** What a record costs with a scan over what it costs without that scan. */
const cost = (name: string, of: LeakScanCell, target?: number): Figure => ({
  name: `leak_scan.${name}.match${of.percent}.cpu`,
  rate: 'recordsPerCpuSecond',
  of: { ...of, inline: of.inline && of.sample > 0, sample: 0 },
  over: of,
  ...(target === undefined ? {} : { target }),
  sense: '<=',
})

// At most 10 % of the throughput without matches are 1 / 0.9 of the cost, 15 % at five percent 1 / 0.85.
export const LEAK_SCAN_FIGURES: readonly Figure[] = [
  cost('inline', cell(0, true, 0), 1.11),
  cost('inline', cell(5, true, 0), 1.17),
  // Where the rules look everywhere for all that the scan looks for, nothing more has to be matched.
  ...PERCENTS.map((percent) => cost('inline_default_pack', cell(percent, true, 0, 'default-pack'))),
  ...PERCENTS.map((percent) => cost('independent_0.02', cell(percent, false, 0.02), 1.05)),
  // As a service has it by default: beside the inline scan.
  ...PERCENTS.map((percent) => cost('independent_0.02_beside_inline', cell(percent, true, 0.02), 1.05)),
  ...PERCENTS.map((percent) => cost('independent_1', cell(percent, false, 1))),
  ...PERCENTS.map((percent) => cost('independent_1_beside_inline', cell(percent, true, 1))),
]
