/** Fieldseal in pino: `fieldseal/pino`. */

export { FieldsealError } from '../../errors.ts'
export type { OtlpBackend } from '../otlp-backend.ts'
export type { TransportStats } from '../outcomes.ts'
export { type SealingHook, sealingHook } from './hook.ts'
export type { PinoSealingOptions } from './line-seal.ts'
export { type SealingStream, type SealingStreamOptions, sealingStream } from './stream.ts'
export { default, type PinoTransportOptions } from './worker.ts'
