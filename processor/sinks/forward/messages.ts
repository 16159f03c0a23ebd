import { convertTo } from '../../formats/conversion/index.ts'
import { DEFAULT_BODY_KEYS, type OutgoingBatch, type SinkContext } from '../sink.ts'
import type { ForwardSinkSettings } from './settings.ts'

/** A Forward message, in a batch of its own. */
export type Message = Pick<OutgoingBatch, 'bytes' | 'records'>

/**
 * The Forward messages that a batch is sent in: it itself where it is one, otherwise one for each tag.
 *
 * @throws FieldsealError where it has no form in Fluent Forward
 */
export function messagesOf(
  { bytes, format, records }: OutgoingBatch,
  { tag, otlp_metadata }: Pick<ForwardSinkSettings, 'tag' | 'otlp_metadata'>,
  { bodyKeys = DEFAULT_BODY_KEYS }: Pick<SinkContext, 'bodyKeys'>,
): readonly Message[] {
  if (format === 'forward') return [{ bytes, records }]
  const options = { bodyKeys, otlpMetadata: otlp_metadata, ...(tag === undefined ? {} : { tag }) }
  return convertTo('forward', { bytes, format, records }, options).messages
}
