import type { Readable } from 'node:stream'
import { FieldsealError } from '../../errors.ts'
import { encodingOf } from '../lines/encoded.ts'
import { LineDelivery, tooLong } from '../lines/line-delivery.ts'
import { roomFor } from '../lines/room.ts'
import type { Source, SourceContext, SourceCounts } from '../source.ts'
import { IncomingBytes } from './incoming-bytes.ts'
import { LineBuffer } from './line-buffer.ts'
import type { StdinSourceSettings } from './settings.ts'

/** What streams of Node hold by themselves. */
const STREAM_BYTES = 64 * 1024

/** Takes lines from standard input, until it ends. */
export function stdinSource(
  settings: StdinSourceSettings,
  context: SourceContext,
  input: () => Readable = () => process.stdin,
): Source<StdinSourceSettings> {
  return new StdinSource(settings, context, input)
}

class StdinSource implements Source<StdinSourceSettings> {
  readonly #settings: StdinSourceSettings
  readonly #context: SourceContext
  readonly #input: () => Readable
  readonly #delivery: LineDelivery
  /** No more is read. */
  readonly #draining = new AbortController()
  readonly #closed = new AbortController()
  readonly #ended = Promise.withResolvers<FieldsealError | undefined>()
  #bytes: IncomingBytes | undefined
  #unsettled = 0
  #working: Promise<void> = Promise.resolve()

  constructor(settings: StdinSourceSettings, context: SourceContext, input: () => Readable) {
    this.#settings = settings
    this.#context = context
    this.#input = input
    this.#delivery = LineDelivery.of(settings, context, {
      // What was read can be had from nowhere else: it is tried as long as there is time.
      enough: this.#closed.signal,
      gone: this.#closed.signal,
    })
  }

  get name(): string {
    return this.#context.name
  }

  get address(): string {
    return this.#bytes === undefined ? '' : 'stdin'
  }

  get ended(): Promise<FieldsealError | undefined> {
    return this.#ended.promise
  }

  async start(): Promise<void> {
    const bytes = new IncomingBytes(this.#input())
    this.#bytes = bytes
    this.#working = this.#work(bytes)
  }

  /** Nothing of it can change while it runs. */
  reload(): void {}

  counts(): SourceCounts {
    return this.#delivery.counts
  }

  async #work(bytes: IncomingBytes): Promise<void> {
    const { batch, max_line } = this.#settings
    const capacity = Math.max(batch, max_line + 1)
    const { budget, connectionBytes } = this.#context
    const reservation = await roomFor(
      capacity + STREAM_BYTES,
      budget.connection(connectionBytes),
      this.#draining.signal,
    )
    if (reservation === undefined) return
    try {
      const outcome = await this.#readAll(bytes, new LineBuffer(capacity))
      if (outcome !== 'stopped') this.#ended.resolve(outcome === 'ended' ? undefined : outcome)
    } finally {
      reservation.release()
      this.#delivery.leftOut.tellRest()
    }
  }

  /** Until the end, or until it drains: then what has been read is passed on, but for a line whose end was not. */
  async #readAll(bytes: IncomingBytes, buffer: LineBuffer): Promise<'ended' | 'stopped' | FieldsealError> {
    let begun = false
    for (;;) {
      await this.#fill(bytes, buffer)
      const draining = this.#draining.signal.aborted
      const ended = bytes.ended && !draining
      if (!begun && buffer.used > 0) {
        begun = true
        const encoding = encodingOf(buffer.lines(true))
        if (encoding !== undefined) return this.#refuse(encoding)
      }
      const dropped = buffer.dropOn(ended)
      if (dropped !== undefined) this.#delivery.leftOut.add(dropped, tooLong())
      if (!buffer.dropping && !(await this.#passOn(buffer, ended))) return 'stopped'
      if (draining) return 'stopped'
      if (ended && buffer.used === 0) return bytes.failed ? this.#failure() : 'ended'
    }
  }

  /** Reads until there is a batch, or lines have waited for long enough. */
  async #fill(bytes: IncomingBytes, buffer: LineBuffer): Promise<void> {
    const { batch, gather } = this.#settings
    const { signal } = this.#draining
    let until: number | undefined
    while (!signal.aborted) {
      const chunk = buffer.room === 0 ? undefined : bytes.take(buffer.room)
      if (chunk !== undefined) buffer.push(chunk)
      this.#unsettled = buffer.used
      const whole = buffer.lines(false).length
      if (buffer.room === 0 || whole >= batch || bytes.ended || (buffer.dropping && buffer.used > 0)) return
      const now = performance.now()
      if (whole > 0) until ??= now + gather
      if (until !== undefined && now >= until) return
      if (chunk === undefined) await bytes.more(until === undefined ? undefined : until - now, signal)
    }
  }

  /** @returns whether all whole lines are settled. */
  async #passOn(buffer: LineBuffer, ended: boolean): Promise<boolean> {
    const lines = buffer.lines(ended)
    if (lines.length === 0) {
      // A line for which there is no room: only its length is kept of it.
      if (buffer.room === 0) buffer.drop()
      return true
    }
    const { length } = lines
    const settled = await this.#delivery.deliver(lines, buffer.offset)
    buffer.remove(settled)
    this.#unsettled = buffer.used
    return settled === length
  }

  #refuse(encoding: string): FieldsealError {
    this.#unsettled = 0
    const error = new FieldsealError(
      'FIELDSEAL_INPUT_MALFORMED',
      `standard input is ${encoding}, and no lines of UTF-8`,
    )
    this.#log(error)
    return error
  }

  #failure(): FieldsealError {
    const error = new FieldsealError('FIELDSEAL_SOURCE_FAILED', 'standard input could not be read to its end')
    this.#log(error)
    return error
  }

  #log({ code, message, hint }: FieldsealError): void {
    this.#context.log('source-failed', message, { source: this.name, code, hint })
  }

  async drain(): Promise<void> {
    this.#draining.abort()
    await Promise.race([this.#working, aborted(this.#closed.signal)])
  }

  async close(): Promise<void> {
    this.#draining.abort()
    if (!this.#closed.signal.aborted && this.#unsettled > 0) {
      const message = 'lines were read from standard input, and are not passed on: the service ends'
      this.#context.log('lines-lost', message, { source: this.name, bytes: this.#unsettled })
    }
    this.#closed.abort()
    this.#bytes?.close()
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
