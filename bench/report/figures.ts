import { type CellResult, cellName } from '../cells/cell.ts'
import type { Figure, MemoryFigure } from '../plan.ts'
import { ratesOf } from './rates.ts'
import { median } from './statistics.ts'

/** One figure, as the summary keeps it. */
export interface FigureResult {
  readonly name: string
  /** The median over the rounds, of the ratio within each round. */
  readonly value: number
  /** Absent for a ratio. */
  readonly unit?: 'MB'
  /** Null where nothing is promised. */
  readonly target: number | null
  readonly sense: '>=' | '<='
  /** The cell that it is a ratio to; null where it is none. */
  readonly baseline: string | null
  /** The value of each round, in order. */
  readonly runs: readonly number[]
}

/** The results of a cell, one for each round, in order. */
export type Rounds = ReadonlyMap<string, readonly CellResult[]>

/** The figure from the rounds in which both of its cells were run; undefined where there are none. */
export function figureResult(figure: Figure, rounds: Rounds): FigureResult | undefined {
  const of = rounds.get(cellName(figure.of)) ?? []
  const over = rounds.get(cellName(figure.over)) ?? []
  const runs = of.flatMap((result, round) => {
    const other = over[round]
    return other === undefined ? [] : [rounded(ratesOf(result)[figure.rate] / ratesOf(other)[figure.rate])]
  })
  if (runs.length === 0) return undefined
  const { name, sense, target } = figure
  return { name, value: median(runs), target: target ?? null, sense, baseline: cellName(figure.over), runs }
}

/** The memory of a cell's service, in the rounds in which it was run; undefined where there are none. */
export function memoryResult({ name, of, target }: MemoryFigure, rounds: Rounds): FigureResult | undefined {
  const runs = (rounds.get(cellName(of)) ?? []).flatMap(({ peakMemoryBytes }) =>
    peakMemoryBytes === undefined ? [] : [rounded(peakMemoryBytes / 1e6)],
  )
  return runs.length === 0
    ? undefined
    : { name, value: median(runs), unit: 'MB', target: rounded(target), sense: '<=', baseline: null, runs }
}

/** Whether a figure keeps what it promises; true where it promises nothing. */
export const meetsTarget = ({ value, target, sense }: FigureResult): boolean =>
  target === null || (sense === '>=' ? value >= target : value <= target)

const rounded = (ratio: number): number => Number(ratio.toPrecision(4))
