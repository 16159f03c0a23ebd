import { Writable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import { FieldsealError } from '../../errors.ts'
import type { TransportStats } from '../outcomes.ts'
import { LineSeal, type PinoSealingOptions } from './line-seal.ts'

/** Where sealed lines go: pino.destination(), a transport of pino, a file, a socket. */
export interface Destination {
  write(text: string): unknown
  // Listeners of SonicBoom, of streams and of emitters have nothing in common but that they are called.
  // biome-ignore lint/suspicious/noExplicitAny: nothing else lets all of them through.
  on?(event: string, listener: (...args: any[]) => void): unknown
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  once?(event: string, listener: (...args: any[]) => void): unknown
  end?(): unknown
  flush?(done: (error?: Error) => void): unknown
  flushSync?(): unknown
}

export type SealingStreamOptions = PinoSealingOptions & {
  readonly to: Destination
  /** Most bytes of a line whose end has not come; it is dropped beyond them. 4 MiB by default. */
  readonly mostLineBytes?: number
}

const MOST_LINE = 4 << 20

/**
 * A stream that seals whole lines and writes them to another at once: nothing but a line whose end has not come waits in
 * it. For programs that are bundled, and as the second argument of `pino()`.
 *
 * `onFailure` is `drop` by default: a line that cannot be sealed is left out. With `throw` the call that writes throws.
 *
 * @throws FieldsealError where the options or the configuration are wrong.
 */
export function sealingStream(options: SealingStreamOptions): SealingStream {
  return new SealingStream(options)
}

export class SealingStream extends Writable {
  readonly #seal: LineSeal
  readonly #to: Destination
  readonly #mostLine: number
  readonly #decoder = new StringDecoder('utf8')
  #partial = ''
  /** The line under way was too long: what is left of it is dropped. */
  #skips = false
  #waits = false

  constructor(options: SealingStreamOptions) {
    super({ decodeStrings: false })
    const { to, mostLineBytes = MOST_LINE } = options
    if (typeof to?.write !== 'function')
      throw new FieldsealError('FIELDSEAL_CONFIG_INVALID', '`to` is a stream that sealed lines are written to')
    this.#to = to
    this.#mostLine = mostLineBytes
    this.#seal = new LineSeal(options, 'drop')
    to.on?.('drain', () => {
      this.#waits = false
      this.emit('drain')
    })
    to.on?.('error', (error: Error) => this.destroy(error))
  }

  /** What became of the lines so far. */
  stats(): TransportStats {
    return this.#seal.stats()
  }

  /** @throws FieldsealError with `onFailure: 'throw'`. */
  override write(chunk: unknown, ...rest: unknown[]): boolean {
    // Sealed here, in the call: an error of `_write` would end the stream, and come later.
    if (!this.writable) return Writable.prototype.write.apply(this, [chunk, ...rest] as never)
    this.#take(typeof chunk === 'string' ? chunk : this.#decoder.write(chunk as Buffer))
    const done = rest.find((argument) => typeof argument === 'function') as (() => void) | undefined
    if (done !== undefined) process.nextTick(done)
    return !this.#waits
  }

  /** What is handed to `end`. */
  override _write(chunk: string | Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    try {
      this.#take(typeof chunk === 'string' ? chunk : this.#decoder.write(chunk))
      done()
    } catch (error) {
      done(error as Error)
    }
  }

  override _final(done: (error?: Error | null) => void): void {
    try {
      this.#take(`${this.#decoder.end()}\n`)
    } catch (error) {
      done(error as Error)
      return
    }
    const to = this.#to
    const isStandard = (to as unknown) === process.stdout || (to as unknown) === process.stderr
    if (isStandard || to.end === undefined || to.once === undefined) {
      done()
      return
    }
    // A SonicBoom says `close`, a Writable may say `finish` alone.
    let isDone = false
    const once = (): void => {
      if (!isDone) done()
      isDone = true
    }
    to.once('finish', once)
    to.once('close', once)
    to.end()
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#seal.close()
    done(error)
  }

  /** Called when what was written so far is with whoever the destination writes to. */
  flush(done: (error?: Error) => void = () => {}): void {
    if (this.#to.flush === undefined) done()
    else this.#to.flush(done)
  }

  flushSync(): void {
    this.#to.flushSync?.()
  }

  #take(text: string): void {
    const end = text.lastIndexOf('\n')
    if (end < 0) {
      this.#keep(text)
      return
    }
    const whole = this.#partial + text.slice(0, end)
    this.#partial = ''
    const lines = whole.split('\n')
    if (this.#skips) lines.shift()
    this.#skips = false
    try {
      const sealed = this.#seal.many(lines)
      if (sealed.length > 0 && this.#to.write(`${sealed.join('\n')}\n`) === false) this.#waits = true
    } finally {
      // Neither failure, of a line or of what follows, takes the other with it.
      this.#keep(text.slice(end + 1))
    }
  }

  #keep(rest: string): void {
    if (this.#skips) return
    this.#partial += rest
    if (this.#partial.length <= this.#mostLine) return
    this.#partial = ''
    this.#skips = true
    const error = new FieldsealError('FIELDSEAL_INPUT_TOO_LARGE', 'a line does not end')
    this.#seal.outcomes.failed(error)
    if (this.#seal.outcomes.onFailure === 'throw') throw error
  }
}
