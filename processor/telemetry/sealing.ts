import { FieldsealError } from '../errors.ts'
import { type Recording, recorder } from './instruments.ts'

/** What is known of a batch before it is sealed. */
export interface SealingBatch {
  readonly format: string
  readonly bytes: number
  /** Names of actions, by id of the rule. */
  readonly actions: ReadonlyMap<string, string>
}

/** What is known of it afterwards. */
export interface SealingCounts {
  readonly records: number
  /** Values acted on, by id of the rule. */
  readonly values: ReadonlyMap<string, number>
  /** Values that rules in audit would have acted on, by id of the rule. */
  readonly audited: ReadonlyMap<string, number>
}

/**
 * Seals a batch and reports what came of it, once for the whole batch.
 *
 * @returns what `seal` returns; what it throws is thrown on.
 */
export function measureSealing<T extends SealingCounts>(batch: SealingBatch, seal: () => T): T {
  const recording = recorder()
  // To look at the clock is dear beside the line of a program, and nobody would get what it says.
  if (recording === undefined) return seal()
  const start = performance.now()
  try {
    const counts = seal()
    reportProcessed(recording, batch, counts, secondsSince(start))
    return counts
  } catch (error) {
    reportFailed(recording, batch, error, secondsSince(start))
    throw error
  }
}

function secondsSince(start: number): number {
  return (performance.now() - start) / 1000
}

function reportProcessed(
  recording: Recording,
  { format, bytes, actions }: SealingBatch,
  counts: SealingCounts,
  seconds: number,
): void {
  const attributes = { 'fieldseal.format': format, 'fieldseal.outcome': 'processed' } as const
  recording.add('fieldseal.sealing.batches', 1, attributes)
  recording.add('fieldseal.sealing.input.size', bytes, attributes)
  recording.record('fieldseal.sealing.duration', seconds, attributes)
  recording.add('fieldseal.sealing.records', counts.records, { 'fieldseal.format': format })
  addByRule(recording, 'fieldseal.sealing.values', counts.values, actions)
  addByRule(recording, 'fieldseal.sealing.audited', counts.audited, actions)
}

function addByRule(
  recording: Recording,
  name: 'fieldseal.sealing.values' | 'fieldseal.sealing.audited',
  byRule: ReadonlyMap<string, number>,
  actions: SealingBatch['actions'],
): void {
  for (const [id, count] of byRule) {
    const action = actions.get(id)
    if (action === undefined) continue
    recording.add(name, count, { 'fieldseal.rule.id': id, 'fieldseal.rule.action': action })
  }
}

function reportFailed(recording: Recording, { format, bytes }: SealingBatch, error: unknown, seconds: number): void {
  const attributes = {
    'fieldseal.format': format,
    'fieldseal.outcome': 'failed',
    // What others throw may quote a record, in its name as well: it is our fault, and named so.
    'error.type': error instanceof FieldsealError ? error.code : 'FIELDSEAL_INTERNAL',
  } as const
  recording.add('fieldseal.sealing.batches', 1, attributes)
  recording.add('fieldseal.sealing.input.size', bytes, attributes)
  recording.record('fieldseal.sealing.duration', seconds, attributes)
}
