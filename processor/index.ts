/** Fieldseal in a program: find personal data in log records, seal it, open it again. */

export type { OwnDetectorInput, RuleInput } from '../rules/schema/index.ts'
export { loadEngine } from './compose.ts'
export type { OpenedBatch } from './engine/open-records.ts'
export type { SealedLine } from './engine/seal-lines.ts'
export type { SealedObject } from './engine/seal-objects.ts'
export type { SealedBatch, SealSettings } from './engine/seal-records.ts'
export {
  createEngine,
  DEFAULT_SETTINGS,
  type Engine,
  type EngineConfig,
  type ObjectEngine,
  type RecipientInput,
  type SealedLoggerRecord,
} from './engine.ts'
export { ERRORS, type ErrorCode, type ErrorPlace, FieldsealError } from './errors.ts'
export { FORMAT_NAMES, type FormatName } from './formats/index.ts'
export type { LogRecordInput, LogRecordOutput } from './formats/object/log-record.ts'
export type { Beside, BesideRead } from './formats/object/logger-record.ts'
export { type OpenedObject, type OpenOptions, open, openLogRecord, openObject } from './open.ts'
