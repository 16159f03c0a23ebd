import { checkSinks } from './check-sinks.ts'
import { checkSources } from './check-sources.ts'
import type { Findings } from './findings.ts'
import { collide, listenersOf } from './listeners.ts'
import { isLoopback } from './network.ts'
import type { Settings } from './schema.ts'

/** A path of a unix socket must fit into `sun_path` of 108 bytes, with its end (unix(7)). */
const LONGEST_SOCKET_PATH = 107

/** Checks what is set of service, sources and sinks against each other. Paths are absolute already. */
export function checkService(settings: Settings, findings: Findings): void {
  checkAdmin(settings, findings)
  const { connection, total } = settings.service.in_flight
  if (connection > total)
    findings.issue(['service', 'in_flight', 'connection'], 'connection is larger than total, which includes it')
  checkListeners(settings, findings)
  checkSources(settings, findings)
  checkSinks(settings, findings)
}

function checkAdmin({ service: { admin } }: Settings, findings: Findings): void {
  if ('listen' in admin && !isLoopback(admin.listen)) {
    const message = 'the admin listener is for this machine alone: expected a loopback address'
    findings.issue(['service', 'admin', 'listen'], message, 'such as 127.0.0.1:8890')
  }
  if ('socket' in admin && Buffer.byteLength(admin.socket) > LONGEST_SOCKET_PATH) {
    const message = `with its folder, the path of a socket has at most ${LONGEST_SOCKET_PATH} bytes`
    findings.issue(['service', 'admin', 'socket'], message)
  }
}

function checkListeners(settings: Settings, findings: Findings): void {
  const listeners = listenersOf(settings)
  for (const [index, { path, address }] of listeners.entries()) {
    const first = listeners.slice(0, index).find((other) => collide(other.address, address))
    if (first !== undefined) findings.issue(path, `${first.owner} listens on this address and port`)
  }
}
