import { connect, type Socket } from 'node:net'
import { HttpMessageReader } from './http-messages.ts'
import type { Answer, Connection } from './protocol.ts'

const STATUS = /^HTTP\/1\.1 (\d{3})/
const RETRY_AFTER = /^retry-after:[ \t]*(\d+)/im
const CLOSES = /^connection:[ \t]*close/im
/** Bytes of an answer that are read at once; the buffer is used again and again. */
const READ_BYTES = 16_384

/** A keep-alive connection with one request at a time. It connects when it is used, and again after it was closed. */
export class HttpConnection implements Connection {
  readonly #port: number
  #socket: Socket | undefined
  #settle: { answered: (answer: Answer) => void; lost: (error: Error) => void } | undefined

  constructor(port: number) {
    this.#port = port
  }

  /** @throws `Error` where the connection ends before the answer does. */
  async exchange(parts: readonly Buffer[]): Promise<Answer> {
    this.#socket ??= await this.#connect()
    const socket = this.#socket
    return new Promise((answered, lost) => {
      this.#settle = { answered, lost }
      socket.cork()
      for (const part of parts) socket.write(part)
      socket.uncork()
    })
  }

  close(): void {
    this.#socket?.destroy()
  }

  #connect(): Promise<Socket> {
    let answer: Answer = { status: 0, retryAfterSeconds: undefined }
    let closes = false
    const reader = new HttpMessageReader({
      head: (head) => {
        const wait = RETRY_AFTER.exec(head)?.[1]
        answer = {
          status: Number(STATUS.exec(head)?.[1] ?? 0),
          retryAfterSeconds: wait === undefined ? undefined : Number(wait),
        }
        closes = CLOSES.test(head)
      },
      body: () => {},
      end: () => {
        if (closes) this.#forget(socket)
        this.#settle?.answered(answer)
        this.#settle = undefined
      },
    })
    const buffer = Buffer.allocUnsafe(READ_BYTES)
    const callback = (bytes: number): boolean => {
      try {
        reader.push(buffer.subarray(0, bytes))
      } catch (error) {
        socket.destroy(error as Error)
      }
      return true
    }
    const socket = connect({
      host: '127.0.0.1',
      port: this.#port,
      noDelay: true,
      onread: { buffer, callback },
    })
    return new Promise((connected, failed) => {
      const ended = (error = new Error('the connection was closed')): void => {
        this.#forget(socket)
        failed(error)
        this.#settle?.lost(error)
        this.#settle = undefined
      }
      socket.once('connect', () => connected(socket))
      socket.on('error', ended)
      socket.on('end', ended)
      socket.on('close', () => ended())
    })
  }

  /** The next request gets a connection of its own. */
  #forget(socket: Socket): void {
    if (this.#socket === socket) this.#socket = undefined
    socket.destroy()
  }
}
