/**
 * One cell, in a process of its own: `node bench/cell.ts '{"cell": {...}, "seconds": 1.5}'` prints one line of JSON, a
 * CellResult. Used by run.ts; by hand it is of use under a profiler.
 */
import { type Cell, type CellResult, cellName, type InProcessCell, isServiceCell } from './cells/cell.ts'
import { prepare } from './cells/prepare.ts'
import { measureService } from './cells/service.ts'
import { time, warmUp } from './measure.ts'

/** What the process of a cell is given: the cores of the service are a list for `taskset`. */
export interface CellTask {
  readonly cell: Cell
  readonly seconds: number
  readonly serviceCores?: string
}

const { cell, seconds, serviceCores } = JSON.parse(process.argv[2] ?? '') as CellTask

async function measureInProcess(subjectOf: InProcessCell): Promise<CellResult> {
  const subject = await prepare(subjectOf)
  await warmUp(subject.work)
  const timing = await time(subject.work, seconds, subject.clock)
  const problems = await subject.check()
  return { cell: cellName(subjectOf), ...timing, perWork: subject.perWork, problems }
}

const result = isServiceCell(cell) ? await measureService(cell, seconds, serviceCores) : await measureInProcess(cell)
process.stdout.write(`${JSON.stringify(result)}\n`)
