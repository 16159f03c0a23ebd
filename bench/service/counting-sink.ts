import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { HttpMessageReader } from './http-messages.ts'
import { MARKER_BYTES, sequenceOf } from './marker.ts'

const ACCEPTED = Buffer.from('HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: 0\r\n\r\n')

/** A backend that counts what arrives, by the marker at the end of each request, and answers 200. */
export class CountingSink {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #arrivals = new Map<number, number>()
  readonly #delayMs: number
  readonly #problems = new Set<string>()
  #bytes = 0
  #toKeep = 0
  #kept: Buffer[] = []

  private constructor(delayMs: number) {
    this.#delayMs = delayMs
    this.#server = createServer({ noDelay: true }, (socket) => this.#serve(socket))
  }

  /** @param delayMs - time that it lets each request wait for its answer. */
  static async listen(delayMs = 0): Promise<CountingSink> {
    const sink = new CountingSink(delayMs)
    sink.#server.listen(0, '127.0.0.1')
    await once(sink.#server, 'listening')
    return sink
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** Bytes of all bodies. */
  get bytes(): number {
    return this.#bytes
  }

  /** Requests with different markers. */
  get distinct(): number {
    return this.#arrivals.size
  }

  get problems(): readonly string[] {
    return [...this.#problems]
  }

  /** How often the request with that marker arrived. */
  arrivals(sequence: number): number {
    return this.#arrivals.get(sequence) ?? 0
  }

  /** Keeps the whole bodies of the next `count` requests. */
  keep(count: number): void {
    this.#toKeep = count
  }

  get kept(): readonly Buffer[] {
    return this.#kept
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
        pieces = this.#toKeep > 0 ? [] : undefined
        if (pieces !== undefined) this.#toKeep -= 1
      },
      body: (bytes) => {
        this.#bytes += bytes.length
        pieces?.push(Buffer.from(bytes))
        last = Buffer.concat([last, bytes.subarray(-MARKER_BYTES)]).subarray(-MARKER_BYTES)
      },
      end: () => {
        this.#arrived(last)
        if (pieces !== undefined) this.#kept.push(Buffer.concat(pieces))
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
        this.#problems.add(`the sink read ${(error as Error).message}`)
        socket.destroy()
      }
    })
  }

  #arrived(end: Buffer): void {
    const sequence = sequenceOf(end)
    if (sequence === undefined) this.#problems.add('a request came without its marker')
    else this.#arrivals.set(sequence, this.arrivals(sequence) + 1)
  }
}
