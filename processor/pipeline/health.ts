import type { FieldsealError } from '../errors.ts'

/** Whether sealing works. It fails closed: one failure makes the service unready, until something was sealed again. */
export class Health {
  readonly #changed: (error: FieldsealError | undefined) => void
  #error: FieldsealError | undefined

  /** @param changed - called on each change, with the error or, where all is well again, without. */
  constructor(changed: (error: FieldsealError | undefined) => void = () => {}) {
    this.#changed = changed
  }

  /** The code and message of the last failure, while it lasts. */
  get error(): FieldsealError | undefined {
    return this.#error
  }

  failed(error: FieldsealError): void {
    const before = this.#error
    this.#error = error
    if (before?.code !== error.code) this.#changed(error)
  }

  succeeded(): void {
    if (this.#error === undefined) return
    this.#error = undefined
    this.#changed(undefined)
  }
}
