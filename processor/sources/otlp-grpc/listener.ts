import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TLSSocket, type Server as TlsServer } from 'node:tls'
import type { ServerCredentials } from '../../http/server-tls.ts'
import type { OtlpGrpcSourceSettings } from './settings.ts'

/** Where sockets go to. */
export interface Reception {
  /** One that has been accepted, and of which no more is known. */
  accepted(socket: Socket): void
  /** One that can carry HTTP/2: after the handshake, where there is one. */
  ready(socket: Socket): void
}

/**
 * What listens in front of the gRPC server, which does neither: it limits the number of connections and the time of a
 * handshake, and takes another certificate while it runs.
 */
export function makeListener(
  { max_connections: maxConnections, handshake_timeout: handshakeTimeout }: OtlpGrpcSourceSettings,
  credentials: ServerCredentials | undefined,
  reception: Reception,
): Server {
  const server = credentials === undefined ? createServer({ noDelay: true }) : tlsServer(credentials, handshakeTimeout)
  server.maxConnections = maxConnections
  server.on('connection', (socket: Socket) => {
    // A reset is an end like any other.
    socket.on('error', () => {})
    reception.accepted(socket)
    if (credentials === undefined) reception.ready(socket)
  })
  server.on('secureConnection', (socket: TLSSocket) => {
    socket.on('error', () => {})
    // RFC 9113 section 3.2: HTTP/2 over TLS is agreed on by ALPN.
    if (socket.alpnProtocol === 'h2') reception.ready(socket)
    else socket.destroy()
  })
  return server
}

function tlsServer(credentials: ServerCredentials, handshakeTimeout: number): TlsServer {
  const mutual = credentials.ca !== undefined
  const server = createTlsServer({
    ...credentials,
    handshakeTimeout,
    requestCert: mutual,
    rejectUnauthorized: mutual,
    ALPNProtocols: ['h2'],
    noDelay: true,
  })
  server.on('tlsClientError', (_error, socket) => socket.destroy())
  return server
}
