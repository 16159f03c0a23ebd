import { connect, isIP, type Socket } from 'node:net'
import { checkServerIdentity, type SecureContext, connect as tlsConnect } from 'node:tls'
import type { ListenAddress } from '../../config/network.ts'

/** Milliseconds after which the system asks whether the other side is still there, so that nothing between forgets it. */
const KEEPALIVE_MS = 15_000

export interface Tls {
  readonly context: SecureContext
  /** Name that the certificate must have; by default the host of the endpoint. */
  readonly serverName: string | undefined
}

/** Opens a socket. @param ready - called once it is connected, over TLS once the certificate has been checked. */
export function dial({ host, port }: ListenAddress, tls: Tls | undefined, ready: () => void): Socket {
  const socket = tls === undefined ? connect({ host, port }, ready) : dialTls(host, port, tls, ready)
  return socket.setNoDelay(true).setKeepAlive(true, KEEPALIVE_MS)
}

function dialTls(host: string, port: number, { context, serverName }: Tls, ready: () => void): Socket {
  const name = serverName ?? host
  return tlsConnect(
    {
      host,
      port,
      secureContext: context,
      // An address is no server name (RFC 6066 section 3).
      ...(isIP(name) === 0 ? { servername: name } : {}),
      checkServerIdentity: (_host, certificate) => checkServerIdentity(name, certificate),
      // Said here, since NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment would otherwise turn it off.
      rejectUnauthorized: true,
    },
    ready,
  )
}
