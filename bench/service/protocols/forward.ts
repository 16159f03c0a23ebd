import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { encodeAck } from '../../../processor/forward/ack.ts'
import { ValueScanner } from '../../../processor/forward/value-scanner.ts'
import { checkSealedEntries } from '../../checks/sealed-entries.ts'
import { forwardEntries } from '../../workloads/forward-entries.ts'
import { Arrivals } from '../arrivals.ts'
import { MARKER_BYTES, packed, readPacked, sequenceOf } from './forward-messages.ts'
import type { Backend, Protocol } from './protocol.ts'
import { SocketConnection } from './socket-connection.ts'

const LIMITS = { depth: 64, elements: 1 << 20, bytes: 64 << 20 }

/** Splits what comes over a connection into messages. */
function onMessages(socket: Socket, take: (message: Buffer) => void): void {
  const scanner = new ValueScanner(LIMITS)
  let pieces: Buffer[] = []
  socket.on('data', (chunk) => {
    for (let start = 0; start < chunk.length; ) {
      const end = scanner.advance(chunk, start)
      pieces.push(chunk.subarray(start, end < 0 ? chunk.length : end))
      if (end < 0) return
      take(pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces))
      pieces = []
      start = end
    }
  })
  // Whoever goes away shows as a request that has not arrived.
  socket.on('error', () => {})
}

class ForwardConnection extends SocketConnection {
  protected override open(): Socket {
    const socket = connect({ host: '127.0.0.1', port: this.port, noDelay: true })
    onMessages(socket, () => this.answered({ status: 200, retryAfterSeconds: undefined }))
    return socket
  }
}

async function listen(delayMs: number): Promise<Backend> {
  const arrivals = new Arrivals()
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    onMessages(socket, (message) => {
      const { entries, chunk } = readPacked(message)
      arrivals.bytes += message.length
      arrivals.count(sequenceOf(entries), arrivals.wantsNext() ? Buffer.from(entries) : undefined)
      if (chunk === undefined) return
      const answer = encodeAck(chunk)
      if (delayMs === 0) socket.write(answer)
      else setTimeout(() => socket.write(answer), delayMs)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = (): void => {
    server.close()
    for (const socket of sockets) socket.destroy()
  }
  return { port: (server.address() as AddressInfo).port, arrivals, close }
}

/** Fluent Forward: PackedForward with acknowledgements. */
export const forward: Protocol = {
  source: (port) => ({ type: 'forward', listen: `127.0.0.1:${port}` }),
  sink: (port) => ({ type: 'forward', endpoints: [`127.0.0.1:${port}`] }),
  batch: forwardEntries,
  request:
    ({ bytes }) =>
    (sequence) =>
      packed(bytes, sequence),
  connect: (port) => new ForwardConnection(port),
  listen,
  sequenceOf,
  check: (sent, body, openers) => checkSealedEntries(sent, body.subarray(0, -MARKER_BYTES), openers),
}
