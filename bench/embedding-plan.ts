import type { Cell, EmbeddingCell } from './cells/cell.ts'
import type { Figure, Group } from './plan.ts'

const call = (setting: EmbeddingCell['setting']): EmbeddingCell => ({ kind: 'embedding', setting })
const jose: Cell = { kind: 'jose', keys: 'P-256' }

/** Runs beside jose and the sealer. */
export const ONE_EMAIL = call('pino hook, one e-mail')

/** Calls of a logger with a record of ten fields, by the CPU time of the thread that calls it. */
export const EMBEDDING_GROUPS: readonly Group[] = [
  {
    title: 'A call of a logger with ten fields: CPU time of the calling thread',
    cells: [
      call('pino'),
      call('pino redact'),
      call('pino hook'),
      call('pino worker, nothing'),
      call('pino worker, sealing'),
      call('winston'),
      call('winston masking'),
      call('winston seal'),
    ],
    figures: true,
  },
]

/** Ratios of what a call costs, so that less is better. */
const cost = (name: string, of: EmbeddingCell, over: EmbeddingCell, target?: number): Figure => ({
  name: `embedding.${name}.cpu`,
  // The cost of `over` in calls per second over that of `of`: what `of` costs in terms of `over`.
  rate: 'recordsPerCpuSecond',
  of: over,
  over: of,
  ...(target === undefined ? {} : { target }),
  sense: '<=',
})

export const EMBEDDING_FIGURES: readonly Figure[] = [
  cost('pino_worker_over_idle_worker', call('pino worker, sealing'), call('pino worker, nothing'), 1.1),
  // The hook comes on top of what pino does by itself: with twice that, a call costs three times as much.
  cost('pino_hook_over_pino', call('pino hook'), call('pino'), 3),
  cost('pino_redact_over_pino', call('pino redact'), call('pino')),
  cost('winston_seal_over_masking', call('winston seal'), call('winston masking')),
  {
    name: 'embedding.one_email.over_jose',
    rate: 'valuesPerCpuSecond',
    of: ONE_EMAIL,
    over: jose,
    target: 10,
    sense: '>=',
  },
]
