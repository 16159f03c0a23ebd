import { inspect } from 'node:util'

/** How every secret prints, whichever way it is asked. */
export const SECRET_TEXT = '[secret]'

/**
 * Bytes that must not be printed, such as a hash key. Strings, JSON, `util.inspect` and template literals all show
 * `[secret]`; only `reveal` gives the bytes.
 */
export class Secret {
  readonly #value: Buffer

  /** @param value - copied, so that the caller can erase its own. */
  constructor(value: Uint8Array) {
    this.#value = Buffer.from(value)
  }

  /** The bytes themselves, not a copy: never keep, log or change them. */
  reveal(): Buffer {
    return this.#value
  }

  /** Overwrites the bytes. The secret is all zeros from then on. */
  erase(): void {
    this.#value.fill(0)
  }

  toString(): string {
    return SECRET_TEXT
  }

  toJSON(): string {
    return SECRET_TEXT
  }

  [inspect.custom](): string {
    return SECRET_TEXT
  }
}
