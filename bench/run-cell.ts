import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { V8_OPTIONS } from '../processor/cli/v8-options.ts'
import type { CellTask } from './cell.ts'
import type { Cell, CellResult } from './cells/cell.ts'
import { placementOf } from './pinning.ts'

const execute = promisify(execFile)
/**
 * What the command runs with. Beyond that, all of a cell is on one core: helper threads of the collector would only
 * wait for it there, and be counted.
 */
const FLAGS = [...V8_OPTIONS, '--single-threaded-gc']
const CELL_PROGRAM = fileURLToPath(new URL('./cell.ts', import.meta.url))

/**
 * Runs one cell in a process of its own, and a service in another one, pinned where `lastCore` says that this is possible.
 *
 * @returns what the process wrote to standard error, where it failed.
 */
export async function runCell(cell: Cell, seconds: number, lastCore: number | undefined): Promise<CellResult | string> {
  const placement = placementOf(cell, lastCore)
  const task: CellTask = {
    cell,
    seconds,
    ...(placement.service === undefined ? {} : { serviceCores: placement.service }),
  }
  const command = [process.execPath, ...FLAGS, CELL_PROGRAM, JSON.stringify(task)]
  const [file, ...args] = placement.cell === undefined ? command : ['taskset', '-c', placement.cell, ...command]
  try {
    const { stdout } = await execute(file as string, args, { maxBuffer: 2 ** 24 })
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as CellResult
  } catch (error) {
    return String((error as { stderr?: string }).stderr || error)
  }
}
