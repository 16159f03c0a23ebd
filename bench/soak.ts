/**
 * Whether the service keeps what it is given: `node bench/soak.ts [--records N]`, after `npm run build`. Sends N records
 * of W2 with 5 % matches (5 million) and reads the service's memory all the while: the median of the last tenth of the
 * records may be at most 1.05 times that of the third tenth. Exits with 1 where it is more, or an outcome is wrong.
 */
import { parseArgs } from 'node:util'
import { batchesOf } from './cells/batches.ts'
import type { ServiceCell } from './cells/cell.ts'
import { threeKeyPairs } from './cells/key-pairs.ts'
import { productOpeners } from './cells/product-opener.ts'
import { pinnedCore, pinThisProcess, placementOf, serviceConditions } from './pinning.ts'
import { type MemorySample, memoryGrowth } from './report/memory-growth.ts'
import { shown } from './report/table.ts'
import { checkBodies, checkDelivery } from './service/check-delivery.ts'
import { LoadGenerator } from './service/load-generator.ts'
import { canMeasureProcesses, processTree } from './service/process-usage.ts'
import { startProduct } from './service/product-service.ts'
import { http } from './service/protocols/http.ts'
import { sampleMemory } from './service/soak.ts'
import { RECORDS_PER_BATCH } from './workloads/batch.ts'

const CELL: ServiceCell = { kind: 'service', workload: 'W2', percent: 5, workers: 1 }
const CONNECTIONS = 16
const MOST_GROWTH = 1.05
/** Seconds between two lines. */
const TOLD_EVERY = 5
/** Bodies of the last tenth that are looked into. */
const KEPT = 8

const { values } = parseArgs({ options: { records: { type: 'string', default: '5000000' } } })
const requests = Math.ceil(Number(values.records) / RECORDS_PER_BATCH)
if (!Number.isInteger(requests) || requests < 1) throw new RangeError('--records takes a whole number from 1')
if (!canMeasureProcesses()) throw new Error('there is no /proc to read the memory of another process from')

const print = (text: string): boolean => process.stdout.write(`${text}\n`)
const megabytes = (bytes: number): string => `${shown(bytes / 1e6)} MB`
const core = pinnedCore()
const placement = placementOf(CELL, core)
for (const line of serviceConditions(core)) print(line)
pinThisProcess(placement.cell)

const batches = batchesOf(CELL.workload, CELL.percent)
const pairs = await threeKeyPairs('P-256')
const sink = await http.listen(0)
const service = await startProduct({
  protocol: http,
  rules: 20,
  workers: 1,
  sinkPort: sink.port,
  pairs,
  cores: placement.service,
})
const generator = new LoadGenerator({ protocol: http, port: service.port, connections: CONNECTIONS, batches, requests })
const problems: string[] = []
let samples: MemorySample[] = []
let lines = 0
let asked = false

function told({ part, bytes }: MemorySample, seconds: number): void {
  if (part > 0.9 && !asked) {
    asked = true
    sink.arrivals.keep(KEPT)
  }
  if (seconds < lines * TOLD_EVERY) return
  lines += 1
  print(`${Math.round(seconds)} s: ${shown(part * requests * RECORDS_PER_BATCH)} records, ${megabytes(bytes)}`)
}

try {
  const pids = processTree(service.pid)
  generator.start()
  samples = await sampleMemory(generator, pids, requests, told)
} finally {
  generator.close()
  problems.push(...(await service.stop()))
  sink.close()
}
problems.push(...checkDelivery(generator, sink.arrivals))
problems.push(...(await checkBodies(http, sink.arrivals.kept, batches, await productOpeners(pairs))))

const growth = memoryGrowth(samples)
if (growth === undefined) problems.push('there were too few records to tell whether memory grows')
else {
  const { thirdTenth, lastTenth, ratio } = growth
  print(`median of the third tenth ${megabytes(thirdTenth)}, of the last ${megabytes(lastTenth)}: ${ratio.toFixed(3)}`)
  if (ratio > MOST_GROWTH) problems.push(`memory grows by more than ${MOST_GROWTH}`)
}
if (problems.length > 0) {
  process.stderr.write(`\nwrong:\n${problems.join('\n')}\n`)
  process.exitCode = 1
}
