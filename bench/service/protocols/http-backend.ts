import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { Arrivals } from '../arrivals.ts'
import { MARKER_BYTES, sequenceOf } from '../marker.ts'
import { HttpMessageReader } from './http-messages.ts'
import type { Backend } from './protocol.ts'

const ACCEPTED = Buffer.from('HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: 0\r\n\r\n')

/** A backend that counts what arrives, by the marker at the end of each request, and answers 200. */
export class HttpBackend implements Backend {
  readonly arrivals = new Arrivals()
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #delayMs: number

  private constructor(delayMs: number) {
    this.#delayMs = delayMs
    this.#server = createServer({ noDelay: true }, (socket) => this.#serve(socket))
  }

  static async listen(delayMs: number): Promise<HttpBackend> {
    const backend = new HttpBackend(delayMs)
    backend.#server.listen(0, '127.0.0.1')
    await once(backend.#server, 'listening')
    return backend
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  close(): void {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
  }

  #serve(socket: Socket): void {
    let pieces: Buffer[] | undefined
    let last: Buffer = Buffer.alloc(0)
    const reader = new HttpMessageReader({
      head: () => {
        last = Buffer.alloc(0)
        pieces = this.arrivals.wantsNext() ? [] : undefined
      },
      body: (bytes) => {
        this.arrivals.bytes += bytes.length
        pieces?.push(Buffer.from(bytes))
        last = Buffer.concat([last, bytes.subarray(-MARKER_BYTES)]).subarray(-MARKER_BYTES)
      },
      end: () => {
        this.arrivals.count(sequenceOf(last), pieces && Buffer.concat(pieces))
        if (this.#delayMs === 0) socket.write(ACCEPTED)
        else setTimeout(() => socket.write(ACCEPTED), this.#delayMs)
      },
    })
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket))
    // A client that goes away shows as a request that has not arrived.
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      try {
        reader.push(chunk)
      } catch (error) {
        this.arrivals.problem(`the sink read ${(error as Error).message}`)
        socket.destroy()
      }
    })
  }
}
