import type { Subject } from '../measure.ts'
import { batchesOf, inTurn, perBatch } from './batches.ts'
import type { LeakScanCell } from './cell.ts'
import { threeKeyPairs } from './key-pairs.ts'
import { product } from './product.ts'
import { ruleSet } from './rule-sets.ts'

const FORMAT = 'otlp-protobuf'
const MAXIMUM_VALUE_BYTES = 1 << 20

/** The engine as in its own cells, and what looks for leaks beside it, with all detectors that are on. */
export async function prepareLeakScan({ rules, percent, inline, sample }: LeakScanCell): Promise<Subject> {
  const pairs = await threeKeyPairs('P-256')
  const { createEngine } = await product.api()
  const { sampledScan } = await product.sampledScan()
  const { leakDetectors } = await product.leakScan()
  const engine = createEngine({
    recipients: Object.fromEntries(pairs.map(({ name, publicJwk }) => [name, publicJwk])),
    groups: { default: pairs.map(({ name }) => name) },
    rules: ruleSet(rules),
    ...(inline ? { leakScan: { inline: 'report' } } : {}),
  })
  let turn = 0
  const told: string[] = []
  const scan = sampledScan({
    sample,
    // Every fiftieth batch, not one of fifty: a short run must not depend on luck.
    random: () => {
      turn += 1
      return (turn % 50) / 50
    },
    detectors: leakDetectors(undefined, new Map()),
    ignore: [],
    knownKids: new Set(pairs.map(({ publicJwk }) => String(publicJwk.kid))),
    maxValueBytes: MAXIMUM_VALUE_BYTES,
    log: (_event, message) => told.push(message),
  })
  const batches = batchesOf('W2', percent)
  return {
    work: inTurn(batches, async ({ bytes }) => {
      const sealed = engine.seal(bytes, FORMAT)
      await scan.look({ bytes: sealed.bytes, format: FORMAT })
    }),
    perWork: perBatch(batches),
    check: async () => told,
  }
}
