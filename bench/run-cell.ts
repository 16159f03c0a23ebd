import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { V8_OPTIONS } from '../processor/cli/v8-options.ts'
import type { Cell, CellResult } from './cells/cell.ts'

const execute = promisify(execFile)
/**
 * What the command runs with. Beyond that, all of a cell is on one core: helper threads of the collector would only
 * wait for it there, and be counted.
 */
const FLAGS = [...V8_OPTIONS, '--single-threaded-gc']
const CELL_PROGRAM = fileURLToPath(new URL('./cell.ts', import.meta.url))

/**
 * Runs one cell in a process of its own, pinned to `core` where one is given.
 *
 * @returns what the process wrote to standard error, where it failed.
 */
export async function runCell(cell: Cell, seconds: number, core: number | undefined): Promise<CellResult | string> {
  const command = [process.execPath, ...FLAGS, CELL_PROGRAM, JSON.stringify({ cell, seconds })]
  const [file, ...args] = core === undefined ? command : ['taskset', '-c', String(core), ...command]
  try {
    const { stdout } = await execute(file as string, args, { maxBuffer: 2 ** 24 })
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as CellResult
  } catch (error) {
    return String((error as { stderr?: string }).stderr || error)
  }
}
