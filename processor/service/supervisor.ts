import type { FieldsealError } from '../errors.ts'
import type { Worker, WorkerStatus } from './worker.ts'

/** The workers of the service, be it one in this process or several in processes of their own. */
export interface Supervised {
  /** How many workers there should be. */
  readonly count: number
  /** @throws FieldsealError of the first worker that does not start; none is left then. */
  start(): Promise<void>
  /** As each worker reloads: a wrong configuration is not taken on. @returns whether no worker has refused it. */
  reload(): Promise<boolean>
  /** Resolves once a worker has nothing to do any more, by itself; with an error where something has failed for good. */
  readonly ended: Promise<FieldsealError | undefined>
  /** Of each worker that answers. */
  status(): Promise<readonly WorkerStatus[]>
  /** What each worker that answers has measured, as Prometheus reads it. */
  metrics(): Promise<readonly string[]>
  /** Takes nothing new and finishes what is under way, for at most `service.drain`. */
  stop(): Promise<void>
  /** Ends at once. */
  kill(): Promise<void>
}

/** A worker in this process. */
export function inThisProcess(worker: Worker): Supervised {
  return {
    count: 1,
    start: () => worker.start(),
    reload: () => worker.reload(),
    ended: worker.ended ?? new Promise(() => {}),
    status: async () => [worker.status()],
    metrics: async () => [await worker.metrics()],
    stop: () => worker.stop(),
    kill: () => worker.kill(),
  }
}
