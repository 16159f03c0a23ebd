import { checkSealedBatch, type NamedOpener } from '../checks/sealed-batch.ts'
import type { Subject } from '../measure.ts'
import { batchesOf, inTurn, perBatch } from './batches.ts'
import type { EngineCell, RuleCount } from './cell.ts'
import { joseOpeners } from './jose-opener.ts'
import { type KeyPair, threeKeyPairs } from './key-pairs.ts'
import { product } from './product.ts'
import { productOpeners } from './product-opener.ts'
import { ruleSet } from './rule-sets.ts'

const FORMAT = 'otlp-protobuf'
/** Planted values of each batch that jose opens too; the engine's opener opens all of them. */
const OPENED_BY_JOSE = 4

/** The engine with a committed rule set, sealing for three recipients in the group `default`. */
export async function benchEngine(rules: RuleCount, pairs: readonly KeyPair[]) {
  const { createEngine } = await product.api()
  return createEngine({
    recipients: Object.fromEntries(pairs.map(({ name, publicJwk }) => [name, publicJwk])),
    groups: { default: pairs.map(({ name }) => name) },
    rules: ruleSet(rules),
  })
}

/** The way of a batch through the engine, without transport: OTLP protobuf in, OTLP protobuf out. */
export async function prepareEngine(cell: EngineCell): Promise<Subject> {
  const pairs = await threeKeyPairs('P-256')
  const engine = await benchEngine(cell.rules, pairs)
  const batches = batchesOf(cell.workload, cell.percent)
  return {
    work: inTurn(batches, ({ bytes }) => engine.seal(bytes, FORMAT)),
    perWork: perBatch(batches),
    check: async () => {
      const openers: NamedOpener[] = [...(await productOpeners(pairs)), ...(await joseOpeners(pairs, OPENED_BY_JOSE))]
      const problems = await Promise.all(
        batches.map((batch) => checkSealedBatch(batch, engine.seal(batch.bytes, FORMAT).bytes, openers)),
      )
      return problems.flat()
    },
  }
}
