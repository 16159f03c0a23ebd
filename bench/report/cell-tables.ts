import { type CellResult, cellName, isServiceCell } from '../cells/cell.ts'
import type { Group } from '../plan.ts'
import type { Rounds } from './figures.ts'
import { type Rates, ratesOf } from './rates.ts'
import { median } from './statistics.ts'
import { shown, table } from './table.ts'

/** A column, from the results of one cell over the rounds. */
type Column = readonly [title: string, text: (results: readonly CellResult[]) => string]

const medianOf = (results: readonly CellResult[], rate: keyof Rates): number =>
  median(results.map((result) => ratesOf(result)[rate]))

const megabytes = (bytes: number): string => shown(bytes / 1e6)

const RECORDS: readonly Column[] = [
  ['records/CPU-s', (results) => shown(medianOf(results, 'recordsPerCpuSecond'))],
  ['MB/CPU-s', (results) => megabytes(medianOf(results, 'bytesPerCpuSecond'))],
  ['records/s wall', (results) => shown(medianOf(results, 'recordsPerWallSecond'))],
]

const SEALS: readonly Column[] = [
  ['values/CPU-s', (results) => shown(medianOf(results, 'valuesPerCpuSecond'))],
  ['CPU µs/value', (results) => shown(1e6 / medianOf(results, 'valuesPerCpuSecond'))],
  ['values/s wall', (results) => shown(medianOf(results, 'valuesPerWallSecond'))],
]

const SERVICE: readonly Column[] = [
  ...RECORDS,
  ['service CPU', (results) => share(results, ({ cpuSeconds }) => cpuSeconds)],
  ['generator CPU', (results) => share(results, ({ generatorCpuSeconds }) => generatorCpuSeconds ?? 0)],
  ['peak MB', (results) => megabytes(median(results.map(({ peakMemoryBytes }) => peakMemoryBytes ?? 0)))],
  ['refusals', (results) => String(Math.round(median(results.map(({ refusals }) => refusals ?? 0))))],
]

const ENDS: readonly Column[] = [
  ['runs', (results) => String(results.length)],
  ['check', (results) => (results.every(({ problems }) => problems.length === 0) ? 'ok' : 'FAILED')],
]

/** CPU seconds in a second, in percent of one core. */
function share(results: readonly CellResult[], cpuSeconds: (result: CellResult) => number): string {
  return `${Math.round(100 * median(results.map((result) => cpuSeconds(result) / result.wallSeconds)))} %`
}

/** Seals where the group seals, else records and megabytes (10^6 bytes); for a service also what it ran beside. */
function columnsOf(group: Group): readonly Column[] {
  if (group.cells.some(({ kind }) => kind === 'sealer')) return SEALS
  return group.cells.some(isServiceCell) ? SERVICE : RECORDS
}

/** The medians of the cells of a group. */
export function groupTable(group: Group, rounds: Rounds): string | undefined {
  const columns = [...columnsOf(group), ...ENDS]
  const rows = group.cells.flatMap((cell) => {
    const results = rounds.get(cellName(cell)) ?? []
    return results.length === 0 ? [] : [[cellName(cell), ...columns.map(([, text]) => text(results))]]
  })
  if (rows.length === 0) return undefined
  return `${group.title}\n\n${table(['cell', ...columns.map(([title]) => title)], rows)}`
}
