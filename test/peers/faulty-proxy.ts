import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { Random } from '../fuzz/random.ts'

/** What becomes of a connection, in bytes; without either it stays. */
export interface Course {
  /** The client is lost when it has sent so many, and has more to send. */
  readonly cutSent?: number
  /** The client is lost when it has read so many, and there is more to read. */
  readonly cutAnswered?: number
}

/** The largest piece in which something is passed on. */
const PIECE = 1500

/** Passes bytes on to a port, in pieces of any size, until it loses one side or the other. */
export class FaultyProxy {
  /** Connections that were cut, by the side whose bytes it was. */
  readonly cuts = { sent: 0, answered: 0 }
  pieces = 0
  readonly #sockets = new Set<Socket>()
  readonly #random: Random
  readonly #course: (random: Random) => Course
  readonly #target: number
  readonly #server = createServer((client) => this.#join(client))

  private constructor(target: number, seed: number, course: (random: Random) => Course) {
    this.#target = target
    this.#random = new Random(seed)
    this.#course = course
  }

  /** @param course - of each connection in turn. */
  static async start(target: number, seed: number, course: (random: Random) => Course = () => ({})) {
    const proxy = new FaultyProxy(target, seed, course)
    await once(proxy.#server.listen(0, '127.0.0.1'), 'listening')
    return proxy
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  #join(client: Socket): void {
    const server = connect({ port: this.#target, host: '127.0.0.1' })
    const course = this.#course(this.#random)
    for (const socket of [client, server]) {
      this.#sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => {})
      socket.on('close', () => {
        this.#sockets.delete(socket)
        client.destroy()
        server.destroy()
      })
    }
    const lose = (side: keyof FaultyProxy['cuts']) => {
      this.cuts[side] += 1
      // In one way or the other: FIN, or RST.
      for (const socket of [client, server]) this.#random.oneIn(2) ? socket.destroy() : socket.resetAndDestroy()
    }
    void this.#pass(client, server, course.cutSent, () => lose('sent')).catch(() => {})
    void this.#pass(server, client, course.cutAnswered, () => lose('answered')).catch(() => {})
  }

  async #pass(from: Socket, to: Socket, cut = Number.POSITIVE_INFINITY, lose: () => void): Promise<void> {
    let left = cut
    for await (const chunk of from as AsyncIterable<Buffer>) {
      for (let at = 0; at < chunk.length; ) {
        const length = Math.min(1 + this.#random.below(this.#random.pick([4, 100, PIECE])), chunk.length - at)
        const piece = chunk.subarray(at, at + Math.min(length, left))
        if (piece.length > 0 && !to.write(piece)) await once(to, 'drain')
        if (length > left) return lose()
        this.pieces += 1
        left -= length
        at += length
        await turn()
      }
    }
    to.end()
  }
}
