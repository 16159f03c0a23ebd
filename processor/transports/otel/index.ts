/** Fieldseal in the OpenTelemetry SDK: `fieldseal/otel`. */

export { FieldsealError } from '../../errors.ts'
export type { TransportStats } from '../outcomes.ts'
export { SealingLogRecordExporter } from './exporter.ts'
export { SealingLogRecordProcessor } from './processor.ts'
export type { SealingOptions } from './sealing.ts'
