import type { Server, Socket } from 'node:net'
import { FieldsealError } from '../../errors.ts'
import { Door } from '../door.ts'
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
  #door: Door | undefined
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
    return this.#door?.address ?? ''
  }

  /** Messages by what became of them, since the start. */
  counts(): ForwardCounts {
    return this.#tally.counts
  }

  async start(): Promise<void> {
    const { listen: address, security, udp_heartbeat } = this.#settings
    const door = new Door(this.#settings, this.#context, security !== undefined, 'security')
    this.#credentials = security === undefined ? undefined : readCredentials(this.name, security)
    const server = makeServer(this.#settings, door.credentials, (socket) => this.#connected(socket))
    this.#connections.watch(server)
    // Who begins no handshake of TLS, or ends it, was looking whether somebody is there: Fluentd does, each second.
    server.on('tlsClientError', () => {})
    await door.open(server)
    this.#door = door
    this.#server = server
    if (udp_heartbeat) await this.#listenForHeartbeats(server, address.host)
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
    if ((security === undefined) !== (this.#settings.security === undefined))
      throw this.#invalid('security is switched on and off by a restart')
    const served = this.#door?.read(tls)
    const before = this.#credentials
    this.#credentials = security === undefined ? undefined : readCredentials(this.name, security)
    const others = this.#door?.show(served) === true
    // Who was let in by what held before is not let in by what holds now: they come again.
    if (others || !sameCredentials(before, this.#credentials)) this.#connections.dismiss()
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
