import cluster, { type Worker as ClusterWorker } from 'node:cluster'
import type { FieldsealError } from '../errors.ts'
import type { Log } from '../telemetry/log.ts'
import { settledWithin } from './deadline.ts'
import type { Supervised } from './supervisor.ts'
import { Turns } from './turns.ts'
import type { WorkerStatus } from './worker.ts'
import { type Ending, WorkerChild } from './worker-process-child.ts'
import { WORKER_VARIABLE } from './worker-process-messages.ts'

export interface WorkerProcessesOptions {
  readonly count: number
  readonly log: Log
  /** `service.drain` in milliseconds: how long `stop` waits, with a little more for the closing of sinks. */
  readonly drainMs: number
  /** Starts the process of a worker. Workers have numbers from 1 on; who takes another's place has its number. */
  readonly fork?: (worker: number) => ClusterWorker
  /** Milliseconds before another process takes the place of the one that ended as the `endings`th in a row. */
  readonly restartMs?: (endings: number) => number
}

const STATUS_MS = 2_000
const CLOSING_MS = 5_000
/** A process that ran for so long did not end because of how it starts. */
const SETTLED_MS = 60_000

/**
 * Workers in processes of their own, which share nothing but the port.
 *
 * This process holds no records. It accepts the connections and hands them out in turn, so that a few that live long,
 * as those of collectors do, are spread evenly. With `reusePort` the kernel would choose by a hash of the addresses:
 * nothing would pass through here, and of four connections all may meet one worker.
 */
export class WorkerProcesses implements Supervised {
  readonly count: number
  readonly #options: WorkerProcessesOptions
  readonly #children: (WorkerChild | undefined)[] = []
  readonly #restarts = new Set<NodeJS.Timeout>()
  readonly #turns = new Turns<WorkerChild>()
  readonly #ended = Promise.withResolvers<FieldsealError | undefined>()
  #ending = false

  constructor(options: WorkerProcessesOptions) {
    this.count = options.count
    this.#options = options
  }

  async start(): Promise<void> {
    const slots = Array.from({ length: this.count }, (_, slot) => slot)
    const children = slots.map((slot) => this.#launch(slot))
    try {
      await Promise.all(children.map((child) => child.started))
    } catch (error) {
      await this.kill()
      throw error
    }
    for (const slot of slots) this.#keep(slot, children[slot]!, 0)
  }

  get ended(): Promise<FieldsealError | undefined> {
    return this.#ended.promise
  }

  async reload(): Promise<boolean> {
    const answers = await Promise.all(this.#running().map((child) => child.reload()))
    // Who ended meanwhile has nothing old: what takes its place reads the new files.
    return answers.every((answer) => answer !== false)
  }

  async status(): Promise<readonly WorkerStatus[]> {
    const answers = await Promise.all(this.#running().map((child) => child.status(STATUS_MS)))
    return answers.filter((answer) => answer !== undefined)
  }

  async metrics(): Promise<readonly string[]> {
    const answers = await Promise.all(this.#running().map((child) => child.metrics(STATUS_MS)))
    return answers.filter((answer) => answer !== undefined)
  }

  async stop(): Promise<void> {
    this.#end()
    const running = this.#running()
    for (const child of running) child.stop()
    const ended = Promise.all(running.map((child) => child.ended))
    if (!(await settledWithin(ended, this.#options.drainMs + CLOSING_MS))) await this.kill()
  }

  async kill(): Promise<void> {
    this.#end()
    const running = this.#running()
    for (const child of running) child.kill()
    await Promise.all(running.map((child) => child.ended))
  }

  #end(): void {
    this.#ending = true
    for (const timer of this.#restarts) clearTimeout(timer)
    this.#restarts.clear()
  }

  #running(): WorkerChild[] {
    return this.#children.filter((child) => child !== undefined)
  }

  #launch(slot: number): WorkerChild {
    const { fork = forkThisProgram } = this.#options
    const child = new WorkerChild(fork(slot + 1), this.#turns)
    this.#children[slot] = child
    void child.finished.then((error) => this.#ended.resolve(error))
    void child.ended.then(() => {
      if (this.#children[slot] === child) this.#children[slot] = undefined
    })
    return child
  }

  /** Puts another process in the place of one that ends by itself, for as long as the service runs. */
  #keep(slot: number, child: WorkerChild, endings: number): void {
    const since = performance.now()
    void child.ended.then(async (ending) => {
      if (this.#ending) return
      const inRow = performance.now() - since < SETTLED_MS ? endings + 1 : 1
      const { restartMs = backoffMs } = this.#options
      const waitMs = restartMs(inRow)
      this.#reportLoss(slot, ending, waitMs, await failureOf(child))
      const timer = setTimeout(() => {
        this.#restarts.delete(timer)
        this.#keep(slot, this.#launch(slot), inRow)
      }, waitMs)
      this.#restarts.add(timer)
    })
  }

  #reportLoss(slot: number, { code, signal }: Ending, waitMs: number, error: FieldsealError | undefined): void {
    this.#options.log('worker-lost', error?.message ?? 'a worker process ended by itself', {
      worker: slot + 1,
      ...(signal === null ? { exit: code ?? 0 } : { signal }),
      ...(error === undefined ? {} : { code: error.code, hint: error.hint }),
      restart_in_ms: waitMs,
    })
  }
}

/** Why a process did not start; undefined where it had. */
function failureOf(child: WorkerChild): Promise<FieldsealError | undefined> {
  return child.started.then(
    () => undefined,
    (error: FieldsealError) => error,
  )
}

/** At once after the first time, then 250 ms and twice as long each time, up to 30 s. */
export function backoffMs(endings: number): number {
  return endings <= 1 ? 0 : Math.min(250 * 2 ** (endings - 2), 30_000)
}

/** The same program with the same arguments and options; there `cluster.isWorker` says what it is. */
function forkThisProgram(worker: number): ClusterWorker {
  // Set, since NODE_CLUSTER_SCHED_POLICY could say otherwise.
  cluster.schedulingPolicy = cluster.SCHED_RR
  return cluster.fork({ [WORKER_VARIABLE]: String(worker) })
}
