import { connect, type Socket } from 'node:net'
import { HttpMessageReader } from './http-messages.ts'
import type { Answer } from './protocol.ts'
import { SocketConnection } from './socket-connection.ts'

const STATUS = /^HTTP\/1\.1 (\d{3})/
const RETRY_AFTER = /^retry-after:[ \t]*(\d+)/im
const CLOSES = /^connection:[ \t]*close/im
/** Bytes of an answer that are read at once; the buffer is used again and again. */
const READ_BYTES = 16_384

/** A keep-alive connection (RFC 9112 section 9.3). */
export class HttpConnection extends SocketConnection {
  protected override open(): Socket {
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
        if (closes) this.forget(socket)
        this.answered(answer)
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
    const socket = connect({ host: '127.0.0.1', port: this.port, noDelay: true, onread: { buffer, callback } })
    return socket
  }
}
