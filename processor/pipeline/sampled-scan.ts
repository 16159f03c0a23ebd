import { setImmediate as nextTurn } from 'node:timers/promises'
import { leakCounts } from '../leak-scan/independent/report.ts'
import { IndependentScan, type IndependentScanOptions } from '../leak-scan/independent/scan.ts'
import { reportLeaks } from '../telemetry/leaks.ts'
import type { Log } from '../telemetry/log.ts'
import type { OutgoingBytes, OutgoingScan } from './outgoing-scan.ts'

/** Milliseconds after which others have their turn: a batch takes tens of them. */
const TURN_MS = 5

export interface SampledScanOptions extends IndependentScanOptions {
  /** Share of the batches that is looked at, 0 to 1. */
  readonly sample: number
  readonly log: Log
  /** For tests: a number from 0 to below 1. */
  readonly random?: () => number
}

/**
 * The independent scan of a share of the batches that leave.
 *
 * A fault of it decides nothing about a batch: that is sealed, and is on its way. It is told of, once.
 */
export function sampledScan({ sample, log, random = Math.random, ...options }: SampledScanOptions): OutgoingScan {
  const scan = new IndependentScan(options)
  let isTold = false
  const tell = (message: string): void => {
    if (!isTold) log('outgoing-unreadable', message)
    isTold = true
  }
  const look = async ({ bytes, format, parse }: OutgoingBytes): Promise<void> => {
    try {
      const report = await inTurns(scan.steps(bytes, format, { parse }))
      reportLeaks('independent', report.records, leakCounts(report))
      if (report.unreadable) tell(`a batch of ${format} went out that the independent scan cannot read to its end`)
    } catch {
      tell('the independent leak scan has failed, and a batch went out that it has not seen')
    }
  }
  return { look: (batch) => (random() < sample ? look(batch) : undefined) }
}

async function inTurns<Result>(steps: Iterator<void, Result>): Promise<Result> {
  let end = performance.now() + TURN_MS
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
    if (performance.now() < end) continue
    await nextTurn()
    end = performance.now() + TURN_MS
  }
}
