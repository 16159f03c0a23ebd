import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { ServerCredentials } from '../../http/server-tls.ts'
import type { ForwardSourceSettings } from './settings.ts'

/** Milliseconds after which the system asks a client that says nothing whether it is there. */
const PROBE_MS = 60_000

/**
 * A server that does not listen yet. Clients that have said all that they want to say are still to be answered
 * (`allowHalfOpen`).
 */
export function makeServer(
  settings: ForwardSourceSettings,
  credentials: ServerCredentials | undefined,
  connected: (socket: Socket) => void,
): Server {
  const options = { allowHalfOpen: true, noDelay: true, keepAlive: true, keepAliveInitialDelay: PROBE_MS }
  const server =
    credentials === undefined
      ? createServer(options, connected)
      : createTlsServer(
          {
            ...options,
            ...credentials,
            handshakeTimeout: settings.handshake_timeout,
            requestCert: credentials.ca !== undefined,
            rejectUnauthorized: credentials.ca !== undefined,
          },
          connected,
        )
  server.maxConnections = settings.max_connections
  return server
}
