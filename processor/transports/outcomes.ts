import { FieldsealError } from '../errors.ts'

/** What is done where a record cannot be sealed. It is not passed on in either case. */
export interface FailureOptions {
  /** `drop` leaves the record out; `throw` also tells whoever has logged it, as far as there is a way. */
  readonly onFailure?: 'drop' | 'throw'
  /**
   * Is told of each record that was not passed on. Without it, Node prints a warning, once for each code.
   *
   * What it throws is ignored; what fails because it logs is counted, and not told again.
   */
  readonly onError?: (error: FieldsealError) => void
}

/** What became of the records, in numbers of them. */
export interface TransportStats {
  /** Passed on, and a rule has altered something. */
  readonly sealed: number
  /** Passed on, and no rule applied. */
  readonly passed: number
  /** Not passed on. */
  readonly dropped: number
  /** Those that were dropped, by the code of the error. */
  readonly failed: Readonly<Record<string, number>>
}

/** Counts what became of records, and tells of what failed. */
export class Outcomes {
  readonly onFailure: 'drop' | 'throw'
  readonly #onError: ((error: FieldsealError) => void) | undefined
  readonly #failed = new Map<string, number>()
  #sealed = 0
  #passed = 0
  #dropped = 0
  #isTelling = false

  /** @throws FieldsealError `FIELDSEAL_CONFIG_INVALID` */
  constructor({ onFailure, onError }: FailureOptions, defaultFailure: 'drop' | 'throw' = 'drop') {
    this.onFailure = onFailure ?? defaultFailure
    if (this.onFailure !== 'drop' && this.onFailure !== 'throw')
      throw new FieldsealError('FIELDSEAL_CONFIG_INVALID', '`onFailure` is `drop` or `throw`')
    this.#onError = onError
  }

  /** @param edited - whether a rule has altered anything of the record that was passed on. */
  passed(edited: boolean): void {
    if (edited) this.#sealed += 1
    else this.#passed += 1
  }

  /**
   * Counts a record that was not passed on, and tells of it.
   *
   * @returns the error; what is none of ours is replaced by one, since it may quote the record.
   */
  failed(error: unknown): FieldsealError {
    const own =
      error instanceof FieldsealError
        ? error
        : new FieldsealError('FIELDSEAL_INTERNAL', 'the record could not be sealed')
    this.#dropped += 1
    const before = this.#failed.get(own.code) ?? 0
    this.#failed.set(own.code, before + 1)
    this.#tell(own, before === 0)
    return own
  }

  stats(): TransportStats {
    return {
      sealed: this.#sealed,
      passed: this.#passed,
      dropped: this.#dropped,
      failed: Object.fromEntries(this.#failed),
    }
  }

  #tell(error: FieldsealError, isFirst: boolean): void {
    // Whoever is told may log, by the logger whose record has just failed.
    if (this.#isTelling) return
    this.#isTelling = true
    try {
      if (this.#onError !== undefined) this.#onError(error)
      else if (isFirst) warn(error)
    } catch {
      // It is said that this is ignored.
    } finally {
      this.#isTelling = false
    }
  }
}

function warn({ code, message, hint }: FieldsealError): void {
  process.emitWarning(`a log record was not passed on: ${message}`, { type: 'FieldsealWarning', code, detail: hint })
}
