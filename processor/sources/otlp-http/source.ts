import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Server as TlsServer } from 'node:https'
import type { Socket } from 'node:net'
import { isDeepStrictEqual } from 'node:util'
import { isLoopback } from '../../config/network.ts'
import { FieldsealError } from '../../errors.ts'
import { readServerTls, type ServerCredentials } from '../../http/server-tls.ts'
import { BearerTokens, readTokens } from '../../http/tokens.ts'
import { addressOf, listen } from '../listening.ts'
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
  #credentials: ServerCredentials | undefined

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
    return addressOf(this.#server)
  }

  async start(): Promise<void> {
    const { listen: address, tls, tokens, insecure } = this.#settings
    const credentials = tls === undefined ? undefined : readServerTls(tls)
    this.#tokens = new BearerTokens(readTokens(tokens))
    const open = !this.#tokens.required && credentials?.ca === undefined && !isLoopback(address)
    // The configuration is checked for it, too; an open door is worth a second look.
    if (open && !insecure)
      throw this.#invalid('everyone who reaches the address could send records; set tokens, client_ca or insecure')
    const server = makeServer(this.#settings, credentials)
    this.#connections.watch(server, credentials !== undefined)
    this.#receive(server)
    await listen(server, address, this.name)
    server.on('error', () => this.#context.log('source-failed', 'a listener has failed', { source: this.name }))
    this.#server = server
    this.#credentials = credentials
    if (open) this.#context.log('insecure', 'everyone who reaches the address can send records', this.#place)
  }

  #invalid(message: string): FieldsealError {
    return new FieldsealError('FIELDSEAL_CONFIG_INVALID', `source ${this.name}: ${message}`)
  }

  get #place() {
    return { source: this.name, address: this.address }
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
    const server = this.#server as TlsServer | undefined
    server?.setSecureContext(credentials)
    const before = this.#credentials
    this.#credentials = credentials
    if (isDeepStrictEqual(before?.ca, credentials.ca)) return
    // A certificate is looked at once, when its connection begins. Those that have begun were let in by the old list.
    this.#connections.dismiss()
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
