import type { Transform } from 'node:stream'
import { Readable } from 'node:stream'
import { parentPort, workerData } from 'node:worker_threads'
import build from 'pino-abstract-transport'
import { FieldsealError } from '../../errors.ts'
import type { OtlpBackend } from '../otlp-backend.ts'
import { type Destination, fileDestination } from './destination.ts'
import { LineSeal } from './line-seal.ts'
import { otlpDestination } from './otlp.ts'
import { LineTaker } from './take.ts'

/** Options of the transport: what `postMessage` can carry. */
export interface PinoTransportOptions {
  /** The configuration file. */
  readonly config: string
  /**
   * `throw`, the default: where a line cannot be sealed, the worker ends, and the transport in the main thread emits
   * `error`. `drop`: the line is left out, and the transport emits `fieldseal` with what has been counted.
   */
  readonly onFailure?: 'drop' | 'throw'
  /** A file or a descriptor that sealed lines are written to: 1, standard output, where there is nothing else. */
  readonly destination?: string | number
  /** Make the folders of the file. */
  readonly mkdir?: boolean
  /** Write behind what the file has; true by default. */
  readonly append?: boolean
  /** Send sealed records by OTLP over HTTP. */
  readonly otlp?: OtlpBackend
  /** pino's `messageKey` and `errorKey`, where pino itself does not say them. */
  readonly messageKey?: string
  readonly errorKey?: string
  /** pino's `nestedKey`, which pino does not say: the members of the object in it become attributes by OTLP. */
  readonly nestedKey?: string
}

/** What pino says of itself to a transport. */
interface PinoStream extends Transform {
  readonly levels?: {
    readonly labels: Readonly<Record<number, string>>
    readonly values: Readonly<Record<string, number>>
  }
  readonly messageKey?: string
  readonly errorKey?: string
  flush?: (done: (error?: Error) => void) => void
}

/** What thread-stream gives a worker; of `targets` and `pipeline` it is pino's own worker that runs. */
interface PinoWorkerData {
  readonly workerData?: {
    readonly pinoWillSendConfig?: boolean
    readonly pipelines?: readonly (readonly { readonly options?: unknown }[])[]
  }
}

/**
 * The transport: `pino({ transport: { target: 'fieldseal/pino', options } })`. In a pipeline, sealed lines go to the next
 * target.
 *
 * Lines are sealed as many at a time as are there. Nothing is read while the destination cannot take more.
 *
 * @throws Error whose message begins with a code of Fieldseal: the class does not pass from a worker to its parent.
 */
export default function transport(options: PinoTransportOptions): Transform | Promise<Transform> {
  const data = workerData as PinoWorkerData | null
  let finish: () => Promise<void> = async () => {}
  const start = (source: PinoStream): Readable | Promise<void> => {
    const names = {
      messageKey: source.messageKey ?? options.messageKey ?? 'msg',
      errorKey: source.errorKey ?? options.errorKey ?? 'err',
    }
    const seal = withToldErrors(() => new LineSeal(settings(options, names.messageKey), 'throw'))
    const lines = new LineTaker(source)
    const isFollowed = data?.workerData?.pipelines?.some((targets) =>
      targets.some((target, index) => target.options === options && index < targets.length - 1),
    )
    if (isFollowed === true && options.otlp === undefined && options.destination === undefined) {
      finish = async () => closed(seal)
      return sealedLines(source, lines, seal)
    }
    const opening =
      options.otlp === undefined
        ? fileDestination(options, (error) => source.destroy(asTold(error)))
        : otlpDestination(
            options.otlp,
            { ...names, nestedKey: options.nestedKey, levels: source.levels },
            seal.engine,
            seal.outcomes,
          )
    opening.catch(() => {})
    source.flush = (done) => {
      lines
        .idle()
        .then(async () => (await opening).flush())
        .then(() => done(), done)
    }
    finish = async () => {
      try {
        await (await opening).close()
      } finally {
        closed(seal)
      }
    }
    return writeAll(lines, seal, opening).catch((error) => {
      throw asTold(error)
    })
  }
  return build(
    start as never,
    {
      parse: 'lines',
      // They are sealed as they are: those that are no JSON, as texts.
      parseLine: (line: string) => line,
      metadata: false,
      enablePipelining: true,
      expectPinoConfig: data?.workerData?.pinoWillSendConfig === true,
      close: async (error: Error | null) => {
        await finish().catch((failure) => {
          throw error ?? asTold(failure)
        })
        if (error) throw error
      },
    } as never,
  ) as unknown as Transform | Promise<Transform>
}

function settings({ config, onFailure }: PinoTransportOptions, messageKey: string) {
  return { config, messageKey, ...(onFailure === undefined ? {} : { onFailure }) }
}

/** Takes lines for as long as there are any, and waits with the next for whoever cannot take more. */
async function writeAll(lines: LineTaker, seal: LineSeal, opening: Promise<Destination>): Promise<void> {
  const destination = await opening
  for (;;) {
    const taken = await lines.next()
    if (taken === undefined) return
    const sealed = seal.many(taken)
    if (sealed.length > 0) await destination.write(sealed)
    tellOfNew(seal)
  }
}

/** Sealed lines for the next target of a pipeline. */
function sealedLines(source: Transform, lines: LineTaker, seal: LineSeal): Readable {
  let isReading = false
  const output = new Readable({
    // Texts stay texts, and one batch waits at most.
    objectMode: true,
    highWaterMark: 1,
    read() {
      if (isReading) return
      isReading = true
      readMore().then(
        () => {
          isReading = false
        },
        (error) => source.destroy(asTold(error)),
      )
    },
  })
  const readMore = async (): Promise<void> => {
    for (;;) {
      const taken = await lines.next()
      if (taken === undefined) {
        output.push(null)
        return
      }
      const sealed = seal.many(taken)
      tellOfNew(seal)
      if (sealed.length === 0) continue
      isReading = false
      output.push(`${sealed.join('\n')}\n`)
      return
    }
  }
  source.once('error', (error) => output.destroy(error))
  return output
}

function closed(seal: LineSeal): void {
  tell(seal)
  seal.close()
}

const told = new WeakMap<LineSeal, number>()

/** Where lines have been dropped since the last time. */
function tellOfNew(seal: LineSeal): void {
  const { dropped } = seal.stats()
  if (dropped === (told.get(seal) ?? 0)) return
  told.set(seal, dropped)
  tell(seal)
}

/** thread-stream emits it in the main thread, on the transport. */
function tell(seal: LineSeal): void {
  parentPort?.postMessage({ code: 'EVENT', name: 'fieldseal', args: [seal.stats()] })
}

function withToldErrors<T>(run: () => T): T {
  try {
    return run()
  } catch (error) {
    throw asTold(error)
  }
}

/** An error that is understood where only its message arrives. What is not ours may quote a line. */
function asTold(error: unknown): Error {
  if (error instanceof FieldsealError) {
    const own = new Error(`${error.code}: ${error.message} ${error.hint}`)
    own.stack = own.message
    return own
  }
  const code = (error as NodeJS.ErrnoException | undefined)?.code
  return new Error(
    `FIELDSEAL_OUTPUT_FAILED: sealed lines could not be written${code === undefined ? '' : ` (${code})`}`,
  )
}
