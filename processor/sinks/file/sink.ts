import { dirname } from 'node:path'
import { FieldsealError } from '../../errors.ts'
import { accepted, refused, type Settlement } from '../../pipeline/settlement.ts'
import { Conversions } from '../conversions.ts'
import { type Line, WaitingLines } from '../lines/waiting.ts'
import { Outage } from '../outage.ts'
import type { OutgoingBatch, Sink, SinkContext, SinkStatus } from '../sink.ts'
import { AppendedFile } from './appended-file.ts'
import { invalid, isLasting, unavailable } from './failure.ts'
import { type FileSystem, systemFiles } from './file-system.ts'
import { pathOfWorker } from './put-aside.ts'
import type { FileSinkSettings } from './settings.ts'
import { leaveFile, shareFile } from './shared-files.ts'

/** Milliseconds that a client is asked to wait. */
const WAIT_MS = 1000
/** Milliseconds between two looks at the age of a file that nothing is written to. */
const MOST_BETWEEN_LOOKS = 60_000

export interface FileSinkParts {
  readonly files: FileSystem
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/**
 * A sink that appends to a file: one OTLP JSON request a line, or one record, each as a whole or not at all. Batches that come while
 * one write is under way share the next one.
 *
 * A file has one writer: the workers of a service have one each, `NAME.SUFFIX.EXT` (see `AppendedFile`).
 *
 * @param settings - with an absolute path.
 */
export function createFileSink(
  settings: FileSinkSettings,
  context: SinkContext,
  parts: FileSinkParts = { files: systemFiles, now: Date.now },
): Sink {
  return new FileSink(settings, context, parts)
}

class FileSink implements Sink {
  readonly name: string
  readonly required: boolean
  readonly #settings: FileSinkSettings
  readonly #path: string
  readonly #parts: FileSinkParts
  readonly #outage: Outage
  readonly #conversions: Conversions
  readonly #waiting: WaitingLines
  #file: AppendedFile | undefined
  #working: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined
  #closed: Promise<void> | undefined

  constructor(settings: FileSinkSettings, context: SinkContext, parts: FileSinkParts) {
    this.name = context.name
    this.required = settings.required
    this.#settings = settings
    this.#path = pathOfWorker(settings.path, context.suffix)
    this.#parts = parts
    this.#outage = new Outage(context)
    this.#conversions = new Conversions(context)
    this.#waiting = new WaitingLines({ format: settings.format, conversions: this.#conversions })
  }

  /**
   * Opens the file and cuts off what a crash has left at its end.
   *
   * @throws FieldsealError `FIELDSEAL_CONFIG_INVALID` where its folder is not there, or the file cannot be used. What
   *   may pass, as a full disk, is left to the first batch.
   */
  async start(): Promise<void> {
    const { files, now } = this.#parts
    try {
      const { isFolder } = await files.state(dirname(this.#path))
      if (!isFolder) throw new FieldsealError('FIELDSEAL_CONFIG_INVALID', 'its folder is not a folder')
    } catch (error) {
      throw invalid(this.name, error)
    }
    const foreign = this.#settings.format === 'json_lines' ? 'put aside' : 'refuse'
    const file = shareFile(this.#path, () => new AppendedFile(this.#path, files, now, foreign))
    try {
      await file.exclusive(() => file.ready())
    } catch (error) {
      if (isLasting(error)) {
        await leaveFile(this.#path)
        throw invalid(this.name, error)
      }
      this.#outage.failed(unavailable(this.name, error))
    }
    this.#file = file
    const { age } = this.#settings.rotate
    if (age !== undefined) {
      this.#timer = setInterval(() => this.#rotateWithAge(file), Math.min(age, MOST_BETWEEN_LOOKS)).unref()
    }
  }

  send(batch: OutgoingBatch): Promise<Settlement> {
    const file = this.#file
    if (file === undefined || this.#closed !== undefined) {
      const error = new FieldsealError('FIELDSEAL_SINK_UNAVAILABLE', `sink ${this.name} is not open`)
      return Promise.resolve(refused(error, WAIT_MS))
    }
    const settled = this.#waiting.send(batch)
    this.#working ??= this.#work(file)
    return settled
  }

  async #work(file: AppendedFile): Promise<void> {
    // Batches that are sent at once are written at once.
    await Promise.resolve()
    while (!this.#waiting.isEmpty) await file.exclusive(() => this.#write(file, this.#waiting.take()))
    this.#working = undefined
  }

  /** Writes lines, to several files where one is too small; settles each. Never rejects. */
  async #write(file: AppendedFile, lines: readonly Line[]): Promise<void> {
    const { rotate, sync } = this.#settings
    let settled = 0
    try {
      while (settled < lines.length) {
        await file.ready()
        const first = lines[settled]!.bytes.length + 1
        if (file.isDue(rotate, first)) {
          await file.rotate(rotate)
          await file.ready()
        }
        const fitting = fittingLines(lines.slice(settled), file.room(rotate))
        await file.append(
          fitting.map(({ bytes }) => bytes),
          sync,
        )
        this.#outage.succeeded()
        for (const line of fitting) line.settle(accepted())
        settled += fitting.length
      }
    } catch (error) {
      const failure = unavailable(this.name, error)
      this.#outage.failed(failure)
      for (const line of lines.slice(settled)) line.settle(refused(failure, WAIT_MS))
    }
  }

  #rotateWithAge(file: AppendedFile): void {
    const { rotate } = this.#settings
    const act = async () => {
      if (!file.isDue(rotate, 0)) return
      await file.rotate(rotate)
      await file.ready()
    }
    // Where it fails, the next batch will be told.
    void file.exclusive(act).catch(() => {})
  }

  status(): SinkStatus {
    return { ...this.#outage.status, ...this.#conversions.status, sending: this.#waiting.sending }
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close(): Promise<void> {
    clearInterval(this.#timer)
    await this.#working
    if (this.#file !== undefined) await leaveFile(this.#path)
    this.#file = undefined
  }
}

/** The lines that there is room for: the first one in any case. */
function fittingLines(lines: readonly Line[], room: number): readonly Line[] {
  let bytes = 0
  const end = lines.findIndex((line, index) => {
    bytes += line.bytes.length + 1
    return index > 0 && bytes > room
  })
  return end < 0 ? lines : lines.slice(0, end)
}
