import { openRecord } from './engine/open-objects.ts'
import { type OpenedBatch, RecordOpener } from './engine/open-records.ts'
import { asBuffer, DEFAULT_SETTINGS } from './engine.ts'
import type { WalkLimits } from './formats/batch.ts'
import type { Format } from './formats/format.ts'
import { FORMATS, type FormatName } from './formats/index.ts'
import { type LogRecordInput, type LogRecordOutput, logRecord } from './formats/object/log-record.ts'
import { loggerRecord } from './formats/object/logger-record.ts'
import { Opener, type OpeningKey } from './jwe/opener.ts'
import { privateKeyFromJwk } from './jwe/private-keys.ts'
import { OpeningTally, reportOpening, spannedOpening } from './telemetry/opening.ts'

const { record, depth } = DEFAULT_SETTINGS.limits
/** What was sealed is many times as long as what it holds. */
const WRITING: WalkLimits = { record: record * 64, depth }

export interface OpenOptions {
  /** Private JWKs. */
  readonly keys: readonly unknown[]
  /** Longest plaintext in bytes; by default 1 MiB, as the sealer's. */
  readonly maxValueBytes?: number
  readonly bodyKeys?: readonly string[]
}

/**
 * Gives the values of one sealed batch back, as far as the keys can open them; the rest stays sealed and is counted.
 *
 * @throws FieldsealError `FIELDSEAL_KEY_INVALID`, or for malformed input.
 */
export function open(bytes: Uint8Array, format: FormatName, options: OpenOptions): OpenedBatch {
  const { keys, ...settings } = options
  return openedBy(keys, settings, (opener) => opener.open(bytes, format))
}

/** Gives the values of a sealed record of a logger back that is an object: as `open` does. */
export function openObject(record: object, { keys, ...settings }: OpenOptions): OpenedObject<Record<string, unknown>> {
  return openedBy(keys, settings, (opener) => opener.openObject(record))
}

/** Gives the values of a sealed log record of the OpenTelemetry SDK back: as `open` does. */
export function openLogRecord(
  record: LogRecordInput,
  { keys, ...settings }: OpenOptions,
): OpenedObject<LogRecordOutput> {
  return openedBy(keys, settings, (opener) => opener.openLogRecord(record))
}

function openedBy<T>(
  keys: readonly unknown[],
  settings: Omit<OpenOptions, 'keys'>,
  run: (opener: BatchOpener) => T,
): T {
  const opener = openerOf(keys.map(privateKeyFromJwk), settings)
  try {
    return run(opener)
  } finally {
    opener.close()
  }
}

/** A record that is a value in the program, opened. */
export interface OpenedObject<Output> extends Omit<OpenedBatch, 'bytes' | 'records'> {
  readonly record: Output
}

/** Opens any number of batches with the same keys. */
export interface BatchOpener {
  /** @throws FieldsealError for what is no record. What cannot be opened is no error. */
  openObject(record: object): OpenedObject<Record<string, unknown>>
  openLogRecord(record: LogRecordInput): OpenedObject<LogRecordOutput>
  /** @throws FieldsealError for malformed input. What cannot be opened is no error. */
  open(bytes: Uint8Array, format: FormatName): OpenedBatch
  /** Drops the key-wrapping keys that are kept. */
  close(): void
}

/** @throws FieldsealError `FIELDSEAL_KEY_INVALID` where two keys have the same kid. */
export function openerOf(keys: readonly OpeningKey[], settings: Omit<OpenOptions, 'keys'> = {}): BatchOpener {
  const { maxValueBytes = DEFAULT_SETTINGS.limits.value, bodyKeys = DEFAULT_SETTINGS.bodyKeys } = settings
  const tally = new OpeningTally()
  const opener = new Opener(keys, {
    maxValueBytes,
    onRefusal: (reason, kid) => tally.addRefused(reason, kid),
  })
  const records = new RecordOpener(opener, {
    bodyKeys,
    limits: DEFAULT_SETTINGS.limits,
    onPass: () => tally.refused.clear(),
    onOpened: (kid) => tally.addOpened(kid),
  })
  const openBytes = (bytes: Buffer, format: Format): OpenedBatch => {
    tally.clear()
    const start = performance.now()
    const opened = spannedOpening(format.name, bytes.length, () => records.open(bytes, format))
    reportOpening({ format: format.name, ...opened, tally, seconds: (performance.now() - start) / 1000 })
    return opened
  }
  return {
    open: (bytes, format) => openBytes(asBuffer(bytes), FORMATS[format]),
    openObject(record) {
      const { record: parts, ...opened } = openRecord(loggerRecord, { record }, WRITING, openBytes)
      return { record: parts.record, ...opened }
    },
    openLogRecord(record) {
      const { record: parts, ...opened } = openRecord(logRecord, record, WRITING, openBytes)
      return { record: parts.output, ...opened }
    },
    close: () => opener.close(),
  }
}
