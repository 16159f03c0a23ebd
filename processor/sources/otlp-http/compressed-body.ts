import type { IncomingMessage } from 'node:http'
import { FieldsealError } from '../../errors.ts'
import { freeBytes } from '../../pipeline/memory.ts'
import { type BodyLimits, chunks, joined, tooLarge } from './chunks.ts'
import { type Compression, type Decompressed, Decompression, LARGEST_WINDOW, WORKING_BYTES } from './decompression.ts'
import { type Refusal, refusal } from './refusal.ts'
import type { Room } from './room.ts'
import { Segments } from './segments.ts'
import { ZstdFrames } from './zstd-frames.ts'

/** Frames of one body; a client that makes one of each write has some hundred. */
const MOST_FRAMES = 4096

/** Reads a compressed body, and decompresses it on the way: a chunk of it is released once it is decompressed. */
export async function readCompressed(
  request: IncomingMessage,
  length: number | undefined,
  compression: Compression,
  limits: BodyLimits,
  room: Room,
): Promise<Buffer | Refusal | undefined> {
  if (!room.reserve(WORKING_BYTES[compression])) return room.refusal
  const segments = new Segments(room.reserve)
  let refused: Refusal | undefined
  const decompression = new Decompression(compression, (part) => {
    if (segments.length + part.length > limits.inflated) refused = tooLarge('max_inflated', limits.inflated)
    else if (!segments.add(part)) refused = room.refusal
    return refused === undefined
  })
  const frames = compression === 'zstd' ? new ZstdFrames() : undefined
  const refusalOf = (result: Decompressed): Refusal | undefined =>
    result === 'damaged' ? damaged(compression) : result === 'stopped' ? refused : undefined
  try {
    let wire = 0
    for await (const chunk of chunks(request)) {
      wire += chunk.length
      if (wire > limits.wire) return tooLarge('max_wire', limits.wire)
      // A length that was announced has been reserved as a whole.
      if (length === undefined && !room.reserve(chunk.length)) return room.refusal
      const problem = frames === undefined ? refusalOf(await decompression.write(chunk)) : await writeFrames(chunk)
      if (problem !== undefined) return problem
      room.give(chunk.length)
      freeBytes(chunk)
    }
    if (!request.complete) return undefined
    const problem = frames?.complete === false ? damaged(compression) : refusalOf(await decompression.finish())
    return problem ?? joined(segments, room)
  } finally {
    decompression.close()
  }

  /** Each frame by itself, and none whose window is not reserved. */
  async function writeFrames(chunk: Buffer): Promise<Refusal | undefined> {
    const parts = frames as ZstdFrames
    for (let at = 0; at < chunk.length; ) {
      const window = parts.window
      const end = parts.advance(chunk, at)
      if (end === undefined) return damaged('zstd')
      if (parts.window > LARGEST_WINDOW) return malformed('the zstd window is over 8 MiB (RFC 8878 section 3.1.1.1.2)')
      // Each costs a turn of a thread, however small it is.
      if (parts.count > MOST_FRAMES) return malformed(`more than ${MOST_FRAMES} zstd frames`)
      if (!room.reserve(parts.window - window)) return room.refusal
      const problem = refusalOf(await decompression.write(chunk.subarray(at, end)))
      if (problem !== undefined) return problem
      at = end
    }
    return undefined
  }
}

function damaged(compression: Compression): Refusal {
  return malformed(`the body is not ${compression}, or damaged`)
}

function malformed(message: string): Refusal {
  return refusal(400, new FieldsealError('FIELDSEAL_INPUT_MALFORMED', message))
}
