/** What is told of the messages on one connection, in order. */
export interface MessageParts {
  /** Start line and headers, without the empty line. */
  head(text: string): void
  /** A piece of the body. The bytes are the caller's again once this has returned. */
  body(bytes: Buffer): void
  end(): void
}

const HEAD_END = Buffer.from('\r\n\r\n')
const CONTENT_LENGTH = /^content-length:[ \t]*(\d+)/im

/**
 * Splits the bytes of a connection into HTTP/1.1 messages (RFC 9112) whose body is framed by `Content-Length`. Both ends
 * of the benchmark read with it: node:http would cost the generator more than it costs the service to be measured.
 */
export class HttpMessageReader {
  readonly #parts: MessageParts
  /** The beginning of a head that has not ended. */
  #beginning: Buffer | undefined
  /** Bytes of the body that are to come; undefined between messages. */
  #left: number | undefined

  constructor(parts: MessageParts) {
    this.#parts = parts
  }

  /** @throws `Error` where a message is framed in another way. */
  push(chunk: Buffer): void {
    let rest = chunk
    while (rest.length > 0) rest = this.#left === undefined ? this.#readHead(rest) : this.#readBody(rest, this.#left)
  }

  #readHead(chunk: Buffer): Buffer {
    const bytes = this.#beginning === undefined ? chunk : Buffer.concat([this.#beginning, chunk])
    const end = bytes.indexOf(HEAD_END)
    if (end < 0) {
      this.#beginning = Buffer.from(bytes)
      return bytes.subarray(bytes.length)
    }
    this.#beginning = undefined
    const head = bytes.toString('latin1', 0, end)
    const length = CONTENT_LENGTH.exec(head)?.[1]
    if (length === undefined) throw new Error('a message without Content-Length')
    this.#parts.head(head)
    this.#left = Number(length)
    if (this.#left === 0) this.#end()
    return bytes.subarray(end + HEAD_END.length)
  }

  #readBody(chunk: Buffer, left: number): Buffer {
    const piece = chunk.length > left ? chunk.subarray(0, left) : chunk
    this.#left = left - piece.length
    this.#parts.body(piece)
    if (this.#left === 0) this.#end()
    return chunk.subarray(piece.length)
  }

  #end(): void {
    this.#left = undefined
    this.#parts.end()
  }
}
