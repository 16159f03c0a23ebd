import type { IncomingMessage } from 'node:http'
import { FieldsealError } from '../../errors.ts'
import type { Segments } from '../inflation/segments.ts'
import { type Refusal, refusal } from './refusal.ts'
import type { Room } from './room.ts'

/** Largest number of bytes of a request, as it is sent and decompressed. */
export interface BodyLimits {
  readonly wire: number
  readonly inflated: number
}

/** Ends, too, where the client goes away: `request.complete` tells. What is left by a refusal stays unread. */
export async function* chunks(request: IncomingMessage): AsyncGenerator<Buffer> {
  try {
    yield* request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>
  } catch {
    // The connection was closed, or what came was not HTTP.
  }
}

export function joined(segments: Segments, room: Room): Buffer {
  const bytes = segments.join()
  room.reduceTo(bytes.length)
  return bytes
}

export function tooLarge(setting: keyof typeof LIMIT_NAMES, limit: number): Refusal {
  const message = `the request is over ${setting} (${limit} bytes${LIMIT_NAMES[setting]})`
  return refusal(413, new FieldsealError('FIELDSEAL_INPUT_TOO_LARGE', message))
}

const LIMIT_NAMES = { max_wire: ' as sent', max_inflated: ' decompressed' } as const
