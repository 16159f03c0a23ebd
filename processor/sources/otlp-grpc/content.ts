import { FieldsealError } from '../../errors.ts'
import { describeDamage, Inflation, type InflationProblem } from '../inflation/inflation.ts'
import { tooLarge } from '../otlp-http/chunks.ts'
import type { Room } from '../otlp-http/room.ts'
import { RPC_CODES } from '../otlp-http/status.ts'
import { type CallRefusal, callRefusal } from './refusal.ts'

export type Encoding = 'gzip' | 'deflate'

/** A message as it is kept. Bytes are asked for before they are. */
export interface Content {
  write(part: Buffer): Promise<CallRefusal | undefined> | undefined
  finish(): Promise<Buffer | CallRefusal> | Buffer
  close(): void
}

/** One buffer, filled as the bytes come. */
export class PlainContent implements Content {
  readonly #bytes: Buffer
  #at = 0

  private constructor(length: number) {
    this.#bytes = Buffer.allocUnsafeSlow(length)
  }

  static of(length: number, room: Room): PlainContent | CallRefusal {
    return room.reserve(length) ? new PlainContent(length) : refusalOf(room)
  }

  write(part: Buffer): undefined {
    this.#bytes.set(part, this.#at)
    this.#at += part.length
  }

  finish(): Buffer {
    return this.#bytes
  }

  close(): void {}
}

/** Inflated as it comes: a part of it is held no longer than that takes. */
export class CompressedContent implements Content {
  readonly #encoding: Encoding
  readonly #limit: number
  readonly #room: Room
  readonly #inflation: Inflation

  constructor(encoding: Encoding, limit: number, room: Room) {
    this.#encoding = encoding
    this.#limit = limit
    this.#room = room
    this.#inflation = new Inflation(encoding, limit, room.reserve)
  }

  async write(part: Buffer): Promise<CallRefusal | undefined> {
    if (!this.#room.reserve(part.length)) return refusalOf(this.#room)
    const problem = await this.#inflation.write(part)
    this.#room.give(part.length)
    return problem === undefined ? undefined : this.#refusalOf(problem)
  }

  async finish(): Promise<Buffer | CallRefusal> {
    const problem = await this.#inflation.finish()
    if (problem !== undefined) return this.#refusalOf(problem)
    const bytes = this.#inflation.join()
    this.#room.reduceTo(bytes.length)
    return bytes
  }

  close(): void {
    this.#inflation.close()
  }

  #refusalOf(problem: InflationProblem): CallRefusal {
    if (problem === 'too large') return callRefusal(tooLarge('max_inflated', this.#limit))
    if (problem === 'no room') return refusalOf(this.#room)
    const error = new FieldsealError('FIELDSEAL_INPUT_MALFORMED', describeDamage(problem, this.#encoding))
    return { code: RPC_CODES.INVALID_ARGUMENT, error }
  }
}

/** @param room - has refused. */
function refusalOf(room: Room): CallRefusal {
  return callRefusal(room.refusal as Exclude<Room['refusal'], undefined>)
}
