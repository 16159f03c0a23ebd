import { internal } from '../retry/attempt.ts'
import type { OutgoingBatch } from '../sink.ts'

/**
 * The Forward messages that a batch is sent in.
 *
 * @throws FieldsealError where it has no form in Fluent Forward
 */
export function messagesOf(
  { bytes, format, records }: OutgoingBatch,
  sink: string,
): readonly Pick<OutgoingBatch, 'bytes' | 'records'>[] {
  if ((format as string) === 'forward') return [{ bytes, records }]
  throw internal(`sink ${sink} was given a batch that is not Fluent Forward`)
}
