import type { FormatName } from '../formats/index.ts'

/** Looks at batches as they leave. What it finds it counts by itself. */
export interface OutgoingScan {
  /**
   * Never throws or rejects.
   *
   * @returns undefined where the batch is not looked at; else what resolves once its bytes are needed no more.
   */
  look(batch: OutgoingBytes): Promise<void> | undefined
}

export interface OutgoingBytes {
  readonly bytes: Buffer
  readonly format: FormatName
  /** `json`: bodies that are JSON in a text were sealed as that JSON. */
  readonly parse?: 'json' | undefined
}
