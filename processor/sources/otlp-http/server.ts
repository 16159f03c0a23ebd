import { createServer, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { ServerCredentials } from '../../http/server-tls.ts'
import type { OtlpHttpSourceSettings } from './settings.ts'

/** Bytes that Node keeps of a body that is not read at once, and of answers that are not sent. */
const HIGH_WATER_MARK = 4096

/** Milliseconds between two looks for connections that are too slow. */
const CHECK_MS = 1000

/** A server that does not listen yet, with its defences against slow clients and against too many. */
export function makeServer(settings: OtlpHttpSourceSettings, credentials: ServerCredentials | undefined): Server {
  const options = {
    headersTimeout: settings.headers_timeout,
    requestTimeout: settings.request_timeout,
    keepAliveTimeout: settings.idle_timeout,
    connectionsCheckingInterval: Math.min(CHECK_MS, settings.headers_timeout),
    highWaterMark: HIGH_WATER_MARK,
    noDelay: true,
  }
  const server =
    credentials === undefined
      ? createServer(options)
      : createTlsServer({
          ...options,
          ...credentials,
          handshakeTimeout: settings.headers_timeout,
          requestCert: credentials.ca !== undefined,
          rejectUnauthorized: credentials.ca !== undefined,
        })
  server.maxConnections = settings.max_connections
  return server as Server
}
