/**
 * Measures what ships: `node bench/run.ts [--only TEXT] [--runs N] [--quick]`, after `npm run build`. README.md says what
 * the figures are. The exit code is 1 where the outcome of a cell is wrong, whatever its speed.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { type CellResult, cellName, isServiceCell } from './cells/cell.ts'
import { parseOptions } from './options.ts'
import { pinnedCore, serviceConditions } from './pinning.ts'
import { FIGURES, GROUPS } from './plan.ts'
import { groupTable } from './report/cell-tables.ts'
import { figureTable } from './report/figure-table.ts'
import { figureResult, memoryResult } from './report/figures.ts'
import { machine, versions } from './report/machine.ts'
import { runCell } from './run-cell.ts'
import { canMeasureProcesses } from './service/process-usage.ts'
import { MEMORY_FIGURES } from './service-plan.ts'

const options = parseOptions(process.argv.slice(2))
const core = pinnedCore()
const rounds = new Map<string, CellResult[]>()
const wrong: string[] = []
const groups = GROUPS.map((group) => ({
  ...group,
  cells: group.cells.filter(
    (cell) => cellName(cell).includes(options.only) && (canMeasureProcesses() || !isServiceCell(cell)),
  ),
}))
const print = (text: string): boolean => process.stdout.write(`${text}\n`)

print(JSON.stringify({ ...machine(core), ...versions() }))
print(core === undefined ? 'not pinned: there is no taskset\n' : `each cell is pinned to core ${core} by taskset\n`)
for (const line of serviceConditions(core)) print(`${line}\n`)

for (const group of groups) {
  const count = group.figures ? options.runs : options.otherRuns
  for (let round = 0; round < count; round += 1) {
    // Each other round runs backwards (A B, B A), so that a machine that slows down favours neither.
    const order = round % 2 === 0 ? group.cells : group.cells.toReversed()
    for (const cell of order) {
      const result = await runCell(cell, options.seconds, core)
      if (typeof result === 'string') wrong.push(`${cellName(cell)}: ${result}`)
      else {
        rounds.set(cellName(cell), [...(rounds.get(cellName(cell)) ?? []), result])
        wrong.push(...result.problems.map((problem) => `${cellName(cell)}: ${problem}`))
      }
    }
  }
  const text = groupTable(group, rounds)
  if (text !== undefined) print(`${text}\n`)
}

const figures = [
  ...FIGURES.flatMap((figure) => figureResult(figure, rounds) ?? []),
  ...MEMORY_FIGURES.flatMap((figure) => memoryResult(figure, rounds) ?? []),
]
if (figures.length > 0) print(figureTable(figures))

const summary = { machine: machine(core), versions: versions(), date: new Date().toISOString(), results: figures }
const folder = new URL('./results/', import.meta.url)
mkdirSync(folder, { recursive: true })
// A part of the cells, a quick look or a wrong outcome does not replace the results of a full run.
const complete = options.only === '' && !options.quick && wrong.length === 0 && canMeasureProcesses()
const name = complete ? 'summary.json' : 'partial.json'
writeFileSync(new URL(name, folder), `${JSON.stringify(summary, null, 2)}\n`)
print(`\nwritten: bench/results/${name}`)

if (wrong.length > 0) {
  process.stderr.write(`\nwrong:\n${[...new Set(wrong)].join('\n')}\n`)
  process.exitCode = 1
}
