import { type CellResult, cellName } from '../cells/cell.ts'
import type { Group } from '../plan.ts'
import type { Rounds } from './figures.ts'
import { type Rates, ratesOf } from './rates.ts'
import { median } from './statistics.ts'
import { shown, table } from './table.ts'

const medianOf = (results: readonly CellResult[], rate: keyof Rates): number =>
  median(results.map((result) => ratesOf(result)[rate]))

const checked = (results: readonly CellResult[]): string =>
  results.every(({ problems }) => problems.length === 0) ? 'ok' : 'FAILED'

/** The medians of the cells of a group: seals where the group seals, else records and megabytes (10^6 bytes). */
export function groupTable(group: Group, rounds: Rounds): string | undefined {
  const present = group.cells.flatMap((cell) => {
    const results = rounds.get(cellName(cell)) ?? []
    return results.length === 0 ? [] : [{ name: cellName(cell), results }]
  })
  if (present.length === 0) return undefined
  const seals = group.cells.some(({ kind }) => kind === 'sealer')
  const head = seals
    ? ['cell', 'values/CPU-s', 'CPU µs/value', 'values/s wall', 'runs', 'check']
    : ['cell', 'records/CPU-s', 'MB/CPU-s', 'records/s wall', 'runs', 'check']
  const rows = present.map(({ name, results }) => {
    const end = [String(results.length), checked(results)]
    if (seals) {
      const perCpuSecond = medianOf(results, 'valuesPerCpuSecond')
      return [
        name,
        shown(perCpuSecond),
        shown(1e6 / perCpuSecond),
        shown(medianOf(results, 'valuesPerWallSecond')),
        ...end,
      ]
    }
    const megabytes = medianOf(results, 'bytesPerCpuSecond') / 1e6
    return [
      name,
      shown(medianOf(results, 'recordsPerCpuSecond')),
      shown(megabytes),
      shown(medianOf(results, 'recordsPerWallSecond')),
      ...end,
    ]
  })
  return `${group.title}\n\n${table(head, rows)}`
}
