import { isLoopback, type ListenAddress } from './network.ts'
import type { Settings } from './schema.ts'
import type { DocumentPath } from './yaml-document.ts'

/** An address that the service listens on, and where it is set. */
export interface Listener {
  /** As messages name it: `source "otlp"`. */
  readonly owner: string
  readonly path: DocumentPath
  readonly address: ListenAddress
}

/** All of them, in the order of the reference: the admin listener, then the sources. */
export function listenersOf({ service, sources }: Settings): Listener[] {
  const listeners: Listener[] = []
  if ('listen' in service.admin)
    listeners.push({ owner: 'service.admin', path: ['service', 'admin', 'listen'], address: service.admin.listen })
  for (const [name, source] of Object.entries(sources)) {
    // Files and standard input do not listen.
    if (!('listen' in source)) continue
    listeners.push({ owner: `source "${name}"`, path: ['sources', name, 'listen'], address: source.listen })
  }
  return listeners
}

/** Whether only one of both can be had. Port 0 is another one each time. */
export function collide(left: ListenAddress, right: ListenAddress): boolean {
  if (left.port === 0 || left.port !== right.port) return false
  return isWildcard(left) || isWildcard(right) || sameHost(left, right)
}

/** Whether what is sent to `target` arrives at the listener, as far as names and numbers tell. */
export function reaches(target: ListenAddress, listen: ListenAddress): boolean {
  if (target.port === 0 || target.port !== listen.port) return false
  return sameHost(target, listen) || (isWildcard(listen) && isLoopback(target))
}

function sameHost(left: ListenAddress, right: ListenAddress): boolean {
  const [one, other] = [left.host.toLowerCase(), right.host.toLowerCase()]
  if (one === other) return true
  // The name stands for either address of the machine itself.
  const named = one === 'localhost' || other === 'localhost'
  return named && [one, other].every((host) => ['localhost', '127.0.0.1', '::1'].includes(host))
}

/** All addresses of the machine; `::` takes IPv4 too. */
function isWildcard({ host }: ListenAddress): boolean {
  return host === '0.0.0.0' || host === '::'
}
