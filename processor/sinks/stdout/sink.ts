import { constants } from 'node:os'
import { FieldsealError } from '../../errors.ts'
import { accepted, refused, type Settlement } from '../../pipeline/settlement.ts'
import { Conversions } from '../conversions.ts'
import { type Line, WaitingLines } from '../lines/waiting.ts'
import { Outage } from '../outage.ts'
import type { OutgoingBatch, Sink, SinkContext, SinkStatus } from '../sink.ts'
import type { StdoutSinkSettings } from './settings.ts'
import { standardWrites, type WholeWrites } from './whole-writes.ts'

/** Milliseconds that a client is asked to wait. */
const WAIT_MS = 1000

/** What a pipe or socket answers whose other end has gone: for good. */
const CLOSED: ReadonlySet<unknown> = new Set(['EPIPE', 'ECONNRESET', 'ERR_STREAM_DESTROYED'])

/**
 * A sink that writes lines to standard output. A batch is accepted once the system has its lines: those of a pipe are
 * with whoever reads it then, those of a file are on the disk. While nobody reads, batches wait.
 */
export function createStdoutSink(
  settings: StdoutSinkSettings,
  context: SinkContext,
  writes: () => WholeWrites = standardWrites,
): Sink {
  return new StdoutSink(settings, context, writes)
}

class StdoutSink implements Sink {
  readonly name: string
  readonly required: boolean
  readonly #context: SinkContext
  readonly #makeWrites: () => WholeWrites
  readonly #outage: Outage
  readonly #conversions: Conversions
  readonly #waiting: WaitingLines
  readonly #gone = Promise.withResolvers<FieldsealError>()
  #closedOutput: FieldsealError | undefined
  #writes: WholeWrites | undefined
  #working: Promise<void> | undefined
  #closed = false

  constructor(settings: StdoutSinkSettings, context: SinkContext, writes: () => WholeWrites) {
    this.name = context.name
    this.required = settings.required
    this.#context = context
    this.#makeWrites = writes
    this.#outage = new Outage(context)
    this.#conversions = new Conversions(context)
    this.#waiting = new WaitingLines({ format: settings.format, conversions: this.#conversions })
  }

  get gone(): Promise<FieldsealError> {
    return this.#gone.promise
  }

  async start(): Promise<void> {
    try {
      this.#writes = this.#makeWrites()
    } catch (error) {
      throw new FieldsealError('FIELDSEAL_CONFIG_INVALID', `sink ${this.name}: standard output ${reasonOf(error)}`)
    }
  }

  send(batch: OutgoingBatch): Promise<Settlement> {
    const writes = this.#writes
    if (writes === undefined || this.#closed) {
      const error = new FieldsealError('FIELDSEAL_SINK_UNAVAILABLE', `sink ${this.name} is not open`)
      return Promise.resolve(refused(error, WAIT_MS))
    }
    const settled = this.#waiting.send(batch)
    this.#working ??= this.#work(writes)
    return settled
  }

  async #work(writes: WholeWrites): Promise<void> {
    // Batches that are sent at once are written at once.
    await Promise.resolve()
    while (!this.#waiting.isEmpty) {
      const lines = this.#waiting.take()
      if (lines.length > 0) await this.#write(writes, lines)
    }
    this.#working = undefined
  }

  async #write(writes: WholeWrites, lines: readonly Line[]): Promise<void> {
    const { exclusive = alone } = this.#context
    let failure = this.#closedOutput
    if (failure === undefined) {
      try {
        await writes.write(
          lines.map(({ bytes }) => bytes),
          exclusive,
        )
      } catch (error) {
        failure = this.#failed(error)
      }
    }
    if (failure === undefined) this.#outage.succeeded()
    else this.#outage.failed(failure)
    for (const line of lines) line.settle(failure === undefined ? accepted() : refused(failure, WAIT_MS))
  }

  #failed(error: unknown): FieldsealError {
    if (!CLOSED.has((error as NodeJS.ErrnoException).code)) {
      const message = `sink ${this.name}: standard output ${reasonOf(error)}`
      return new FieldsealError('FIELDSEAL_SINK_UNAVAILABLE', message)
    }
    const message = `sink ${this.name}: nobody reads standard output any more`
    const closed = new FieldsealError('FIELDSEAL_OUTPUT_CLOSED', message)
    this.#closedOutput = closed
    this.#gone.resolve(closed)
    return closed
  }

  status(): SinkStatus {
    return { ...this.#outage.status, ...this.#conversions.status, sending: this.#waiting.sending }
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#working
  }
}

const alone = <T>(act: (torn: boolean) => Promise<T>): Promise<T> => act(false)

/** The system's code, which is one of a fixed set of words. Never its text. */
function reasonOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException
  return `cannot be written: ${code !== undefined && code in constants.errno ? code : 'an unknown error'}`
}
