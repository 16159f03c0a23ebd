import { createSecureContext } from 'node:tls'
import { buildConnector } from 'undici'
import { FieldsealError } from '../../errors.ts'
import { readClientTls } from '../../http/client-tls.ts'
import { refused, type Settlement } from '../../pipeline/settlement.ts'
import type { OutgoingBatch, Sink, SinkContext, SinkStatus } from '../sink.ts'
import { Backend } from './backend.ts'
import { Connection, type ConnectionSettings } from './connection.ts'
import { Delivery, type DeliveryContext } from './delivery.ts'
import { RequestHeaders } from './request-headers.ts'
import type { OtlpHttpSinkSettings } from './settings.ts'
import { unavailable } from './verdict.ts'

/** OTLP/HTTP (OpenTelemetry protocol specification, "OTLP/HTTP"): a batch is one POST, in the encoding that it has. */
export function createOtlpHttpSink(settings: OtlpHttpSinkSettings, context: SinkContext): Sink {
  return new OtlpHttpSink(settings, context)
}

/** What there is between start and close. */
interface Started {
  readonly connection: ConnectionSettings
  readonly delivery: DeliveryContext
}

class OtlpHttpSink implements Sink {
  readonly name: string
  readonly required: boolean
  readonly #settings: OtlpHttpSinkSettings
  readonly #backend: Backend
  #started: Started | undefined
  readonly #connections: Connection[] = []
  /** The last one that was used comes first: the others may idle and close. */
  readonly #free: Connection[] = []
  /** In the order in which they came. */
  readonly #waiting = new Set<Delivery>()
  #sending = 0
  #pumping = false
  #idle: (() => void) | undefined
  #closing: Promise<void> | undefined

  constructor(settings: OtlpHttpSinkSettings, context: SinkContext) {
    this.name = context.name
    this.required = settings.required
    this.#settings = settings
    this.#backend = new Backend(context, Math.max(settings.retry.give_up, settings.retry.longest))
  }

  async start(): Promise<void> {
    const { headers, compression, timeout, tls } = this.#settings
    const endpoint = endpointOf(this.name, this.#settings)
    const secureContext = tls === undefined ? createSecureContext({ minVersion: 'TLSv1.2' }) : readClientTls(tls)
    this.#started = {
      connection: {
        origin: endpoint.origin,
        path: `${endpoint.pathname}${endpoint.search}`,
        timeout,
        // Said here, since NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment would otherwise turn it off.
        connector: buildConnector({ allowH2: false, timeout, secureContext, rejectUnauthorized: true }),
      },
      delivery: {
        settings: this.#settings,
        headers: new RequestHeaders(this.name, headers, compression),
        backend: this.#backend,
        ended: (delivery, connection) => this.#ended(delivery, connection),
      },
    }
  }

  send(batch: OutgoingBatch): Promise<Settlement> {
    return new Promise((resolve) => {
      if (this.#started === undefined || this.#closing !== undefined || batch.signal.aborted) {
        const why = batch.signal.aborted ? 'was given a batch for which nobody waits' : 'does not run'
        resolve(refused(unavailable(`sink ${this.name} ${why}`)))
        return
      }
      this.#sending += 1
      const delivery = new Delivery(this.#started.delivery, batch, resolve)
      const connection = this.#freeConnection()
      if (connection !== undefined) {
        delivery.begin(connection)
      } else {
        this.#waiting.add(delivery)
        delivery.queue()
      }
    })
  }

  #freeConnection(): Connection | undefined {
    const connection = this.#free.pop()
    if (connection !== undefined) return connection
    if (this.#started === undefined || this.#connections.length >= this.#settings.requests) return undefined
    const opened = new Connection(this.#started.connection)
    this.#connections.push(opened)
    return opened
  }

  #ended(delivery: Delivery, connection: Connection | undefined): void {
    this.#sending -= 1
    if (connection === undefined) this.#waiting.delete(delivery)
    else this.#free.push(connection)
    this.#pump()
    if (this.#sending === 0) this.#idle?.()
  }

  /** A loop: many that wait may be refused one after the other, each of them from within `begin`. */
  #pump(): void {
    if (this.#pumping) return
    this.#pumping = true
    for (const delivery of this.#waiting) {
      const connection = this.#freeConnection()
      if (connection === undefined) break
      this.#waiting.delete(delivery)
      delivery.begin(connection)
    }
    this.#pumping = false
  }

  status(): SinkStatus {
    return this.#backend.status(this.#sending)
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    if (this.#sending > 0) {
      await new Promise<void>((resolve) => {
        this.#idle = resolve
      })
    }
    await Promise.all(this.#connections.map((connection) => connection.close()))
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
