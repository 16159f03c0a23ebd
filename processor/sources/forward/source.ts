import type { Server, Socket } from 'node:net'
import type { Server as TlsServer } from 'node:tls'
import { isDeepStrictEqual } from 'node:util'
import { isLoopback } from '../../config/network.ts'
import { FieldsealError } from '../../errors.ts'
import { readServerTls, type ServerCredentials } from '../../http/server-tls.ts'
import { addressOf, listen } from '../listening.ts'
import type { Source, SourceContext } from '../source.ts'
import { Connections } from './connections.ts'
import { type Credentials, readCredentials, sameCredentials } from './credentials.ts'
import { Heartbeat } from './heartbeat.ts'
import { makeServer } from './server.ts'
import type { ForwardSourceSettings } from './settings.ts'
import { type ForwardCounts, Tally } from './tally.ts'

/** Takes messages of Fluent Forward, over TCP and TLS. */
export function forwardSource(settings: ForwardSourceSettings, context: SourceContext): ForwardSource {
  return new ForwardSource(settings, context)
}

export class ForwardSource implements Source<ForwardSourceSettings> {
  readonly #settings: ForwardSourceSettings
  readonly #context: SourceContext
  readonly #tally: Tally
  readonly #connections: Connections
  #server: Server | undefined
  #heartbeat: Heartbeat | undefined
  #tls: ServerCredentials | undefined
  #credentials: Credentials | undefined
  #drained: Promise<void> | undefined

  constructor(settings: ForwardSourceSettings, context: SourceContext) {
    this.#settings = settings
    this.#context = context
    this.#tally = new Tally(context.name, context.log)
    this.#connections = new Connections(settings, context, this.#tally)
  }

  get name(): string {
    return this.#context.name
  }

  get address(): string {
    return addressOf(this.#server)
  }

  /** Messages by what became of them, since the start. */
  counts(): ForwardCounts {
    return this.#tally.counts
  }

  async start(): Promise<void> {
    const { listen: address, tls, security, insecure, udp_heartbeat } = this.#settings
    const credentials = tls === undefined ? undefined : readServerTls(tls)
    this.#credentials = security === undefined ? undefined : readCredentials(this.name, security)
    const open = security === undefined && credentials?.ca === undefined && !isLoopback(address)
    // The configuration is checked for it, too; an open door is worth a second look.
    if (open && !insecure)
      throw this.#invalid('everyone who reaches the address could send records; set security, client_ca or insecure')
    const server = makeServer(this.#settings, credentials, (socket) => this.#connected(socket))
    this.#connections.watch(server)
    // Who begins no handshake of TLS, or ends it, was looking whether somebody is there: Fluentd does, each second.
    server.on('tlsClientError', () => {})
    await listen(server, address, this.name)
    server.on('error', () => this.#context.log('source-failed', 'a listener has failed', { source: this.name }))
    this.#server = server
    this.#tls = credentials
    if (udp_heartbeat) await this.#listenForHeartbeats(server, address.host)
    if (open) {
      const place = { source: this.name, address: this.address }
      this.#context.log('insecure', 'everyone who reaches the address can send records', place)
    }
  }

  async #listenForHeartbeats(server: Server, host: string): Promise<void> {
    const address = server.address()
    if (typeof address !== 'object' || address === null) return
    this.#heartbeat = await Heartbeat.listen(host === 'localhost' ? address.address : host, address.port, this.name)
  }

  #invalid(message: string): FieldsealError {
    return new FieldsealError('FIELDSEAL_CONFIG_INVALID', `source ${this.name}: ${message}`)
  }

  #connected(socket: Socket): void {
    this.#connections.add(socket, this.#credentials)
  }

  /** Certificates, keys and passwords; the rest is taken on at the next start. */
  reload({ tls, security }: ForwardSourceSettings): void {
    const before = this.#settings
    if (
      (tls === undefined) !== (before.tls === undefined) ||
      (tls?.client_ca === undefined) !== (before.tls?.client_ca === undefined) ||
      (security === undefined) !== (before.security === undefined)
    )
      throw this.#invalid('tls, client_ca and security are switched on and off by a restart')
    const credentials = security === undefined ? undefined : readCredentials(this.name, security)
    const served = tls === undefined ? undefined : readServerTls(tls)
    if (served !== undefined) (this.#server as TlsServer | undefined)?.setSecureContext(served)
    // Who was let in by what held before is not let in by what holds now: they come again.
    const same = sameCredentials(this.#credentials, credentials) && isDeepStrictEqual(this.#tls?.ca, served?.ca)
    this.#credentials = credentials
    this.#tls = served
    if (!same) this.#connections.dismiss()
  }

  drain(): Promise<void> {
    this.#server?.close()
    this.#drained ??= this.#connections.finish()
    return this.#drained
  }

  async close(): Promise<void> {
    const server = this.#server
    this.#connections.destroy()
    this.#tally.tellRest()
    const heartbeat = this.#heartbeat
    this.#heartbeat = undefined
    await heartbeat?.close()
    if (server?.listening === true) await new Promise<void>((resolve) => server.close(() => resolve()))
  }
}
