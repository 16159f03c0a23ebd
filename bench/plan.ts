import type {
  AdversarialCell,
  Cell,
  EngineCell,
  RecipientKeys,
  RuleCount,
  ScanFloorCell,
  SealerCell,
} from './cells/cell.ts'
import { EMBEDDING_FIGURES, EMBEDDING_GROUPS, ONE_EMAIL } from './embedding-plan.ts'
import { LEAK_SCAN_FIGURES, LEAK_SCAN_GROUPS } from './leak-scan-plan.ts'
import { SCAN_FIGURES, SCAN_GROUPS } from './scan-plan.ts'
import { SERVICE_FIGURES, SERVICE_GROUPS } from './service-plan.ts'
import { type MatchPercent, RECORDS_PER_BATCH } from './workloads/batch.ts'

/** Cells that are run in turn, round after round, so that what they are compared by saw the same machine. */
export interface Group {
  readonly title: string
  readonly cells: readonly Cell[]
  /** Rounds are `runs` where a ratio of the group is a figure, and fewer elsewhere. */
  readonly figures: boolean
}

export type Rate = 'recordsPerCpuSecond' | 'bytesPerCpuSecond' | 'valuesPerCpuSecond' | 'recordsPerWallSecond'

/** A ratio of two cells of one group. */
export interface Figure {
  readonly name: string
  readonly rate: Rate
  /** The ratio is the rate of `of` over the rate of `over`. */
  readonly of: Cell
  readonly over: Cell
  /** Absent where the ratio is printed and promised to nobody. */
  readonly target?: number
  readonly sense: '>=' | '<='
}

/** The most memory that a process of a cell's service ever had. */
export interface MemoryFigure {
  readonly name: string
  readonly of: Cell
  /** Megabytes (10^6 bytes), at most. */
  readonly target: number
}

const PERCENTS: readonly MatchPercent[] = [0, 1, 5, 20]
const RULES: readonly RuleCount[] = [1, 20, 100]
/** The seals of a batch of which 5 percent match. */
const FIVE_PERCENT = Math.round(RECORDS_PER_BATCH * 0.05)

const engine = (workload: EngineCell['workload'], rules: RuleCount, percent: MatchPercent): EngineCell => ({
  kind: 'engine',
  workload,
  rules,
  percent,
})
const sealer = (keys: RecipientKeys, batch: number, strict = false): SealerCell => ({
  kind: 'sealer',
  keys,
  batch,
  strict,
})
const jose = (keys: RecipientKeys): Cell => ({ kind: 'jose', keys })
const floor: ScanFloorCell = { kind: 'scan-floor', workload: 'W2', rules: 20 }
const masking: Cell = { kind: 'masking', workload: 'W2', rules: 20, percent: 5, testsFirst: false }
const maskingTestsFirst: Cell = { ...masking, testsFirst: true }

const adversarial = (bytes: number, length: number): AdversarialCell => ({ kind: 'adversarial', bytes, length })
/** More bytes, and longer texts: where time is linear in both, a byte costs the same. */
const MORE_LINES = [adversarial(1 << 18, 1 << 10), adversarial(1 << 20, 1 << 10)] as const
const LONGER_TEXTS = [adversarial(1 << 20, 1 << 12), adversarial(1 << 20, 1 << 16)] as const

const sealing = (keys: RecipientKeys): readonly SealerCell[] => [
  sealer(keys, 128),
  sealer(keys, FIVE_PERCENT),
  sealer(keys, 8),
  sealer(keys, 1),
  sealer(keys, 1, true),
]

const FIGURE_GROUPS: readonly Group[] = [
  {
    title: 'Sealing for three P-256 recipients',
    cells: [jose('P-256'), ...sealing('P-256'), ONE_EMAIL],
    figures: true,
  },
  { title: 'W2 without matches, against RE2 alone', cells: [floor, engine('W2', 20, 0)], figures: true },
  {
    title: 'W2 with 5 % matches, against decode and mask',
    cells: [masking, maskingTestsFirst, engine('W2', 20, 5)],
    figures: true,
  },
  { title: 'W2 without matches, 1 and 100 rules', cells: [engine('W2', 1, 0), engine('W2', 100, 0)], figures: true },
  {
    title: 'W2 without matches, ten detectors and the default pack',
    cells: [engine('W2', 'ten-detectors', 0), engine('W2', 'default-pack', 0)],
    figures: true,
  },
  { title: 'Texts made to cost much, with the default pack', cells: [...MORE_LINES, ...LONGER_TEXTS], figures: true },
  { title: 'W2 with 5 % matches, 1 and 100 rules', cells: [engine('W2', 1, 5), engine('W2', 100, 5)], figures: true },
]

const sameCell = (a: Cell, b: Cell): boolean => JSON.stringify(a) === JSON.stringify(b)
const inFigureGroup = (cell: Cell): boolean =>
  FIGURE_GROUPS.some(({ cells }) => cells.some((other) => sameCell(cell, other)))

const ladder = (workload: EngineCell['workload']): Group => ({
  title: `The other cells of ${workload}`,
  cells: RULES.flatMap((rules) => PERCENTS.map((percent) => engine(workload, rules, percent))).filter(
    (cell) => !inFigureGroup(cell),
  ),
  figures: false,
})

/** Everything that a full run measures, in order. */
export const GROUPS: readonly Group[] = [
  ...FIGURE_GROUPS,
  { title: 'Sealing for three X25519 recipients', cells: [jose('X25519'), ...sealing('X25519')], figures: false },
  {
    title: 'Sealing for three RSA-2048 recipients',
    cells: [jose('RSA-OAEP-256'), ...sealing('RSA-OAEP-256')],
    figures: false,
  },
  ladder('W2'),
  ladder('W0'),
  ...EMBEDDING_GROUPS,
  ...LEAK_SCAN_GROUPS,
  ...SCAN_GROUPS,
  ...SERVICE_GROUPS,
]

const sealingFigure = (keys: RecipientKeys, cell: SealerCell, target?: number): Figure => ({
  name: `seal.${keys}.${cell.strict ? 'strict' : `batch${cell.batch}`}.over_jose`,
  rate: 'valuesPerCpuSecond',
  of: cell,
  over: jose(keys),
  ...(target === undefined ? {} : { target }),
  sense: '>=',
})

const SEALING_TARGETS = new Map([
  [128, 100],
  [FIVE_PERCENT, 50],
])

/** Records per CPU-second with 1 rule over those with 100: the CPU of 100 rules over that of 1. */
const ruleCost = (percent: MatchPercent, target?: number): Figure => ({
  name: `rules.100_over_1.cpu.match${percent}`,
  rate: 'recordsPerCpuSecond',
  of: engine('W2', 1, percent),
  over: engine('W2', 100, percent),
  ...(target === undefined ? {} : { target }),
  sense: '<=',
})

/** What a byte costs in the larger over what it costs in the smaller: 1 where time is linear. */
const linear = (name: string, [small, large]: readonly [AdversarialCell, AdversarialCell]): Figure => ({
  name: `adversarial.${name}.cpu_per_byte.large_over_small`,
  rate: 'bytesPerCpuSecond',
  of: small,
  over: large,
  target: 1.25,
  sense: '<=',
})

/** The ratios that a run reports; those with a target decide over its exit code only by their cells' checks. */
export const FIGURES: readonly Figure[] = [
  ...sealing('P-256').map((cell) =>
    sealingFigure('P-256', cell, cell.strict ? undefined : SEALING_TARGETS.get(cell.batch)),
  ),
  {
    name: 'w2.rules20.match0.bytes_over_re2_set',
    rate: 'bytesPerCpuSecond',
    of: engine('W2', 20, 0),
    over: floor,
    target: 0.55,
    sense: '>=',
  },
  {
    name: 'w2.rules20.match5.records_over_decode_and_mask',
    rate: 'recordsPerCpuSecond',
    of: engine('W2', 20, 5),
    over: masking,
    target: 8,
    sense: '>=',
  },
  {
    name: 'w2.rules20.match5.records_over_decode_and_mask_tests_first',
    rate: 'recordsPerCpuSecond',
    of: engine('W2', 20, 5),
    over: maskingTestsFirst,
    sense: '>=',
  },
  ruleCost(0, 1.15),
  {
    name: 'default_pack_over_ten_detectors.cpu.match0',
    rate: 'recordsPerCpuSecond',
    of: engine('W2', 'ten-detectors', 0),
    over: engine('W2', 'default-pack', 0),
    target: 1.3,
    sense: '<=',
  },
  ruleCost(5),
  linear('lines', MORE_LINES),
  linear('texts', LONGER_TEXTS),
  ...sealing('X25519').map((cell) => sealingFigure('X25519', cell)),
  ...sealing('RSA-OAEP-256').map((cell) => sealingFigure('RSA-OAEP-256', cell)),
  ...EMBEDDING_FIGURES,
  ...LEAK_SCAN_FIGURES,
  ...SCAN_FIGURES,
  ...SERVICE_FIGURES,
]
