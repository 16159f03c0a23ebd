/** The part of `npm run build` that comes after the compiler: CommonJS. `node scripts/build/run.ts [ROOT]` */
import { join } from 'node:path'
import { writeCommonJs } from './common-js.ts'
import { requireEntries } from './require-entries.ts'

const root = process.argv[2] ?? join(import.meta.dirname, '../..')
writeCommonJs(root)
const problems = requireEntries(root)
for (const problem of problems) process.stderr.write(`${problem}\n`)
if (problems.length > 0) process.exitCode = 1
