/**
 * One cell, in a process of its own: `node bench/cell.ts '{"cell": {...}, "seconds": 1.5}'` prints one line of JSON, a
 * CellResult. Used by run.ts; by hand it is of use under a profiler.
 */
import { type Cell, type CellResult, cellName } from './cells/cell.ts'
import { prepare } from './cells/prepare.ts'
import { time, warmUp } from './measure.ts'

const { cell, seconds } = JSON.parse(process.argv[2] ?? '') as { cell: Cell; seconds: number }
const subject = await prepare(cell)
await warmUp(subject.work)
const timing = await time(subject.work, seconds)
const problems = await subject.check()
const result: CellResult = { cell: cellName(cell), ...timing, perWork: subject.perWork, problems }
process.stdout.write(`${JSON.stringify(result)}\n`)
