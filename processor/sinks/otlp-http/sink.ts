import { createSecureContext } from 'node:tls'
import { buildConnector } from 'undici'
import { FieldsealError } from '../../errors.ts'
import { readClientTls } from '../../http/client-tls.ts'
import type { Settlement } from '../../pipeline/settlement.ts'
import { Conversions } from '../conversions.ts'
import { Backend } from '../retry/backend.ts'
import { Deliveries, doesNotRun } from '../retry/deliveries.ts'
import type { OutgoingBatch, Sink, SinkContext, SinkStatus } from '../sink.ts'
import { Connection } from './connection.ts'
import { RequestHeaders } from './request-headers.ts'
import { type HttpMessage, HttpSender } from './sender.ts'
import type { OtlpHttpSinkSettings } from './settings.ts'

/**
 * OTLP/HTTP (OpenTelemetry protocol specification, "OTLP/HTTP"): a batch is one POST, in the encoding that it has. One
 * that is not OTLP is converted to protobuf.
 */
export function createOtlpHttpSink(settings: OtlpHttpSinkSettings, context: SinkContext): Sink {
  return new OtlpHttpSink(settings, context)
}

class OtlpHttpSink implements Sink {
  readonly name: string
  readonly required: boolean
  readonly #settings: OtlpHttpSinkSettings
  readonly #backend: Backend
  readonly #conversions: Conversions
  #deliveries: Deliveries<Connection, HttpMessage> | undefined
  #closing: Promise<void> | undefined

  constructor(settings: OtlpHttpSinkSettings, context: SinkContext) {
    this.name = context.name
    this.required = settings.required
    this.#settings = settings
    this.#conversions = new Conversions(context)
    this.#backend = new Backend(context, Math.max(settings.retry.give_up, settings.retry.longest))
  }

  async start(): Promise<void> {
    const { headers, compression, timeout, tls } = this.#settings
    const endpoint = endpointOf(this.name, this.#settings)
    const secureContext = tls === undefined ? createSecureContext({ minVersion: 'TLSv1.2' }) : readClientTls(tls)
    const connection = {
      origin: endpoint.origin,
      path: `${endpoint.pathname}${endpoint.search}`,
      timeout,
      // Said here, since NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment would otherwise turn it off.
      connector: buildConnector({ allowH2: false, timeout, secureContext, rejectUnauthorized: true }),
    }
    const requestHeaders = new RequestHeaders(this.name, headers, compression)
    const sender = new HttpSender(this.name, compression, requestHeaders, this.#conversions)
    this.#deliveries = new Deliveries(this.#settings, this.#backend, sender, () => new Connection(connection))
  }

  send(batch: OutgoingBatch): Promise<Settlement> {
    return this.#deliveries?.send(batch) ?? Promise.resolve(doesNotRun(this.name))
  }

  status(): SinkStatus {
    return { ...this.#backend.status(this.#deliveries?.sending ?? 0), ...this.#conversions.status }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    const deliveries = this.#deliveries
    if (deliveries === undefined) return
    await deliveries.finish()
    await Promise.all(deliveries.carriers.map((connection) => connection.close()))
  }
}

function endpointOf(name: string, { endpoint, tls }: OtlpHttpSinkSettings): URL {
  const url = new URL(endpoint)
  if (url.username !== '' || url.password !== '') {
    throw invalid(name, 'endpoint holds a password; put it into headers.authorization')
  }
  if (url.protocol === 'http:' && tls !== undefined) throw invalid(name, 'tls is of no use for an http endpoint')
  return url
}

function invalid(name: string, problem: string): FieldsealError {
  return new FieldsealError('FIELDSEAL_CONFIG_INVALID', `sinks.${name}: ${problem}`)
}
