import { DEFAULT_DETECTORS } from '../../detectors/index.ts'
import { PathTrie } from '../../rules/path-trie.ts'
import { Batch, newRows } from '../formats/batch.ts'
import { Chunk } from '../formats/chunk.ts'
import { FORMATS } from '../formats/index.ts'
import { ANY_KID } from './own-output.ts'
import { RecordScanner, type ScanLimits } from './record-scanner.ts'
import { ScanPlan } from './scan-plan.ts'

export { DEFAULT_DETECTORS } from '../../detectors/index.ts'
export { LineScanner } from './line-scanner.ts'
export { ScanPlan } from './scan-plan.ts'
export { Tally } from './tally.ts'

/** A scanner as the command makes it where nothing is said. */
export function scannerOf(limits: ScanLimits, bodyKeys: readonly string[]): RecordScanner {
  return new RecordScanner(new ScanPlan(DEFAULT_DETECTORS), {
    limits: { ...limits, record: Number.MAX_SAFE_INTEGER },
    bodyKeys,
    knownKids: ANY_KID,
  })
}

/** What matching alone is measured on: the values of lines as the detectors get them, 64 together. */
export function chunksOf(lines: Buffer, bodyKeys: readonly string[]): Buffer[] {
  const plan = new ScanPlan(DEFAULT_DETECTORS)
  const chunk = new Chunk()
  chunk.leavesOutSmallNumbers = plan.detectors.ignoresSmallNumbers
  const chunks: Buffer[] = []
  const batch = new Batch(lines, {
    trie: new PathTrie(plan, 10_000),
    limits: { record: lines.length, depth: 64 },
    bodyKeys,
    rows: newRows(),
    isSealedLine: () => false,
  })
  const take = () => chunks.push(Buffer.from(chunk.values(0, chunk.count)))
  batch.gather(FORMATS['json-lines'].walk, { chunk, take, begin: () => {}, skips: () => false })
  return chunks
}
