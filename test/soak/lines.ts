/**
 * Whether a source of files ever loses a line: `npm run soak:lines -- [--rounds N] [--kills N]`. Each round writes logs,
 * renames, copies and empties them, and kills the process that reads them, at random; it ends with 1 where a line is
 * missing, and leaves the folder of that round for whoever wants to know why.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { torture } from '../processor/sources/files/torture.ts'

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '10' }, kills: { type: 'string', default: '100' } },
})
const rounds = Number(values.rounds)
const kills = Number(values.kills)
for (const number of [rounds, kills]) {
  if (!Number.isInteger(number) || number < 1) throw new RangeError('--rounds and --kills take a whole number from 1')
}

for (let round = 1; round <= rounds; round += 1) {
  const folder = mkdtempSync(join(tmpdir(), 'fieldseal-soak-'))
  const { written, lost, duplicates, renamed, copied, events } = await torture({ folder, kills })
  const counts = { written, lost: lost.length, duplicates, renamed, copied, kills, ...events }
  process.stdout.write(`round ${round}: ${JSON.stringify(counts)}\n`)
  if (lost.length > 0) {
    process.stdout.write(`lines ${lost.slice(0, 20).join(', ')} are missing: ${folder}\n`)
    process.exitCode = 1
    break
  }
  rmSync(folder, { recursive: true })
}
