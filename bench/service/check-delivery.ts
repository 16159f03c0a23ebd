import { checkSealedBatch, type NamedOpener } from '../checks/sealed-batch.ts'
import type { Batch } from '../workloads/batch.ts'
import type { CountingSink } from './counting-sink.ts'
import type { LoadGenerator } from './load-generator.ts'
import { sequenceOf, withoutMarker } from './marker.ts'

/** Says whether every request was answered 200 and arrived exactly once. @returns the problems. */
export function checkDelivery(generator: LoadGenerator, sink: CountingSink): string[] {
  const problems = [...generator.problems, ...sink.problems]
  if (generator.accepted !== generator.issued)
    problems.push(`${generator.issued - generator.accepted} of ${generator.issued} requests were not accepted`)
  let missing = 0
  let repeated = 0
  for (let sequence = 0; sequence < generator.issued; sequence += 1) {
    const arrivals = sink.arrivals(sequence)
    if (arrivals === 0) missing += 1
    if (arrivals > 1) repeated += 1
  }
  if (missing > 0) problems.push(`${missing} batches did not arrive`)
  if (repeated > 0) problems.push(`${repeated} batches arrived more than once`)
  if (sink.distinct > generator.issued) problems.push('batches arrived that nobody had sent')
  return problems
}

/** Looks into the bodies that the sink kept, each against the batch that was sent. @returns the problems. */
export async function checkBodies(
  kept: readonly Buffer[],
  batches: readonly Batch[],
  openers: readonly NamedOpener[],
): Promise<string[]> {
  const problems = kept.length === 0 ? ['the sink kept no body to look into'] : []
  for (const body of kept) {
    const sequence = sequenceOf(body)
    const sent = sequence === undefined ? undefined : batches[sequence % batches.length]
    if (sent === undefined) problems.push('a body has no marker')
    else problems.push(...(await checkSealedBatch(sent, withoutMarker(body), openers)))
  }
  return problems
}
