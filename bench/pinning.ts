import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'

/** The core that cells are pinned to: the last one, since the first has the interrupts. Undefined without `taskset`. */
export function pinnedCore(): number | undefined {
  const core = availableParallelism() - 1
  return spawnSync('taskset', ['-c', String(core), 'true']).status === 0 ? core : undefined
}
