/**
 * Packs the package as npm would and looks at the tarball: what is in it, whether `exports` keeps its promises (publint),
 * and whether the types are those of the code, for every way of importing it (attw). `npm run check:package`
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { contentProblems } from './contents.ts'
import { pack } from './pack.ts'

const root = join(import.meta.dirname, '../..')
// attw reads `module.exports = require()` and does not know that Node gives the default export of an ES module as `default`,
// with `__esModule`. That it does is tried out: scripts/package/programs.ts.
const ATTW = ['--ignore-rules', 'false-export-default']
const folder = mkdtempSync(join(tmpdir(), 'fieldseal-package-'))

function tool(name: string, ...argv: string[]): boolean {
  process.stdout.write(`\n${name} ${argv.join(' ')}\n`)
  return spawnSync(join(root, 'node_modules/.bin', name), argv, { stdio: 'inherit' }).status === 0
}

try {
  const { file, files, bytes } = pack(root, folder)
  const problems = contentProblems(files, root)
  process.stdout.write(`${files.length} files, ${Math.ceil(bytes / 1024)} KiB\n`)
  for (const problem of problems) process.stderr.write(`${problem}\n`)
  // Both look, whatever the other says.
  const sound = [problems.length === 0, tool('publint', 'run', '--strict', file), tool('attw', file, ...ATTW)]
  if (sound.includes(false)) process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true })
}
