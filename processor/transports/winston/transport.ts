import TransportStream from 'winston-transport'
import { type EngineOptions, type Lease, leaseEngine } from '../engines.ts'
import { type FailureOptions, Outcomes, type TransportStats } from '../outcomes.ts'
import { type AnyInfo, type Info, InfoSealer } from './info.ts'
import { type Inner, type InnerTransport, innerOf } from './inner.ts'

/** The options that every transport of winston has; a format is the inner transport's. */
export type CommonOptions = Pick<
  TransportStream.TransportStreamOptions,
  'level' | 'silent' | 'handleExceptions' | 'handleRejections'
>

export type SealTransportOptions = EngineOptions &
  FailureOptions &
  CommonOptions & {
    /** The transport that gets the sealed records: a stream, or an object with `log(info, next)`. It belongs to this one. */
    readonly inner: InnerTransport
  }

const TAKEN_OVER = ['level', 'silent', 'handleExceptions', 'handleRejections'] as const

/**
 * Seals records for one transport, where the format of the logger cannot be changed.
 *
 * Other transports of the same logger are not sealed by it. The inner transport gets a copy, on which its own format runs.
 * A line that the logger's format has made is made anew, as JSON, where something in its record was sealed.
 */
export class SealTransport extends TransportStream {
  readonly #inner: Inner
  readonly #outcomes: Outcomes
  readonly #lease: Lease
  readonly #sealer: InfoSealer

  /** @throws FieldsealError where the options or the configuration are wrong. */
  constructor(options: SealTransportOptions) {
    super({})
    this.#inner = innerOf(options.inner)
    this.#outcomes = new Outcomes(options)
    this.#lease = leaseEngine(options)
    this.#sealer = new InfoSealer(this.#lease.engine)
    this.#takeOver(options, options.inner as CommonOptions)
    // The base class would hand over all that waits at once, whatever the inner transport can take.
    Object.defineProperty(this, '_writev', { value: null })
    this.on('pipe', (logger) => this.#inner.attach(logger))
    this.on('unpipe', (logger) => this.#inner.detach(logger))
    for (const event of ['error', 'warn', 'logged'] as const)
      this.#inner.on(event, (...args) => this.emit(event, ...args))
  }

  stats(): TransportStats {
    return this.#outcomes.stats()
  }

  /** @param next - called once the inner transport takes more. */
  override log(info: AnyInfo, next: () => void): void {
    let sealed: Info
    try {
      const { info: copy, edited } = this.#sealer.seal(info)
      this.#outcomes.passed(edited)
      sealed = copy
    } catch (error) {
      const own = this.#outcomes.failed(error)
      next()
      if (this.#outcomes.onFailure === 'throw') throw own
      return
    }
    this.#inner.write(sealed, next)
  }

  // What a format has left out comes as `false`.
  override _write(info: unknown, encoding: BufferEncoding, next: (error?: Error | null) => void): void {
    if (typeof info === 'object' && info !== null) super._write(info, encoding, next)
    else next()
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#inner.end(() => {
      this.#lease.release()
      done()
    })
  }

  /** Called by winston when the transport is taken off its logger. A record that comes all the same is sealed. */
  override close(): void {
    this.#lease.release()
  }

  /** What is not said holds as the inner transport has it, also when that changes. */
  #takeOver(options: CommonOptions, inner: CommonOptions): void {
    for (const name of TAKEN_OVER) {
      let own: unknown
      // What this one is to let through the inner one has to take.
      const set = (value: unknown) => {
        own = value
        if (name.startsWith('handle') && value === true) Object.assign(inner, { [name]: true })
      }
      set(options[name])
      Object.defineProperty(this, name, {
        get: () => own ?? inner[name],
        set,
        enumerable: true,
        configurable: true,
      })
    }
  }
}
