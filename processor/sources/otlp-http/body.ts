import type { IncomingMessage } from 'node:http'
import { freeBytes } from '../../pipeline/memory.ts'
import type { Compression } from '../inflation/decompression.ts'
import { Segments } from '../inflation/segments.ts'
import { type BodyLimits, chunks, joined, tooLarge } from './chunks.ts'
import { readCompressed } from './compressed-body.ts'
import type { Refusal } from './refusal.ts'
import type { Room } from './room.ts'

/** A body as its head announces it. */
export interface BodyHead {
  /** `Content-Length`; undefined for a body in chunks. */
  readonly length: number | undefined
  readonly compression: Compression | undefined
}

/** A body as it is kept, or why it is not; undefined where the client went away before its end. */
export type Body = Buffer | Refusal | undefined

/**
 * Reads a body. Its bytes are reserved before they are kept; after a refusal the rest is not read.
 *
 * @param head - its length, where there is one, is within the limits and has been reserved.
 */
export function readBody(request: IncomingMessage, head: BodyHead, limits: BodyLimits, room: Room): Promise<Body> {
  if (head.compression !== undefined) return readCompressed(request, head.length, head.compression, limits, room)
  return head.length === undefined ? readChunked(request, limits, room) : readSized(request, head.length)
}

/**
 * The way that most bytes take: into one buffer, copied once. Each chunk is freed at once; with the collector coming for
 * them the same request costs twice the processor time, most of it for fresh pages of memory.
 */
function readSized(request: IncomingMessage, length: number): Promise<Body> {
  return new Promise((resolve) => {
    const bytes = Buffer.allocUnsafeSlow(length)
    let at = 0
    request.on('data', (chunk: Buffer) => {
      bytes.set(chunk, at)
      at += chunk.length
      freeBytes(chunk)
    })
    // A buffer that is not full shows what lay in that memory before.
    request.once('end', () => resolve(at === length ? bytes : undefined))
    request.once('close', () => resolve(undefined))
  })
}

async function readChunked(request: IncomingMessage, limits: BodyLimits, room: Room): Promise<Body> {
  const segments = new Segments(room.reserve)
  const { setting, limit } = plainLimit(limits)
  for await (const chunk of chunks(request)) {
    if (segments.length + chunk.length > limit) return tooLarge(setting, limit)
    if (!segments.add(chunk)) return room.refusal
  }
  return request.complete ? joined(segments, room) : undefined
}

/** What is not compressed is under both limits. */
export function plainLimit({ wire, inflated }: BodyLimits): { setting: 'max_wire' | 'max_inflated'; limit: number } {
  return inflated < wire ? { setting: 'max_inflated', limit: inflated } : { setting: 'max_wire', limit: wire }
}
