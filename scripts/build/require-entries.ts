import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { entriesOf } from './entries.ts'

/** Prints, as JSON, the code of what `require` throws; a module that awaits at its top level: ERR_REQUIRE_ASYNC_MODULE. */
const PROGRAM = `
try { require(process.argv[1]); console.log('null') }
catch (error) { console.log(JSON.stringify(error.code ?? error.name)) }`

/**
 * Requires each entry in a process of its own, as a CommonJS program does: everything that it reaches by static imports,
 * in other packages too, must be free of top-level await.
 *
 * @returns one line for each entry that cannot be required.
 */
export function requireEntries(root: string, node = process.execPath): string[] {
  return entriesOf(root).flatMap(({ name, commonJs }) => {
    const { stdout, stderr } = spawnSync(node, ['-e', PROGRAM, join(root, commonJs)], { encoding: 'utf8' })
    const problem = stdout.trim() === 'null' ? stderr.trim() : stdout.trim()
    return problem === '' ? [] : [`require of exports["${name}"] says ${problem}`]
  })
}
