import { createSocket, type Socket } from 'node:dgram'
import { isIPv6 } from 'node:net'
import { FieldsealError } from '../../errors.ts'

/** Answers within a second, to all together: Fluentd asks once a second. */
const MOST_ANSWERS = 1000
const SECOND_MS = 1000

const ANSWER = Buffer.alloc(1)

/**
 * Answers heartbeats over UDP (Forward Protocol v1, "Heartbeat Message"): one byte for each datagram of one byte at least.
 * Addresses of datagrams can be forged, so it never sends more than it was sent, nor more than a thousand a second.
 */
export class Heartbeat {
  readonly #socket: Socket
  #second = 0
  #answers = 0

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('message', (bytes, { address, port }) => {
      if (bytes.length > 0 && port > 0 && this.#mayAnswer()) socket.send(ANSWER, port, address, () => {})
    })
    // A datagram that could not be sent says nothing of the others.
    socket.on('error', () => {})
  }

  /** @throws FieldsealError `FIELDSEAL_LISTEN_FAILED` */
  static listen(host: string, port: number, source: string): Promise<Heartbeat> {
    return new Promise((resolve, reject) => {
      const socket = createSocket({ type: isIPv6(host) ? 'udp6' : 'udp4' })
      socket.once('error', () => {
        socket.close()
        const message = `source ${source} cannot listen for heartbeats on UDP port ${port}`
        reject(new FieldsealError('FIELDSEAL_LISTEN_FAILED', message))
      })
      socket.bind(port, host, () => {
        socket.removeAllListeners('error')
        resolve(new Heartbeat(socket))
      })
    })
  }

  #mayAnswer(): boolean {
    const second = Math.floor(performance.now() / SECOND_MS)
    if (second !== this.#second) this.#answers = 0
    this.#second = second
    this.#answers += 1
    return this.#answers <= MOST_ANSWERS
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#socket.close(() => resolve()))
  }
}
