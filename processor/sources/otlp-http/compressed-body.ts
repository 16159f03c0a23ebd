import type { IncomingMessage } from 'node:http'
import { FieldsealError } from '../../errors.ts'
import { freeBytes } from '../../pipeline/memory.ts'
import type { Compression } from '../inflation/decompression.ts'
import { describeDamage, Inflation, type InflationProblem } from '../inflation/inflation.ts'
import { type BodyLimits, chunks, tooLarge } from './chunks.ts'
import { type Refusal, refusal } from './refusal.ts'
import type { Room } from './room.ts'

/** Reads a compressed body, and decompresses it on the way: a chunk of it is released once it is decompressed. */
export async function readCompressed(
  request: IncomingMessage,
  length: number | undefined,
  compression: Compression,
  limits: BodyLimits,
  room: Room,
): Promise<Buffer | Refusal | undefined> {
  const inflation = new Inflation(compression, limits.inflated, room.reserve)
  const refusalOf = (problem: InflationProblem): Refusal => {
    if (problem === 'too large') return tooLarge('max_inflated', limits.inflated)
    if (problem === 'no room') return room.refusal as Refusal
    return refusal(400, new FieldsealError('FIELDSEAL_INPUT_MALFORMED', describeDamage(problem, compression)))
  }
  try {
    let wire = 0
    for await (const chunk of chunks(request)) {
      wire += chunk.length
      if (wire > limits.wire) return tooLarge('max_wire', limits.wire)
      // A length that was announced has been reserved as a whole.
      if (length === undefined && !room.reserve(chunk.length)) return room.refusal
      const problem = await inflation.write(chunk)
      if (problem !== undefined) return refusalOf(problem)
      room.give(chunk.length)
      freeBytes(chunk)
    }
    if (!request.complete) return undefined
    const problem = await inflation.finish()
    if (problem !== undefined) return refusalOf(problem)
    const bytes = inflation.join()
    room.reduceTo(bytes.length)
    return bytes
  } finally {
    inflation.close()
  }
}
