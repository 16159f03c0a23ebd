import type { Server } from 'node:net'
import type { Server as TlsServer } from 'node:tls'
import { isDeepStrictEqual } from 'node:util'
import { isLoopback } from '../../config/network.ts'
import { FieldsealError } from '../../errors.ts'
import { readServerTls, type ServerCredentials } from '../../http/server-tls.ts'
import { BearerTokens, readTokens } from '../../http/tokens.ts'
import { addressOf, listen } from '../listening.ts'
import type { Source, SourceContext } from '../source.ts'
import { Connections } from './connections.ts'
import type { Gate } from './gate.ts'
import { makeListener } from './listener.ts'
import type { GrpcServer } from './server.ts'
import type { OtlpGrpcSourceSettings } from './settings.ts'

/** Takes batches by OTLP over gRPC. */
export function otlpGrpcSource(
  settings: OtlpGrpcSourceSettings,
  context: SourceContext,
): Source<OtlpGrpcSourceSettings> {
  return new OtlpGrpcSource(settings, context)
}

class OtlpGrpcSource implements Source<OtlpGrpcSourceSettings> {
  readonly #settings: OtlpGrpcSourceSettings
  readonly #context: SourceContext
  readonly #connections: Connections
  readonly #gate: Gate
  #listener: Server | undefined
  #server: GrpcServer | undefined
  #tokens = new BearerTokens([])
  #draining = false
  #drained: Promise<void> | undefined
  #credentials: ServerCredentials | undefined

  constructor(settings: OtlpGrpcSourceSettings, context: SourceContext) {
    this.#settings = settings
    this.#context = context
    this.#connections = new Connections(() => context.budget.connection(context.connectionBytes))
    this.#gate = {
      connection: (ends) => this.#connections.of(ends),
      limits: { wire: settings.max_wire, inflated: settings.max_inflated },
      room: { connection: context.connectionBytes, total: context.budget.limit },
      timeout: settings.request_timeout,
      tokens: () => this.#tokens,
      draining: () => this.#draining,
    }
  }

  get name(): string {
    return this.#context.name
  }

  get address(): string {
    return addressOf(this.#listener)
  }

  async start(): Promise<void> {
    const { listen: address, tls, tokens, insecure } = this.#settings
    const credentials = tls === undefined ? undefined : readServerTls(tls)
    this.#tokens = new BearerTokens(readTokens(tokens))
    const open = !this.#tokens.required && credentials?.ca === undefined && !isLoopback(address)
    // The configuration is checked for it, too; an open door is worth a second look.
    if (open && !insecure)
      throw this.#invalid('everyone who reaches the address could send records; set tokens, client_ca or insecure')
    // grpc-js takes a tenth of a second, and nobody else needs it.
    const { makeServer } = await import('./server.ts')
    const server = makeServer(this.#settings, this.#gate, this.#context.deliver)
    const listener = makeListener(this.#settings, credentials, {
      accepted: (socket) => this.#connections.accepted(socket),
      ready: (socket) => {
        if (this.#connections.ready(socket)) server.serve(socket)
      },
    })
    await listen(listener, address, this.name)
    listener.on('error', () => this.#context.log('source-failed', 'a listener has failed', { source: this.name }))
    this.#server = server
    this.#listener = listener
    this.#credentials = credentials
    if (open) this.#context.log('insecure', 'everyone who reaches the address can send records', this.#place)
  }

  #invalid(message: string): FieldsealError {
    return new FieldsealError('FIELDSEAL_CONFIG_INVALID', `source ${this.name}: ${message}`)
  }

  get #place() {
    return { source: this.name, address: this.address }
  }

  /** Certificates and tokens; the rest is taken on at the next start. */
  reload({ tls, tokens }: OtlpGrpcSourceSettings): void {
    const before = this.#settings.tls
    if (
      (tls === undefined) !== (before === undefined) ||
      (tls?.client_ca === undefined) !== (before?.client_ca === undefined)
    )
      throw this.#invalid('tls and client_ca are switched on and off by a restart')
    const accepted = new BearerTokens(readTokens(tokens))
    if (tls !== undefined) this.#renew(readServerTls(tls))
    this.#tokens = accepted
  }

  #renew(credentials: ServerCredentials): void {
    const listener = this.#listener as TlsServer | undefined
    listener?.setSecureContext(credentials)
    const before = this.#credentials
    this.#credentials = credentials
    if (isDeepStrictEqual(before?.ca, credentials.ca)) return
    // A certificate is looked at once, when its connection begins. Those that have begun were let in by the old list.
    this.#connections.dismiss()
  }

  drain(): Promise<void> {
    this.#draining = true
    this.#listener?.close()
    this.#server?.goAway()
    this.#drained ??= this.#connections.answered()
    return this.#drained
  }

  async close(): Promise<void> {
    this.#draining = true
    const listener = this.#listener
    if (listener === undefined) return
    await new Promise<void>((resolve) => {
      listener.close(() => resolve())
      this.#connections.destroy()
      this.#server?.close()
    })
  }
}
