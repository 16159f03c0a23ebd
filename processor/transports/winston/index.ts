/** Fieldseal in winston: `fieldseal/winston`. */

export { FieldsealError } from '../../errors.ts'
export type { TransportStats } from '../outcomes.ts'
export { type SealFormat, type SealFormatOptions, seal } from './format.ts'
export { OtlpTransport, type OtlpTransportOptions } from './otlp.ts'
export { SealTransport, type SealTransportOptions } from './transport.ts'
