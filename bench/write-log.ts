/**
 * Writes W2 as JSON lines with 5 % matches to standard output: `node bench/write-log.ts [MEGABYTES] > FILE`, 1000 where nothing is
 * said. The same number gives the same bytes everywhere.
 */
import { once } from 'node:events'
import { serviceLogLines } from './workloads/service-log-lines.ts'

/** Different blocks; they come again. */
const BLOCKS = 64

const wanted = Number(process.argv[2] ?? 1000) * 1e6
const blocks = Array.from({ length: BLOCKS }, (_, seed) => serviceLogLines(seed + 1, 5).bytes)
let written = 0
for (let at = 0; written < wanted; at += 1) {
  const block = blocks[at % BLOCKS]!
  written += block.length
  if (!process.stdout.write(block)) await once(process.stdout, 'drain')
}
