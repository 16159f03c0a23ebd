// The last step before records leave: an exporter around the exporter.
import { join } from 'node:path'
import { ConsoleLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs'
import { SealingLogRecordExporter } from 'fieldseal/otel'

const CONFIG = join(import.meta.dirname, 'config.yaml')

const logger = new LoggerProvider({
  processors: [
    new SimpleLogRecordProcessor({
      // Instead of the console: an OTLPLogExporter, or whichever the program has.
      exporter: new SealingLogRecordExporter(new ConsoleLogRecordExporter(), { config: CONFIG }),
    }),
  ],
}).getLogger('shop')

logger.emit({
  severityText: 'INFO',
  body: 'login of jane.doe@example.com',
  attributes: { 'user.email': 'jane.doe@example.com', 'payment.card': '4111 1111 1111 1111', attempt: 1 },
})
