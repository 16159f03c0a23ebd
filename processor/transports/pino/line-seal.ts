import type { ObjectEngine } from '../../engine.ts'
import { type EngineOptions, type Lease, leaseEngine } from '../engines.ts'
import { type FailureOptions, Outcomes, type TransportStats } from '../outcomes.ts'
import { withTextsForBytes } from './bytes.ts'

export type PinoSealingOptions = EngineOptions &
  FailureOptions & {
    /**
     * pino's `messageKey`: with `config`, the member that is the body of a record. `msg` by default. With `engine`, its
     * `bodyKeys` have to name it.
     */
    readonly messageKey?: string
  }

/** Seals lines of pino: what all three forms have in common. */
export class LineSeal {
  readonly outcomes: Outcomes
  readonly #lease: Lease

  /** @throws FieldsealError where the options or the configuration are wrong. */
  constructor(options: PinoSealingOptions, defaultFailure: 'drop' | 'throw') {
    this.outcomes = new Outcomes(options, defaultFailure)
    this.#lease = leaseEngine(options, options.messageKey ?? 'msg')
  }

  get engine(): ObjectEngine {
    return this.#lease.engine
  }

  stats(): TransportStats {
    return this.outcomes.stats()
  }

  /**
   * One line, with its line end where it has one.
   *
   * @throws what the engine throws: nothing of the line may be passed on then.
   */
  one(line: string): string {
    const sealed = this.#lease.engine.sealLine(withTextsForBytes(line))
    this.outcomes.passed(sealed.edited)
    return sealed.line
  }

  /**
   * Whole lines, without their ends, in one call where nothing is wrong with any of them.
   *
   * @returns those that can be passed on; the others are counted and told of.
   * @throws FieldsealError where one cannot, and `onFailure` is `throw`.
   */
  many(lines: readonly string[]): string[] {
    const texts = lines.filter((line) => line.trim() !== '').map(withTextsForBytes)
    if (texts.length === 0) return []
    try {
      const sealed = this.#lease.engine.sealLine(texts.join('\n'))
      const passed = sealed.edited ? sealed.line.split('\n') : texts
      for (const [index, line] of passed.entries()) this.outcomes.passed(line !== texts[index])
      return passed
    } catch {
      // One bad line must not take the others along: each by itself then.
      return texts.flatMap((text) => this.#alone(text))
    }
  }

  #alone(text: string): string[] {
    try {
      return [this.one(text)]
    } catch (error) {
      const own = this.outcomes.failed(error)
      if (this.outcomes.onFailure === 'throw') throw own
      return []
    }
  }

  close(): void {
    this.#lease.release()
  }
}
