import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { type Cell, isServiceCell } from './cells/cell.ts'
import { canMeasureProcesses } from './service/process-usage.ts'

/** The core that cells are pinned to: the last one, since the first has the interrupts. Undefined without `taskset`. */
export function pinnedCore(): number | undefined {
  const core = availableParallelism() - 1
  return spawnSync('taskset', ['-c', String(core), 'true']).status === 0 ? core : undefined
}

/** Lists of cores as `taskset` takes them; what is undefined may run anywhere. */
export interface Placement {
  /** The process of the cell; for a service that is load generator and sink. */
  readonly cell?: string
  readonly service?: string
}

/**
 * Where the processes of a cell run. A service gets the last cores, one for each worker, and the load generator the
 * first core, where that leaves one; else the generator runs wherever it fits.
 *
 * @param lastCore - undefined where nothing can be pinned.
 */
export function placementOf(cell: Cell, lastCore: number | undefined): Placement {
  if (lastCore === undefined) return {}
  if (!isServiceCell(cell)) return { cell: String(lastCore) }
  const workers = cell.kind === 'service' ? cell.workers : 1
  const first = Math.max(0, lastCore - workers + 1)
  const service = Array.from({ length: lastCore - first + 1 }, (_, index) => first + index).join(',')
  return first > 0 ? { cell: '0', service } : { service }
}

/** What a reader of the service's figures must know of how it ran. */
export function serviceConditions(lastCore: number | undefined): string[] {
  if (!canMeasureProcesses()) return ['the service is left out: there is no /proc to read its CPU time from']
  if (lastCore === undefined) return ['a service and its load generator run wherever the system puts them']
  const where = (workers: 1 | 2): string => {
    const { cell, service } = placementOf({ kind: 'service', workload: 'W2', percent: 0, workers }, lastCore)
    const generator = cell === undefined ? 'load generator and sink anywhere' : `load generator and sink on ${cell}`
    return `${workers === 1 ? 'one worker' : 'two workers'} on ${service}, ${generator}`
  }
  return [`cores of the service: ${where(1)}; ${where(2)}`]
}

/** Pins the process that asks, with all of its threads. */
export function pinThisProcess(cores: string | undefined): void {
  if (cores !== undefined) spawnSync('taskset', ['-apc', cores, String(process.pid)])
}
