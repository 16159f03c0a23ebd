import type { Subject } from '../measure.ts'
import { type Lines, serviceLogLines } from '../workloads/service-log-lines.ts'
import { inTurn } from './batches.ts'
import type { ScanCell, ScanLinesFloorCell } from './cell.ts'
import { product } from './product.ts'

/** Several different blocks in turn, so that no cache of the last one helps. */
const BLOCKS = 8
const BODY_KEYS = ['msg', 'message', 'log']

const linesOf = ({ percent }: ScanCell | ScanLinesFloorCell): Lines[] =>
  Array.from({ length: BLOCKS }, (_, seed) => serviceLogLines(seed + 1, percent))

const perBlock = (blocks: readonly Lines[]) => ({
  records: blocks.reduce((sum, { records }) => sum + records, 0) / blocks.length,
  bytes: blocks.reduce((sum, { bytes }) => sum + bytes.length, 0) / blocks.length,
  values: blocks.reduce((sum, { planted }) => sum + planted.length, 0) / blocks.length,
})

/** What `fieldseal scan` does with a block of lines that it has read: walk, match, confirm, count. */
export async function prepareScan(cell: ScanCell): Promise<Subject> {
  const { scannerOf, LineScanner, Tally } = await product.scanning()
  const blocks = linesOf(cell)
  const { limits } = (await product.api()).DEFAULT_SETTINGS
  const parts = { scanner: scannerOf(limits, BODY_KEYS), format: 'json-lines' } as const
  const lines = new LineScanner(parts, new Tally())
  return {
    work: inTurn(blocks, ({ bytes }) => lines.scan(bytes)),
    perWork: perBlock(blocks),
    check: () => {
      const tally = new Tally()
      const once = new LineScanner(parts, tally)
      for (const { bytes } of blocks) once.scan(bytes)
      const planted = blocks.reduce((sum, block) => sum + block.planted.length, 0)
      return tally.findings === planted ? [] : [`${tally.findings} findings for ${planted} planted values`]
    },
  }
}

/**
 * The floor of a scan: the sets of RE2 that the scan looks at values with, by `RE2.Set.test`, over the texts that the walk
 * gathers from the same blocks, 64 at a time, and nothing else. The texts are gathered before the clock runs; the bytes that
 * count are those of the blocks.
 */
export async function prepareScanLinesFloor(cell: ScanLinesFloorCell): Promise<Subject> {
  const { ScanPlan, DEFAULT_DETECTORS, chunksOf } = await product.scanning()
  const { detectors } = new ScanPlan(DEFAULT_DETECTORS)
  const blocks = linesOf(cell)
  const gathered = blocks.map(({ bytes }) => chunksOf(bytes, BODY_KEYS))
  return {
    work: inTurn(gathered, (chunks) => {
      for (const chunk of chunks) detectors.test(chunk)
    }),
    perWork: perBlock(blocks),
    check: () => (gathered.every((chunks) => chunks.length > 0) ? [] : ['nothing was gathered']),
  }
}
