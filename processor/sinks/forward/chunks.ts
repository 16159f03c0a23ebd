import { randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { ConvertedMessage } from '../../formats/conversion/index.ts'
import { isPackable, packedEntries, packedMessage, plainMessage, readMessage } from './message.ts'
import type { ForwardSinkSettings } from './settings.ts'
import type { Chunk } from './transmission.ts'

/** zlib's fastest, in pieces so large that a batch takes few turns in the thread pool. */
const GZIP = { level: 1, chunkSize: 128 * 1024 } as const

const ID_BYTES = 16

const compress = promisify(gzip)

export type ChunkSettings = Pick<ForwardSinkSettings, 'compression' | 'require_ack' | 'tag'>

/** A message that can be sent as often as it takes: it is the same chunk each time, so that a receiver can tell. */
export type PreparedChunk = Pick<Chunk, 'id' | 'parts'>

/** @throws FieldsealError where it is no message of Fluent Forward */
export async function prepareChunk(
  { bytes, records }: ConvertedMessage,
  { compression, require_ack: acknowledged, tag }: ChunkSettings,
): Promise<PreparedChunk> {
  const message = readMessage(bytes)
  // Nobody can guess it.
  const id = acknowledged ? randomBytes(ID_BYTES).toString('base64') : undefined
  const envelope = {
    tag: tag === undefined ? message.tag : Buffer.from(tag),
    chunk: id,
    size: message.size ?? records,
    options: message.options,
  }
  if (!isPackable(message)) return { id, parts: plainMessage(envelope, message.entries) }
  const entries = packedEntries(message)
  if (compression === 'none') return { id, parts: packedMessage(envelope, entries, false) }
  const compressed = await compress(entries.length === 1 ? entries[0]! : Buffer.concat(entries), GZIP)
  return { id, parts: packedMessage(envelope, [compressed], true) }
}
