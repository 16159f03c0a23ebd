import { context } from '@opentelemetry/api'
import type { LogRecordExporter } from '@opentelemetry/sdk-logs'
import { FieldsealError } from '../errors.ts'
import type { SealedLogRecord } from './otel/record.ts'
import { peer } from './peer.ts'

/** A backend that sealed records are sent to by OTLP over HTTP. */
export interface OtlpBackend {
  /** With the path: `http://localhost:4318/v1/logs`. */
  readonly url: string
  /** Sent with each request. */
  readonly headers?: Readonly<Record<string, string>>
  readonly compression?: 'gzip' | 'none'
  /** Milliseconds for one export, tries included. Default: 10000. */
  readonly timeoutMillis?: number
  /** Attributes of the resource: `{ 'service.name': 'shop' }`. They are sealed as the records are. */
  readonly resource?: Readonly<Record<string, unknown>>
}

/** `ExportResultCode.SUCCESS` of @opentelemetry/core, which programs need not have by itself. */
const SUCCESS = 0

/** Where @opentelemetry/core looks whether a request is its own; instrumentation leaves such requests out. */
const SUPPRESS_TRACING = Symbol.for('OpenTelemetry SDK Context Key SUPPRESS_TRACING')

/** @param option - the name of `url` among the options, for the error. @throws FieldsealError `FIELDSEAL_CONFIG_INVALID` */
export function checkUrl(url: string, option: string): void {
  if (!URL.canParse(url) || !['http:', 'https:'].includes(new URL(url).protocol))
    throw new FieldsealError(
      'FIELDSEAL_CONFIG_INVALID',
      `\`${option}\` is the address of a backend: http://host:4318/v1/logs`,
    )
}

/** @throws FieldsealError `FIELDSEAL_PEER_MISSING` */
export async function exporterTo({
  url,
  headers,
  compression,
  timeoutMillis,
}: OtlpBackend): Promise<LogRecordExporter> {
  const name = '@opentelemetry/exporter-logs-otlp-http'
  const { OTLPLogExporter } = await peer(name, () => import('@opentelemetry/exporter-logs-otlp-http'))
  return new OTLPLogExporter({
    url,
    ...(headers === undefined ? {} : { headers: { ...headers } }),
    ...(timeoutMillis === undefined ? {} : { timeoutMillis }),
    ...(compression === undefined ? {} : { compression: compression as never }),
  })
}

/** Whether the backend has taken them. Never rejects: what the exporter says may quote the backend, and is not passed on. */
export function takes(exporter: LogRecordExporter, records: SealedLogRecord[]): Promise<boolean> {
  return new Promise((resolve) => {
    try {
      context.with(context.active().setValue(SUPPRESS_TRACING, true), () => {
        exporter.export(records, ({ code }) => resolve(code === SUCCESS))
      })
    } catch {
      resolve(false)
    }
  })
}
