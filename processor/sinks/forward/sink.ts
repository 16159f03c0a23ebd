import type { FieldsealError } from '../../errors.ts'
import { readClientTls } from '../../http/client-tls.ts'
import { accepted, refused, type Settlement } from '../../pipeline/settlement.ts'
import { Conversions } from '../conversions.ts'
import { doesNotRun } from '../retry/deliveries.ts'
import type { OutgoingBatch, Sink, SinkContext, SinkStatus } from '../sink.ts'
import { Delivery, type DeliverySettings } from './delivery.ts'
import type { Tls } from './dial.ts'
import { Dispatcher } from './dispatcher.ts'
import { Endpoint, type EndpointSettings } from './endpoint.ts'
import { readIdentity } from './identity.ts'
import { Outages } from './outages.ts'
import type { ForwardSinkSettings } from './settings.ts'

/** Fluent Forward (Forward Protocol v1): each message is a chunk of its own, acknowledged by its id. */
export function createForwardSink(settings: ForwardSinkSettings, context: SinkContext): Sink {
  return new ForwardSink(settings, context)
}

const ACCEPTED = accepted()

class ForwardSink implements Sink {
  readonly name: string
  readonly required: boolean
  readonly #settings: ForwardSinkSettings
  readonly #conversions: Conversions
  readonly #outages: Outages
  readonly #dispatcher: Dispatcher
  readonly #delivery: DeliverySettings
  #endpoints: readonly Endpoint[] = []
  #running = false
  #sending = 0
  #idle: (() => void) | undefined
  #closing: Promise<void> | undefined

  constructor(settings: ForwardSinkSettings, context: SinkContext) {
    this.name = context.name
    this.required = settings.required
    this.#settings = settings
    this.#conversions = new Conversions(context)
    this.#outages = new Outages(context)
    const { tag, otlp_metadata: otlpMetadata } = settings
    const conversion = { otlpMetadata, ...(tag === undefined ? {} : { tag }) }
    this.#delivery = {
      ...settings,
      name: context.name,
      messagesOf: (batch) => this.#conversions.to('forward', batch, conversion).messages,
    }
    this.#dispatcher = new Dispatcher(context.name, settings.distribution, this.#outages)
  }

  /** @throws FieldsealError where files of keys, passwords or certificates cannot be used */
  async start(): Promise<void> {
    const { endpoints, chunks, retry, security, connect_timeout, ack_timeout, require_ack } = this.#settings
    const settings: EndpointSettings = {
      sink: this.name,
      chunks,
      retry,
      connection: {
        tls: tlsOf(this.#settings),
        identity: security && readIdentity(this.name, security),
        connectTimeout: connect_timeout,
        acknowledged: require_ack,
        ackTimeout: ack_timeout,
      },
    }
    this.#endpoints = endpoints.map((address) => new Endpoint(address, settings, this.#dispatcher))
    this.#outages.watch(this.#endpoints)
    this.#dispatcher.use(this.#endpoints)
    this.#running = true
  }

  async send(batch: OutgoingBatch): Promise<Settlement> {
    if (!this.#running) return doesNotRun(this.name)
    this.#sending += 1
    const giveUpAt = performance.now() + this.#settings.retry.give_up
    const error = await new Promise<FieldsealError | undefined>((settle) => {
      this.#dispatcher.add(new Delivery(this.#delivery, batch, giveUpAt, settle))
    })
    this.#sending -= 1
    if (this.#sending === 0) this.#idle?.()
    return error === undefined ? ACCEPTED : refused(error)
  }

  status(): SinkStatus {
    return { ...this.#outages.status, sending: this.#sending, ...this.#conversions.status }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    this.#running = false
    if (this.#sending > 0) {
      await new Promise<void>((resolve) => {
        this.#idle = resolve
      })
    }
    await Promise.all(this.#endpoints.map((endpoint) => endpoint.close()))
  }
}

function tlsOf({ tls }: ForwardSinkSettings): Tls | undefined {
  if (tls === undefined) return undefined
  const { server_name: serverName, ...files } = tls
  return { context: readClientTls(files), serverName }
}
