import type { NamedOpener } from '../checks/sealed-batch.ts'
import type { Batch } from '../workloads/batch.ts'
import type { Arrivals } from './arrivals.ts'
import type { LoadGenerator } from './load-generator.ts'
import type { Protocol } from './protocols/protocol.ts'

/** Says whether every request was answered 200 and arrived exactly once. @returns the problems. */
export function checkDelivery(generator: LoadGenerator, arrivals: Arrivals): string[] {
  const problems = [...generator.problems, ...arrivals.problems]
  if (generator.accepted !== generator.issued)
    problems.push(`${generator.issued - generator.accepted} of ${generator.issued} requests were not accepted`)
  let missing = 0
  let repeated = 0
  for (let sequence = 0; sequence < generator.issued; sequence += 1) {
    const times = arrivals.of(sequence)
    if (times === 0) missing += 1
    if (times > 1) repeated += 1
  }
  if (missing > 0) problems.push(`${missing} batches did not arrive`)
  if (repeated > 0) problems.push(`${repeated} batches arrived more than once`)
  if (arrivals.distinct > generator.issued) problems.push('batches arrived that nobody had sent')
  return problems
}

/** Looks into the bodies that the sink kept, each against the batch that was sent. @returns the problems. */
export async function checkBodies(
  protocol: Protocol,
  kept: readonly Buffer[],
  batches: readonly Batch[],
  openers: readonly NamedOpener[],
): Promise<string[]> {
  const problems = kept.length === 0 ? ['the sink kept no body to look into'] : []
  for (const body of kept) {
    const sequence = protocol.sequenceOf(body)
    const sent = sequence === undefined ? undefined : batches[sequence % batches.length]
    if (sent === undefined) problems.push('a body has no marker')
    else problems.push(...(await protocol.check(sent, body, openers)))
  }
  return problems
}
