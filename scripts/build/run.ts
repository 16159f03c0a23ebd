/** The part of `npm run build` that comes after the compiler: what is stale goes, CommonJS comes. `node scripts/build/run.ts [ROOT]` */
import { join } from 'node:path'
import { writeCommonJs } from './common-js.ts'
import { removeStale } from './remove-stale.ts'
import { requireEntries } from './require-entries.ts'

const root = process.argv[2] ?? join(import.meta.dirname, '../..')
removeStale(root)
writeCommonJs(root)
const problems = requireEntries(root)
for (const problem of problems) process.stderr.write(`${problem}\n`)
if (problems.length > 0) process.exitCode = 1
