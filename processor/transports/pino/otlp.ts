import type { ReadableLogRecord } from '@opentelemetry/sdk-logs'
import type { ObjectEngine } from '../../engine.ts'
import { FieldsealError } from '../../errors.ts'
import { SealedLogRecord } from '../otel/record.ts'
import type { Outcomes } from '../outcomes.ts'
import { type Destination, peer } from './destination.ts'
import { logRecordOf, type PinoNames } from './otlp-record.ts'

export interface OtlpOptions {
  /** Of the backend, with the path: `http://localhost:4318/v1/logs`. */
  readonly url: string
  /** Sent with each request. */
  readonly headers?: Readonly<Record<string, string>>
  readonly compression?: 'gzip' | 'none'
  /** Milliseconds for one export, tries included. Default: 10000. */
  readonly timeoutMillis?: number
  /** Attributes of the resource: `{ 'service.name': 'shop' }`. They are sealed as the records are. */
  readonly resource?: Readonly<Record<string, unknown>>
}

const SUCCESS = 0

/**
 * A backend that is sent sealed records by OTLP over HTTP, one request at a time, each with all that has come meanwhile. What
 * it has not taken when the exporter gives up is counted as `FIELDSEAL_SINK_UNAVAILABLE`.
 *
 * @param engine - takes a second look: at the resource, and at each record by its paths in OTLP.
 * @throws FieldsealError `FIELDSEAL_PEER_MISSING`, `FIELDSEAL_CONFIG_INVALID`
 */
export async function otlpDestination(
  { url, headers, compression, timeoutMillis, resource = {} }: OtlpOptions,
  names: PinoNames,
  engine: ObjectEngine,
  outcomes: Outcomes,
): Promise<Destination> {
  if (!URL.canParse(url) || !['http:', 'https:'].includes(new URL(url).protocol))
    throw new FieldsealError(
      'FIELDSEAL_CONFIG_INVALID',
      '`otlp.url` is the address of a backend: http://host:4318/v1/logs',
    )
  const name = '@opentelemetry/exporter-logs-otlp-http'
  const { OTLPLogExporter } = await peer(name, () => import('@opentelemetry/exporter-logs-otlp-http'))
  const exporter = new OTLPLogExporter({
    url,
    ...(headers === undefined ? {} : { headers: { ...headers } }),
    ...(timeoutMillis === undefined ? {} : { timeoutMillis }),
    ...(compression === undefined ? {} : { compression: compression as never }),
  })
  const attributes = { ...resource }
  const recordOf = (line: string): ReadableLogRecord[] => {
    try {
      const { record } = engine.sealLogRecord(logRecordOf(line, names, attributes, Date.now()))
      return [new SealedLogRecord(record)]
    } catch (error) {
      const own = outcomes.failed(error)
      if (outcomes.onFailure === 'throw') throw own
      return []
    }
  }
  return {
    async write(lines) {
      const records = lines.flatMap(recordOf)
      if (records.length === 0 || (await exported(exporter, records))) return
      // They are sealed and lost; a program does not end for a backend that is away.
      const error = new FieldsealError('FIELDSEAL_SINK_UNAVAILABLE', 'the backend of `otlp.url` has not taken a record')
      for (const _ of records) outcomes.failed(error)
    },
    flush: () => exporter.forceFlush(),
    close: () => exporter.shutdown(),
  }
}

function exported(
  exporter: { export(records: ReadableLogRecord[], done: (result: { code: number }) => void): void },
  records: ReadableLogRecord[],
): Promise<boolean> {
  return new Promise((resolve) => {
    try {
      exporter.export(records, ({ code }) => resolve(code === SUCCESS))
    } catch {
      resolve(false)
    }
  })
}
