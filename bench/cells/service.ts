import type { NamedOpener } from '../checks/sealed-batch.ts'
import { checkBodies, checkDelivery } from '../service/check-delivery.ts'
import { startForwarder } from '../service/forwarder-service.ts'
import { LoadGenerator } from '../service/load-generator.ts'
import { memory, processTree } from '../service/process-usage.ts'
import { startProduct } from '../service/product-service.ts'
import { PROTOCOLS } from '../service/protocols/index.ts'
import type { Protocol } from '../service/protocols/protocol.ts'
import { timeUnderLoad, warmUpUnderLoad } from '../service/under-load.ts'
import type { Batch } from '../workloads/batch.ts'
import { batchesOf, perBatch } from './batches.ts'
import { type AnyServiceCell, type CellResult, cellName } from './cell.ts'
import { joseOpeners } from './jose-opener.ts'
import { type KeyPair, threeKeyPairs } from './key-pairs.ts'
import { largeBatches } from './large-batches.ts'
import { productOpeners } from './product-opener.ts'

/** The rule set of all service cells. */
const RULES = 20
/** Planted values of each batch that jose opens too. */
const OPENED_BY_JOSE = 4
/** Milliseconds after which requests without an answer are given up. */
const PATIENCE_MS = 60_000

/** How a kind of cell is loaded. */
interface LoadShape {
  readonly connections: number
  /** Whether to wait until costs no longer move. */
  readonly warmUp: boolean
  /** The measured time, in multiples of that of the other cells. */
  readonly stretch: number
  /** Milliseconds that the backend takes for a request. */
  readonly sinkDelayMs: number
  /** Bodies that are looked into. */
  readonly kept: number
}

const STEADY: LoadShape = { connections: 16, warmUp: true, stretch: 2, sinkDelayMs: 0, kept: 16 }
const SATURATED: LoadShape = { connections: 64, warmUp: false, stretch: 6, sinkDelayMs: 250, kept: 4 }

/** Loads a service in a process of its own, at `cores`, and measures that process. */
export async function measureService(
  cell: AnyServiceCell,
  seconds: number,
  cores: string | undefined,
): Promise<CellResult> {
  const shape = cell.kind === 'saturated' ? SATURATED : STEADY
  const percent = cell.kind === 'forwarder' ? 0 : cell.percent
  const protocol = PROTOCOLS[(cell.kind === 'service' ? cell.protocol : undefined) ?? 'http']
  const plain = cell.kind === 'saturated' ? largeBatches(cell.workload, percent) : batchesOf(cell.workload, percent)
  const batches = plain.map((batch) => protocol.batch(batch))
  const pairs = await threeKeyPairs('P-256')
  const sink = await protocol.listen(shape.sinkDelayMs)
  const service =
    cell.kind === 'forwarder'
      ? await startForwarder(sink.port, cores)
      : await startProduct({
          protocol,
          rules: RULES,
          workers: cell.kind === 'service' ? cell.workers : 1,
          sinkPort: sink.port,
          pairs,
          cores,
        })
  const generator = new LoadGenerator({
    protocol,
    port: service.port,
    connections: shape.connections,
    batches,
  })
  const problems: string[] = []
  try {
    const pids = processTree(service.pid)
    generator.start()
    if (shape.warmUp) await warmUpUnderLoad(generator, pids)
    sink.arrivals.keep(shape.kept)
    const timing = await timeUnderLoad(generator, pids, seconds * shape.stretch)
    await stopped(generator)
    if (processTree(service.pid).join() !== pids.join()) problems.push('the service ended or started processes')
    const peak = Math.max(...pids.map((pid) => memory(pid, 'VmHWM')))
    problems.push(...checkDelivery(generator, sink.arrivals))
    problems.push(...(await lookInto(protocol, sink.arrivals.kept, batches, pairs)))
    problems.push(...checkPressure(cell, generator))
    return {
      cell: cellName(cell),
      ...timing,
      perWork: perBatch(batches),
      problems,
      peakMemoryBytes: peak,
      refusals: generator.refused,
    }
  } finally {
    generator.close()
    problems.push(...(await service.stop()))
    sink.close()
  }
}

async function stopped(generator: LoadGenerator): Promise<void> {
  const timer = setTimeout(() => generator.close(), PATIENCE_MS)
  await generator.stop()
  clearTimeout(timer)
}

async function lookInto(
  protocol: Protocol,
  kept: readonly Buffer[],
  batches: readonly Batch[],
  pairs: readonly KeyPair[],
): Promise<string[]> {
  const openers: NamedOpener[] = [...(await productOpeners(pairs)), ...(await joseOpeners(pairs, OPENED_BY_JOSE))]
  return checkBodies(protocol, kept, batches, openers)
}

/** A cell that should be refused something was, and another one was not. */
function checkPressure(cell: AnyServiceCell, { refused, lost }: LoadGenerator): string[] {
  const problems = lost > 0 ? [`${lost} connections ended before their answer`] : []
  if (cell.kind === 'saturated' && refused === 0) problems.push('nothing was refused: it was not saturated')
  if (cell.kind !== 'saturated' && refused > 0) problems.push(`${refused} requests were refused`)
  return problems
}
