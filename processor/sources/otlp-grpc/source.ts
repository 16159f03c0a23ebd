import type { Server } from 'node:net'
import { BearerTokens, readTokens } from '../../http/tokens.ts'
import { Door } from '../door.ts'
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
  #door: Door | undefined

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
    return this.#door?.address ?? ''
  }

  async start(): Promise<void> {
    this.#tokens = new BearerTokens(readTokens(this.#settings.tokens))
    const door = new Door(this.#settings, this.#context, this.#tokens.required, 'tokens')
    // grpc-js takes a tenth of a second, and nobody else needs it.
    const { makeServer } = await import('./server.ts')
    const server = makeServer(this.#settings, this.#gate, this.#context.deliver)
    const listener = makeListener(this.#settings, door.credentials, {
      accepted: (socket) => this.#connections.accepted(socket),
      ready: (socket) => {
        if (this.#connections.ready(socket)) server.serve(socket)
      },
    })
    await door.open(listener)
    this.#door = door
    this.#server = server
    this.#listener = listener
  }

  /** Certificates and tokens; the rest is taken on at the next start. */
  reload({ tls, tokens }: OtlpGrpcSourceSettings): void {
    const credentials = this.#door?.read(tls)
    this.#tokens = new BearerTokens(readTokens(tokens))
    if (this.#door?.show(credentials) === true) this.#connections.dismiss()
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
