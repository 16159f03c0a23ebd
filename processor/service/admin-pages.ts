import { ERRORS } from '../errors.ts'
import { joinTexts } from './telemetry/join-texts.ts'
import { PROMETHEUS_TYPE } from './telemetry/prometheus-type.ts'
import type { WorkerStatus } from './worker.ts'

/** What the pages are made of. */
export interface AdminPages {
  readonly version: string
  /** How many workers there should be. */
  readonly expectedWorkers: number
  /** What the service does: it takes batches only while it runs. */
  readonly phase: () => 'starting' | 'running' | 'draining'
  /** Of each worker that answers. */
  readonly workers: () => Promise<readonly WorkerStatus[]>
  /** What each of them has measured; absent where `/metrics` is off. */
  readonly metrics?: () => Promise<readonly string[]>
}

/** `/status`: numbers, codes and names from the configuration. */
export interface ServiceStatus {
  readonly version: string
  readonly pid: number
  readonly uptimeSeconds: number
  readonly ready: boolean
  /** Why it is not ready. */
  readonly reason?: string
  /** SHA-256 (hex) of what the workers run with: one, except while a reload is under way or has failed in some. */
  readonly configurations: readonly string[]
  readonly expectedWorkers: number
  /** One that has ended, or does not answer, is missing. */
  readonly workers: readonly WorkerStatus[]
  /** Sums over the workers that run: one that took another's place begins at zero. */
  readonly totals: {
    readonly batches: { readonly accepted: number; readonly refused: number; readonly inFlight: number }
    readonly records: { readonly rejected: number }
    readonly inFlightBytes: number
    readonly rss: number
  }
}

export interface Answer {
  readonly status: number
  readonly type: string
  readonly body: string
}

const PATHS = ['/livez', '/readyz', '/status']
const METRICS_PATH = '/metrics'

/** Answers a request for a page. Queries are ignored, bodies are not looked at. */
export async function adminAnswer(method: string, target: string, pages: AdminPages): Promise<Answer> {
  const [path = ''] = target.split('?', 1)
  const { metrics } = pages
  if (!PATHS.includes(path) && (path !== METRICS_PATH || metrics === undefined)) return text(404, 'not found')
  if (method !== 'GET' && method !== 'HEAD') return text(405, 'method not allowed')
  // Lives as long as it answers, whatever else is wrong: a restart mends neither a key nor a backend.
  if (path === '/livez') return text(200, 'ok')
  if (path === METRICS_PATH && metrics !== undefined)
    return { status: 200, type: PROMETHEUS_TYPE, body: joinTexts(await metrics()) }
  const workers = await pages.workers()
  const reason = unreadiness(workers, pages)
  if (path === '/readyz') return reason === undefined ? text(200, 'ready') : text(503, reason)
  const status = JSON.stringify(statusOf(workers, reason, pages), null, 2)
  return { status: 200, type: 'application/json', body: `${status}\n` }
}

function unreadiness(workers: readonly WorkerStatus[], pages: AdminPages): string | undefined {
  const phase = pages.phase()
  if (phase === 'starting') return 'starting'
  if (phase === 'draining') return `FIELDSEAL_DRAINING ${ERRORS.FIELDSEAL_DRAINING.hint}`
  const failed = workers.find((worker) => worker.error !== undefined)?.error
  if (failed !== undefined) return `${failed.code} ${failed.hint}`
  const ready = workers.filter((worker) => worker.ready).length
  return ready === pages.expectedWorkers ? undefined : `${ready} of ${pages.expectedWorkers} workers take batches`
}

function statusOf(
  workers: readonly WorkerStatus[],
  reason: string | undefined,
  { version, expectedWorkers }: AdminPages,
): ServiceStatus {
  const sum = (number: (worker: WorkerStatus) => number) => workers.reduce((total, worker) => total + number(worker), 0)
  return {
    version,
    pid: process.pid,
    uptimeSeconds: Math.floor(process.uptime()),
    ready: reason === undefined,
    ...(reason === undefined ? {} : { reason }),
    configurations: [...new Set(workers.map((worker) => worker.configuration))],
    expectedWorkers,
    workers,
    totals: {
      batches: {
        accepted: sum(({ batches }) => batches.accepted),
        refused: sum(({ batches }) => batches.refused),
        inFlight: sum(({ inFlight }) => inFlight.batches),
      },
      records: { rejected: sum(({ records }) => records.rejected) },
      inFlightBytes: sum(({ inFlight }) => inFlight.bytes),
      rss: sum(({ memory }) => memory.rss),
    },
  }
}

function text(status: number, body: string): Answer {
  return { status, type: 'text/plain; charset=utf-8', body: `${body}\n` }
}
