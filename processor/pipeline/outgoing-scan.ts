import type { FormatName } from '../formats/index.ts'

/** Looks at batches as they leave. What it finds it counts by itself. */
export interface OutgoingScan {
  /** Never throws, and keeps nothing of the bytes. */
  look(batch: OutgoingBytes): void
}

export interface OutgoingBytes {
  readonly bytes: Buffer
  readonly format: FormatName
  /** `json`: bodies that are JSON in a text were sealed as that JSON. */
  readonly parse?: 'json' | undefined
}
