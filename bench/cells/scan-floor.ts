import RE2 from 're2'
import type { Subject } from '../measure.ts'
import { batchesOf, inTurn, perBatch } from './batches.ts'
import type { RuleCount, ScanFloorCell } from './cell.ts'
import { chunkGatherer } from './gathered-chunks.ts'
import { product } from './product.ts'
import { listOf, ruleSet } from './rule-sets.ts'

/** What the engine gives its own set, so that both keep their automaton. */
const MEMORY_BYTES = 32 * 1024 * 1024

/** All patterns of a rule set, those of its detectors included. */
async function patternsOf(rules: RuleCount): Promise<string[]> {
  const { detectorByName } = await product.detectors()
  return ruleSet(rules).flatMap((rule) => [
    ...listOf(rule.detect).flatMap((name) => detectorByName(name)?.patterns ?? []),
    ...listOf(rule.pattern),
  ])
}

/**
 * The floor of any engine on RE2: one `RE2.Set.test` per chunk of 64 values, over the buffers that the engine gathers
 * from the same batches, and nothing else. The chunks are gathered before the clock runs; the bytes that count are
 * those of the batches, as for the engine.
 */
export async function prepareScanFloor(cell: ScanFloorCell): Promise<Subject> {
  const gather = await chunkGatherer(cell.rules)
  const set = new RE2.Set(await patternsOf(cell.rules), { maxMem: MEMORY_BYTES })
  const batches = batchesOf(cell.workload, 0)
  const gathered = batches.map(({ bytes }) => gather(bytes))
  return {
    work: inTurn(gathered, (chunks) => {
      for (const chunk of chunks) set.test(chunk)
    }),
    perWork: perBatch(batches),
    check: () => (gathered.every((chunks) => chunks.length > 0) ? [] : ['nothing was gathered']),
  }
}
