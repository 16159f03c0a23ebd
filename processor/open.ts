import { type OpenedBatch, RecordOpener } from './engine/open-records.ts'
import { asBuffer, DEFAULT_SETTINGS } from './engine.ts'
import { FORMATS, type FormatName } from './formats/index.ts'
import { Opener, type OpeningKey, type Refusal } from './jwe/opener.ts'
import { privateKeyFromJwk } from './jwe/private-keys.ts'
import { reportOpening } from './telemetry/opening.ts'

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
  const opener = openerOf(keys.map(privateKeyFromJwk), settings)
  try {
    return opener.open(bytes, format)
  } finally {
    opener.close()
  }
}

/** Opens any number of batches with the same keys. */
export interface BatchOpener {
  /** @throws FieldsealError for malformed input. What cannot be opened is no error. */
  open(bytes: Uint8Array, format: FormatName): OpenedBatch
  /** Drops the key-wrapping keys that are kept. */
  close(): void
}

/** @throws FieldsealError `FIELDSEAL_KEY_INVALID` where two keys have the same kid. */
export function openerOf(keys: readonly OpeningKey[], settings: Omit<OpenOptions, 'keys'> = {}): BatchOpener {
  const { maxValueBytes = DEFAULT_SETTINGS.limits.value, bodyKeys = DEFAULT_SETTINGS.bodyKeys } = settings
  const refusals = new Map<Refusal, number>()
  const opener = new Opener(keys, {
    maxValueBytes,
    onRefusal: (reason) => refusals.set(reason, (refusals.get(reason) ?? 0) + 1),
  })
  const records = new RecordOpener(opener, {
    bodyKeys,
    limits: DEFAULT_SETTINGS.limits,
    onPass: () => refusals.clear(),
  })
  return {
    open(bytes, format) {
      const opened = records.open(asBuffer(bytes), FORMATS[format])
      reportOpening({ format: FORMATS[format].name, ...opened, refusals })
      return opened
    },
    close: () => opener.close(),
  }
}
