import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { BearerTokens, readTokens } from '../../http/tokens.ts'
import { Door } from '../door.ts'
import type { Source, SourceContext } from '../source.ts'
import { Connections } from './connections.ts'
import { answerRequest, type Expectation, type Reception } from './requests.ts'
import { makeServer } from './server.ts'
import type { OtlpHttpSourceSettings } from './settings.ts'
import { answerWireError } from './wire-error.ts'

/** Takes batches by OTLP over HTTP/1.1: protobuf and JSON on one port. */
export function otlpHttpSource(
  settings: OtlpHttpSourceSettings,
  context: SourceContext,
): Source<OtlpHttpSourceSettings> {
  return new OtlpHttpSource(settings, context)
}

class OtlpHttpSource implements Source<OtlpHttpSourceSettings> {
  readonly #settings: OtlpHttpSourceSettings
  readonly #context: SourceContext
  readonly #reception: Reception
  readonly #connections: Connections
  #server: Server | undefined
  #tokens = new BearerTokens([])
  #draining = false
  #drained: Promise<void> | undefined
  #door: Door | undefined

  constructor(settings: OtlpHttpSourceSettings, context: SourceContext) {
    this.#settings = settings
    this.#context = context
    this.#connections = new Connections(() => context.budget.connection(context.connectionBytes))
    this.#reception = {
      deliver: context.deliver,
      limits: { wire: settings.max_wire, inflated: settings.max_inflated },
      room: { connection: context.connectionBytes, total: context.budget.limit },
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
    const server = makeServer(this.#settings, door.credentials)
    this.#connections.watch(server, door.credentials !== undefined)
    this.#receive(server)
    await door.open(server)
    this.#door = door
    this.#server = server
  }

  #receive(server: Server): void {
    const on = (expectation: Expectation) => (request: IncomingMessage, response: ServerResponse) => {
      const connection = this.#connections.of(request.socket)
      if (connection === undefined) request.socket.destroy()
      else void answerRequest(this.#reception, connection, request, response, expectation)
    }
    server.on('request', on('nothing'))
    server.on('checkContinue', on('continue'))
    server.on('checkExpectation', on('unknown'))
    server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
      const connection = this.#connections.of(socket)
      // Without a connection the hands were never shaken, and nobody could read an answer.
      if (connection === undefined || error.code === 'ECONNRESET') socket.destroy()
      else if (socket.writable) answerWireError(connection, error.code)
    })
  }

  /** Certificates and tokens; the rest is taken on at the next start. */
  reload({ tls, tokens }: OtlpHttpSourceSettings): void {
    const credentials = this.#door?.read(tls)
    this.#tokens = new BearerTokens(readTokens(tokens))
    if (this.#door?.show(credentials) === true) this.#connections.dismiss()
  }

  drain(): Promise<void> {
    this.#draining = true
    // It closes what listens and what is idle; what is under way goes on, and is the last of its connection.
    this.#server?.close()
    this.#drained ??= this.#connections.answered()
    return this.#drained
  }

  async close(): Promise<void> {
    this.#draining = true
    const server = this.#server
    if (server === undefined) return
    await new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
      this.#connections.destroy()
    })
  }
}
