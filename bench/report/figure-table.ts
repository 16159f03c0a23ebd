import { type FigureResult, meetsTarget } from './figures.ts'
import { shown, table } from './table.ts'

/** The figures: the median, the range over the rounds, and what is promised. */
export function figureTable(figures: readonly FigureResult[]): string {
  const rows = figures.map((figure) => [
    figure.unit === undefined ? figure.name : `${figure.name} (${figure.unit})`,
    shown(figure.value),
    `${shown(Math.min(...figure.runs))} to ${shown(Math.max(...figure.runs))}`,
    figure.target === null ? '-' : `${figure.sense} ${figure.target}`,
    figure.target === null ? '' : meetsTarget(figure) ? 'met' : 'MISSED',
  ])
  return `Figures (ratios within a round, unless a unit is stated; median over the rounds)\n\n${table(['figure', 'median', 'range', 'target', ''], rows)}`
}
