import { createSecureContext, type SecureContext } from 'node:tls'
import { FieldsealError } from '../../errors.ts'
import { readClientTls } from '../../http/client-tls.ts'
import type { Settlement } from '../../pipeline/settlement.ts'
import { Conversions } from '../conversions.ts'
import { Backend } from '../retry/backend.ts'
import { doesNotRun } from '../retry/deliveries.ts'
import type { OutgoingBatch, Sink, SinkContext, SinkStatus } from '../sink.ts'
import type { Running } from './deliveries.ts'
import type { OtlpGrpcSinkSettings } from './settings.ts'

/** OTLP/gRPC (OpenTelemetry protocol specification, "OTLP/gRPC"): a batch is one call. */
export function createOtlpGrpcSink(settings: OtlpGrpcSinkSettings, context: SinkContext): Sink {
  return new OtlpGrpcSink(settings, context)
}

class OtlpGrpcSink implements Sink {
  readonly name: string
  readonly required: boolean
  readonly #settings: OtlpGrpcSinkSettings
  readonly #conversions: Conversions
  readonly #backend: Backend
  #running: Running | undefined
  #closing: Promise<void> | undefined

  constructor(settings: OtlpGrpcSinkSettings, context: SinkContext) {
    this.name = context.name
    this.required = settings.required
    this.#settings = settings
    this.#conversions = new Conversions(context)
    this.#backend = new Backend(context, Math.max(settings.retry.give_up, settings.retry.longest))
  }

  async start(): Promise<void> {
    const secureContext = secureContextOf(this.name, this.#settings)
    // grpc-js takes a tenth of a second, and nobody else needs it.
    const { run } = await import('./deliveries.ts')
    this.#running = run(this.#settings, this.#backend, this.#conversions, secureContext)
  }

  send(batch: OutgoingBatch): Promise<Settlement> {
    return this.#running?.deliveries.send(batch) ?? Promise.resolve(doesNotRun(this.name))
  }

  status(): SinkStatus {
    return { ...this.#backend.status(this.#running?.deliveries.sending ?? 0), ...this.#conversions.status }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    await this.#running?.deliveries.finish()
    this.#running?.channel.close()
  }
}

/** @returns undefined where the backend speaks no TLS. */
function secureContextOf(name: string, { endpoint, tls }: OtlpGrpcSinkSettings): SecureContext | undefined {
  if (endpoint.startsWith('https:'))
    return tls === undefined ? createSecureContext({ minVersion: 'TLSv1.2' }) : readClientTls(tls)
  if (tls === undefined) return undefined
  throw new FieldsealError('FIELDSEAL_CONFIG_INVALID', `sinks.${name}: tls is of no use for an http endpoint`)
}
