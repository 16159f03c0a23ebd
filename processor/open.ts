import { type OpenedBatch, RecordOpener } from './engine/open-records.ts'
import { asBuffer, DEFAULT_SETTINGS } from './engine.ts'
import { FORMATS, type FormatName } from './formats/index.ts'
import { Opener } from './jwe/opener.ts'
import { privateKeyFromJwk } from './jwe/private-keys.ts'

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
  const { keys, maxValueBytes = DEFAULT_SETTINGS.limits.value, bodyKeys = DEFAULT_SETTINGS.bodyKeys } = options
  const opener = new Opener(keys.map(privateKeyFromJwk), { maxValueBytes })
  try {
    return new RecordOpener(opener, { bodyKeys, limits: DEFAULT_SETTINGS.limits }).open(
      asBuffer(bytes),
      FORMATS[format],
    )
  } finally {
    opener.close()
  }
}
