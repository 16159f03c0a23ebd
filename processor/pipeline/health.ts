import { FieldsealError } from '../errors.ts'

/**
 * Whether sealing works. It fails closed: after one failure nothing is sealed and nothing passed on, until a check of
 * all that sealing needs has succeeded.
 */
export class Health {
  readonly #check: () => void
  readonly #changed: (error: FieldsealError | undefined) => void
  #error: FieldsealError | undefined

  /**
   * @param check - throws where something does not work.
   * @param changed - called on each change, with the error or, where all is well again, without.
   */
  constructor(check: () => void, changed: (error: FieldsealError | undefined) => void = () => {}) {
    this.#check = check
    this.#changed = changed
  }

  /** The last failure, while it lasts. */
  get error(): FieldsealError | undefined {
    return this.#error
  }

  failed(error: FieldsealError): void {
    const before = this.#error
    this.#error = error
    if (before?.code !== error.code) this.#changed(error)
  }

  /** Checks all that sealing needs though nothing has failed. */
  verify(): void {
    try {
      this.#check()
    } catch (error) {
      this.failed(codedError(error))
    }
  }

  /** Where something has failed, checks whether it works again. @returns whether all is well. */
  recover(): boolean {
    if (this.#error === undefined) return true
    try {
      this.#check()
    } catch (error) {
      this.failed(codedError(error))
      return false
    }
    this.#error = undefined
    this.#changed(undefined)
    return true
  }
}

/** What others throw may quote a record: it is our fault, and named so. */
export function codedError(error: unknown): FieldsealError {
  return error instanceof FieldsealError ? error : new FieldsealError('FIELDSEAL_INTERNAL', 'sealing failed')
}
