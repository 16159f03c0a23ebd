import type { ErrorCode } from '../errors.ts'
import type { WorkerStatus } from './worker.ts'

/** The variable of the environment in which a worker process finds its number. */
export const WORKER_VARIABLE = 'FIELDSEAL_WORKER'

/** What the primary process tells a worker process. Plain data, as JSON over the channel between them. */
export type ToWorker =
  | { readonly type: 'reload'; readonly id: number }
  | { readonly type: 'status'; readonly id: number }
  | { readonly type: 'metrics'; readonly id: number }
  | { readonly type: 'stop' }
  /** It may write to standard output; `torn` where who wrote before has ended in the middle. */
  | { readonly type: 'turn'; readonly torn: boolean }

/** What a worker process tells the primary process: numbers, codes, and names of the configuration. */
export type FromWorker =
  | { readonly type: 'started' }
  | { readonly type: 'failed'; readonly code: ErrorCode; readonly message: string }
  | { readonly type: 'turn-wanted' }
  | { readonly type: 'turn-over' }
  | { readonly type: 'ended'; readonly code?: ErrorCode; readonly message?: string }
  | { readonly type: 'reloaded'; readonly id: number; readonly value: boolean }
  | { readonly type: 'status'; readonly id: number; readonly value: WorkerStatus }
  /** Text as Prometheus reads it, of a bounded length. */
  | { readonly type: 'metrics'; readonly id: number; readonly value: string }
