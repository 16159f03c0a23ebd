// The last step before records leave: an exporter around the exporter.
const { join } = require('node:path')
const { ConsoleLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } = require('@opentelemetry/sdk-logs')
const { SealingLogRecordExporter } = require('fieldseal/otel')

const CONFIG = join(__dirname, 'config.yaml')

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
