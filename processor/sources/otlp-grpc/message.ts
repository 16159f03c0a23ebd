import type { Readable } from 'node:stream'
import { FieldsealError } from '../../errors.ts'
import { plainLimit } from '../otlp-http/body.ts'
import { type BodyLimits, tooLarge } from '../otlp-http/chunks.ts'
import type { Room } from '../otlp-http/room.ts'
import { RPC_CODES } from '../otlp-http/status.ts'
import { CompressedContent, type Content, PlainContent } from './content.ts'
import { type CallRefusal, callRefusal, invalid } from './refusal.ts'

/** Compressed-Flag of one byte, and Message-Length of four (gRPC over HTTP/2, "Length-Prefixed-Message"). */
const PREFIX_BYTES = 5

/**
 * Reads the one message of a call, inflated. Its bytes are reserved before they are kept.
 *
 * @param encoding - as `grpc-encoding` names it.
 * @returns undefined where the client went away before its end. After a refusal the rest is not read.
 */
export async function readMessage(
  stream: Readable,
  encoding: string,
  limits: BodyLimits,
  room: Room,
): Promise<Buffer | CallRefusal | undefined> {
  const message = new Message(encoding, limits, room)
  try {
    return (await writeAll(stream, message)) ?? (stream.readableEnded ? await message.finish() : undefined)
  } finally {
    message.close()
  }
}

/**
 * Resolves at the end of the stream, where the client goes away, and at a refusal.
 *
 * By events: a message comes in frames of 16 KiB (RFC 9113 section 4.2), and iterating over them costs more than keeping
 * them.
 */
function writeAll(stream: Readable, message: Message): Promise<CallRefusal | undefined> {
  return new Promise((resolve, reject) => {
    let inflating = false
    const leave = (): void => {
      stream.off('data', write).off('end', ended).off('close', ended)
      stream.pause()
    }
    const over = (refusal?: CallRefusal): void => {
      leave()
      resolve(refusal)
    }
    const failed = (error: unknown): void => {
      leave()
      reject(error)
    }
    const ended = (): void => {
      if (!inflating) over()
    }
    const written = (refusal: CallRefusal | undefined): void => {
      inflating = false
      // HTTP/2 asks a stream for its end even where it is paused.
      if (refusal !== undefined || stream.readableEnded || stream.destroyed) over(refusal)
      else stream.resume()
    }
    const write = (chunk: Buffer): void => {
      try {
        const result = message.write(chunk)
        if (result === undefined) return
        if (!(result instanceof Promise)) {
          over(result)
          return
        }
        inflating = true
        stream.pause()
        result.then(written, failed)
      } catch (error) {
        // Memory that the system does not give.
        failed(error)
      }
    }
    // grpc-js has paused it.
    stream.on('data', write).once('end', ended).once('close', ended).resume()
  })
}

class Message {
  readonly #encoding: string
  readonly #limits: BodyLimits
  readonly #room: Room
  readonly #prefix = Buffer.alloc(PREFIX_BYTES)
  #known = 0
  #left = 0
  #content: Content | undefined

  constructor(encoding: string, limits: BodyLimits, room: Room) {
    this.#encoding = encoding
    this.#limits = limits
    this.#room = room
  }

  write(chunk: Buffer): Promise<CallRefusal | undefined> | CallRefusal | undefined {
    let at = 0
    if (this.#content === undefined) {
      at = chunk.copy(this.#prefix, this.#known)
      this.#known += at
      if (this.#known < PREFIX_BYTES) return undefined
      const opened = this.#open()
      if ('code' in opened) return opened
      this.#content = opened
    }
    const part = at === 0 ? chunk : chunk.subarray(at)
    if (part.length > this.#left) return invalid('a call has one message')
    this.#left -= part.length
    return part.length === 0 ? undefined : this.#content.write(part)
  }

  finish(): Promise<Buffer | CallRefusal> | Buffer | CallRefusal {
    if (this.#content === undefined || this.#left > 0) return invalid('the message is not there as a whole')
    return this.#content.finish()
  }

  close(): void {
    this.#content?.close()
  }

  #open(): Content | CallRefusal {
    const flag = this.#prefix[0] as number
    const length = this.#prefix.readUInt32BE(1)
    if (flag > 1) return invalid('what came is no message of gRPC')
    this.#left = length
    if (flag === 0) {
      const { setting, limit } = plainLimit(this.#limits)
      return length > limit ? callRefusal(tooLarge(setting, limit)) : PlainContent.of(length, this.#room)
    }
    if (this.#encoding === 'identity') return invalid('the message is compressed, and no grpc-encoding says how')
    if (this.#encoding !== 'gzip' && this.#encoding !== 'deflate') {
      const error = new FieldsealError('FIELDSEAL_REQUEST_INVALID', 'the grpc-encoding is not known')
      return { code: RPC_CODES.UNIMPLEMENTED, error }
    }
    if (length > this.#limits.wire) return callRefusal(tooLarge('max_wire', this.#limits.wire))
    return new CompressedContent(this.#encoding, this.#limits.inflated, this.#room)
  }
}
