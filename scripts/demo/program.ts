import type { LogRecord } from '@opentelemetry/api'
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchLogRecordProcessor, LoggerProvider, type LogRecordExporter } from '@opentelemetry/sdk-logs'

/** A program that logs with OpenTelemetry, as any does: it knows nothing of Fieldseal but an address. */
export class Program {
  readonly #provider: LoggerProvider
  #acknowledged = 0

  constructor(url: string) {
    this.#provider = new LoggerProvider({
      resource: resourceFromAttributes({ 'service.name': 'shop', 'service.version': '1.4.2' }),
      processors: [new BatchLogRecordProcessor({ exporter: this.#counted(new OTLPLogExporter({ url })) })],
    })
  }

  #counted(exporter: LogRecordExporter): LogRecordExporter {
    return {
      export: (records, callback) =>
        exporter.export(records, (result) => {
          // ExportResultCode.SUCCESS of @opentelemetry/core.
          if (result.code === 0) this.#acknowledged += 1
          callback(result)
        }),
      forceFlush: () => exporter.forceFlush(),
      shutdown: () => exporter.shutdown(),
    }
  }

  /** Batches of which the exporter says that they were taken. */
  get acknowledged(): number {
    return this.#acknowledged
  }

  /** Logs the records and sends them as one batch. */
  async log(records: readonly LogRecord[]): Promise<void> {
    const logger = this.#provider.getLogger('shop.checkout')
    for (const record of records) logger.emit(record)
    await this.#provider.forceFlush()
  }

  async end(): Promise<void> {
    await this.#provider.shutdown()
  }
}
